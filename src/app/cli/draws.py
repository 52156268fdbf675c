"""`parlour draws`: what an operator may do about draws that cannot be held. It stands in the public log for ever."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from app.cli import state as state_of

if TYPE_CHECKING:
    from app.domain.lottery.services.intervening import Intervention

REASON_CHARACTERS = 500


@click.group()
def draws() -> None:
    """Draws that cannot be held: declare them void, or begin a new seed chain."""


@draws.command()
@click.argument("lottery")
@click.argument("number")
@click.option("--reason", required=True, help="For everybody to read, in the public log.")
@state_of.option
def void(lottery: str, number: str, reason: str, state: Path) -> None:
    """Declare that draw NUMBER of LOTTERY will have no result. Only before it is held."""

    async def act(intervention: "Intervention") -> str:
        from datetime import UTC, datetime  # noqa: PLC0415  heavy imports belong to the command

        draw = await intervention.void(lottery, number, reason, datetime.now(UTC))
        return f"{draw.lottery} {draw.number} ({draw.period}) is void."

    intervene(state, reason, act)


@draws.command()
@click.argument("lottery")
@click.option("--reason", required=True, help="For everybody to read, in the public log.")
@state_of.option
def rekey(lottery: str, reason: str, state: Path) -> None:
    """Begin a new seed chain for LOTTERY with the draw secret of today: the old secret is lost, or was seen.

    The draws that were opened under the old one and are not held yet are void with it.
    """

    async def act(intervention: "Intervention") -> str:
        from datetime import UTC, datetime  # noqa: PLC0415  heavy imports belong to the command

        first = await intervention.rekey(lottery, reason, datetime.now(UTC))
        return f"{lottery} has a new seed chain from draw {first} on."

    intervene(state, reason, act)


def intervene(state: Path, reason: str, act: "Callable[[Intervention], Awaitable[str]]") -> None:
    import asyncio  # noqa: PLC0415  heavy imports belong to the command

    from app import migrating  # noqa: PLC0415
    from app.domain.audit.services import OPERATOR  # noqa: PLC0415
    from app.domain.lottery.services.intervening import Intervention  # noqa: PLC0415
    from app.errors import AppError  # noqa: PLC0415
    from app.resources import open_resources  # noqa: PLC0415

    if not 0 < len(reason) <= REASON_CHARACTERS:
        raise click.BadParameter(f"1 to {REASON_CHARACTERS} characters", param_hint="--reason")
    settings = state_of.read_settings(state)
    migrating.metadata()  # The audit log refers to accounts, which nothing else here would import.

    async def run() -> str:
        async with open_resources(settings) as resources, resources.sessions.begin() as session:
            return await act(Intervention(session, settings, OPERATOR))

    try:
        click.echo(asyncio.run(run()))
    except (AppError, OSError) as error:
        raise click.ClickException(str(error)) from error
