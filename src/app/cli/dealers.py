"""`parlour dealers` and `parlour beacon`: what the draws of a lottery depend on besides this server."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from app.cli import state as state_of

if TYPE_CHECKING:  # Heavy imports belong to the command.
    from app.domain.lottery.schemas.dealing import LotteryDealers
    from app.domain.lottery.services.dealers import Dealers

PAGE = 100


@click.group()
def dealers() -> None:
    """List, add and remove the dealers of a lottery. docs/guide/dealers.md says what they are for."""


@dealers.command("list")
@click.argument("lottery")
@state_of.option
def list_dealers(lottery: str, state: Path) -> None:
    """List the dealers of LOTTERY, and what they have committed to."""

    async def look(_: "Dealers") -> None:
        pass

    decide(state, lottery, look)


@dealers.command()
@click.argument("lottery")
@click.argument("name")
@click.argument("public_key")
@state_of.option
def add(lottery: str, name: str, public_key: str, state: Path) -> None:
    """Let NAME deal for LOTTERY. `parlour dealer init`, on their machine, prints their PUBLIC_KEY.

    No draw opens without their commitment from now on, so let them commit at once.
    """
    import msgspec  # noqa: PLC0415  heavy imports belong to the command

    from app.domain.lottery.schemas.dealing import NewDealer  # noqa: PLC0415

    try:
        wanted = msgspec.convert({"name": name, "public_key": public_key}, NewDealer)
    except msgspec.ValidationError as error:
        raise click.ClickException(str(error)) from error

    async def act(dealers: "Dealers") -> None:
        from datetime import UTC, datetime  # noqa: PLC0415  heavy imports belong to the command

        from app.domain.audit.services import OPERATOR  # noqa: PLC0415

        await dealers.add(OPERATOR, lottery, wanted, datetime.now(UTC))

    decide(state, lottery, act)


@dealers.command()
@click.argument("lottery")
@click.argument("name")
@state_of.option
def remove(lottery: str, name: str, state: Path) -> None:
    """Let draws of LOTTERY open without NAME. One that was opened with them still needs their secret, or is void."""

    async def act(dealers: "Dealers") -> None:
        from datetime import UTC, datetime  # noqa: PLC0415  heavy imports belong to the command

        from app.domain.audit.services import OPERATOR  # noqa: PLC0415

        await dealers.remove(OPERATOR, lottery, name, datetime.now(UTC))

    decide(state, lottery, act)


@click.command()
@click.argument("lottery")
@click.option("--margin", type=click.IntRange(10, 24 * 3600), help="Seconds from a close to the round that decides.")
@click.option("--none", "drop", is_flag=True, help="Wait for no beacon.")
@state_of.option
def beacon(lottery: str, margin: int | None, drop: bool, state: Path) -> None:
    """Show whether draws of LOTTERY wait for drand's public beacon, or let those that open from now on do so."""
    if drop and margin is not None:
        raise click.UsageError("Give --margin or --none.")

    async def act(dealers: "Dealers") -> None:
        from app.domain.audit.services import OPERATOR  # noqa: PLC0415  heavy imports belong to the command

        if drop or margin is not None:
            await dealers.declare_beacon(OPERATOR, lottery, margin)

    decide(state, lottery, act)


def decide(state: Path, lottery: str, act: "Callable[[Dealers], Awaitable[None]]") -> None:
    """Carry it out, and show the lottery as it is then."""
    import asyncio  # noqa: PLC0415  heavy imports belong to the command

    from app import migrating  # noqa: PLC0415
    from app.domain.lottery.services.dealers import Dealers  # noqa: PLC0415
    from app.errors import AppError  # noqa: PLC0415
    from app.resources import open_resources  # noqa: PLC0415

    migrating.metadata()  # The audit log points to users, of whom nothing here speaks.
    settings = state_of.read_settings(state)

    async def run() -> "LotteryDealers":
        async with open_resources(settings) as resources, resources.sessions.begin() as session:
            dealers = Dealers(session)
            await act(dealers)
            return await dealers.of_lottery(lottery, limit=PAGE, offset=0)

    try:
        show(asyncio.run(run()))
    except (AppError, OSError) as error:
        raise click.ClickException(str(error)) from error


def show(found: "LotteryDealers") -> None:
    click.echo(f"{found.lottery}: draws that open from now on are of level {found.level}.")
    click.echo(f"  proves      {found.level_proves}")
    click.echo(f"  does not    {found.level_does_not_prove}")
    if found.beacon:
        click.echo(f"  beacon      drand quicknet, {found.beacon.margin} seconds after the close")
    for one in found.dealers:
        spans = ", ".join(f"{span.first} to {span.last}" for span in one.committed) or "none"
        standing = f"removed {one.removed_at:%Y-%m-%d %H:%M} UTC" if one.removed_at else f"committed to draws: {spans}"
        click.echo(f"  dealer      {one.name}  {one.public_key}  {standing}")
