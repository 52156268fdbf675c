"""`parlour createsuperuser`: the first administrator."""

import sys
from pathlib import Path

import rich_click as click

from app.cli import state as state_of


@click.command()
@click.option("--username", prompt=True)
@click.option("--email", prompt=True)
@state_of.option
def createsuperuser(username: str, email: str, state: Path) -> None:
    """Create an administrator. The password is asked for, or read from the standard input if that is no terminal."""
    import asyncio  # noqa: PLC0415  heavy imports belong to the command

    from app.domain.accounts.hashing import Passwords  # noqa: PLC0415
    from app.domain.accounts.services import Accounts  # noqa: PLC0415
    from app.errors import AppError  # noqa: PLC0415
    from app.resources import open_resources  # noqa: PLC0415

    settings = state_of.read_settings(state)
    password = ask_password()

    async def create() -> None:
        passwords = Passwords(settings)
        try:
            password_hash = await passwords.choose(password, username=username, email=email)
        finally:
            passwords.close()
        async with open_resources(settings) as resources, resources.sessions.begin() as session:
            await Accounts(session=session).register(
                username=username, email=email, password_hash=password_hash, is_superuser=True
            )

    try:
        asyncio.run(create())
    except (AppError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{username} is an administrator.")


def ask_password() -> str:
    if sys.stdin.isatty():
        answer: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return answer
    return sys.stdin.readline().rstrip("\n")
