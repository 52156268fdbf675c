"""`parlour lottery`: which lotteries there are, decided by whoever has the server."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import rich_click as click

from app.cli import state as state_of

if TYPE_CHECKING:  # Heavy imports belong to the command.
    from app.domain.audit.services import By
    from app.domain.lottery.models import Lottery
    from app.domain.lottery.schemas.lotteries import LotteryView
    from app.domain.lottery.services.offering import Offering

PAGE = 100
HEADINGS = ("name", "cadence", "zone", "prizes", "ballots", "audience", "ended", "title")
Body = TypeVar("Body")
Terms = dict[str, Any]
"""The options of a command, None where they were not given."""

title = click.option("--title", help="What people read in place of the name.")
zone = click.option("--zone", help="The IANA zone whose midnight counts. UTC for a new one.")
prizes = click.option("--prizes", type=click.IntRange(1, 100), help="How many ballots win. One for a new one.")
ballots = click.option(
    "--ballots",
    type=click.IntRange(0, 1_000_000),
    help="How many ballots a person may have for one draw. 0, and for a new one: as many as the server allows.",
)
audience = click.option("--audience", help="Who may take part: `everyone`, `verified`, or `group:` and its id.")


@click.group()
def lottery() -> None:
    """List, create, change and end lotteries."""


@lottery.command("list")
@state_of.option
def list_lotteries(state: Path) -> None:
    """List all lotteries, the oldest first, also those that have ended."""
    from app.domain.lottery.services.lotteries import Lotteries  # noqa: PLC0415  heavy imports belong to the command
    from app.resources import open_resources  # noqa: PLC0415

    settings = state_of.read_settings(state)

    async def read() -> "list[LotteryView]":
        found: list[LotteryView] = []
        async with open_resources(settings) as resources, resources.sessions() as session:
            while page := await Lotteries(session=session).page(settings, limit=PAGE, offset=len(found)):
                found += page
        return found

    show(run(read()))


@lottery.command()
@click.argument("name")
@click.argument("cadence")
@title
@zone
@prizes
@ballots
@audience
@state_of.option
def create(name: str, cadence: str, state: Path, **terms: Any) -> None:  # noqa: ANN401  whatever click has parsed
    """Create the lottery NAME, drawn by its CADENCE: daily, weekly:friday, minutes:15. Again, it changes nothing."""
    from app.domain.lottery.schemas.lotteries import NewLottery  # noqa: PLC0415  heavy imports belong to the command

    wanted = read_as(NewLottery, {"name": name, "cadence": cadence, **given(terms)})
    decide(state, lambda offering, by, now: offering.create(by, wanted, now))


@lottery.command()
@click.argument("name")
@title
@zone
@prizes
@ballots
@audience
@state_of.option
def change(name: str, state: Path, **terms: Any) -> None:  # noqa: ANN401  whatever click has parsed
    """Change the lottery NAME. All but the title counts for draws that are opened later; a cadence never changes."""
    from app.domain.lottery.schemas.lotteries import LotteryChange  # noqa: PLC0415  heavy imports belong to the command

    wanted = read_as(LotteryChange, given(terms))
    decide(state, lambda offering, by, _: offering.change(by, name, wanted))


@lottery.command()
@click.argument("name")
@state_of.option
def end(name: str, state: Path) -> None:
    """End the lottery NAME, for good. Draws that are open take no more ballots, and are held when they close."""
    decide(state, lambda offering, by, now: offering.end(by, name, now))


def given(terms: Terms) -> Terms:
    """By the names of the fields that they are for."""
    known = {option: value for option, value in terms.items() if value is not None}
    if "ballots" in known:
        known["ballots_per_user"] = known.pop("ballots") or None
    return known


def read_as(body: type[Body], fields: Terms) -> Body:
    """With the checks that a request goes through."""
    import msgspec  # noqa: PLC0415  heavy imports belong to the command

    try:
        return msgspec.convert(fields, body)
    except msgspec.ValidationError as error:
        raise click.ClickException(str(error)) from error


def decide(state: Path, act: "Callable[[Offering, By, datetime], Awaitable[Lottery]]") -> None:
    """One act of the operator, and the lottery as it is then."""
    from app import migrating  # noqa: PLC0415  heavy imports belong to the command
    from app.domain.audit.services import OPERATOR  # noqa: PLC0415
    from app.domain.lottery.services.lotteries import view_of  # noqa: PLC0415
    from app.domain.lottery.services.offering import Offering  # noqa: PLC0415
    from app.resources import open_resources  # noqa: PLC0415

    settings = state_of.read_settings(state)
    migrating.metadata()  # The audit log refers to accounts, which nothing else here would import.

    async def carry_out() -> "LotteryView":
        async with open_resources(settings) as resources, resources.sessions.begin() as session:
            return view_of(await act(Offering(session), OPERATOR, datetime.now(UTC)), settings)

    show([run(carry_out())])


def run(work: Awaitable[Body]) -> Body:
    import asyncio  # noqa: PLC0415  heavy imports belong to the command

    from app.errors import AppError  # noqa: PLC0415

    async def wait() -> Body:
        return await work

    try:
        return asyncio.run(wait())
    except (AppError, OSError) as error:
        raise click.ClickException(str(error)) from error


def show(lotteries: "Iterable[LotteryView]") -> None:
    rows = [HEADINGS, *(row_of(one) for one in lotteries)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def row_of(one: "LotteryView") -> tuple[str, ...]:
    ended = f"{one.ended_at:%Y-%m-%d %H:%M} UTC" if one.ended_at else "-"
    ballots = str(one.ballots_per_user)
    return one.name, one.cadence, one.zone, str(one.prizes), ballots, one.audience, ended, one.title or "-"
