"""`parlour seed`: a small community to look around in. Doing it again changes nothing."""

from pathlib import Path

import rich_click as click

from app.cli import state as state_of


@click.command()
@state_of.option
def seed(state: Path) -> None:
    """Fill a development server: people with pictures, friends, talk, plays and ballots. Again, it changes nothing."""
    import asyncio  # noqa: PLC0415

    from app.cli.seeds.community import PASSWORD, PEOPLE  # noqa: PLC0415  Heavy imports belong to the command.
    from app.cli.seeds.filling import fill  # noqa: PLC0415
    from app.resources import open_resources  # noqa: PLC0415

    settings = state_of.read_settings(state)
    if settings.environment == "production":
        raise click.ClickException("Not in production: everybody knows the password of these accounts.")

    async def fill_it() -> None:
        async with open_resources(settings) as resources:
            await fill(resources)

    asyncio.run(fill_it())
    click.echo(f"{', '.join(PEOPLE)}: all with the password '{PASSWORD}'.")
