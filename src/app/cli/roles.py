"""`parlour roles`: who may do what, decided by whoever has the server."""

from pathlib import Path

import rich_click as click

from app.cli import state as state_of


@click.command()
@click.argument("username")
@click.option("--moderator", "role", flag_value="moderator", help="May handle reports, and suspend members.")
@click.option("--staff", "role", flag_value="staff", help="May also appoint moderators, and read the audit log.")
@click.option("--none", "role", flag_value="none", help="An ordinary member again.")
@state_of.option
def roles(username: str, role: str | None, state: Path) -> None:
    """Show the role of USERNAME, or give them another. Who loses rights by it is logged out."""
    import asyncio  # noqa: PLC0415  heavy imports belong to the command

    from app.domain.accounts.services import Accounts  # noqa: PLC0415
    from app.domain.accounts.standing import StaffRole, Standing  # noqa: PLC0415
    from app.domain.audit.services import OPERATOR  # noqa: PLC0415
    from app.errors import AppError, NoSuchUser  # noqa: PLC0415
    from app.resources import open_resources  # noqa: PLC0415

    settings = state_of.read_settings(state)

    async def appoint() -> str:
        async with open_resources(settings) as resources, resources.sessions.begin() as session:
            user = await Accounts(session=session).find_by_username(username)
            if user is None:
                raise NoSuchUser
            if role:
                await Standing(session, settings).appoint(OPERATOR, user.id, StaffRole(role))
            return f"{user.username}: {user.role}"

    try:
        click.echo(asyncio.run(appoint()))
    except (AppError, OSError) as error:
        raise click.ClickException(str(error)) from error
