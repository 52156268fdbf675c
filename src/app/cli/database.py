"""`parlour migrate` and, for developers, `parlour revision`."""

from pathlib import Path

import rich_click as click

from app.cli import state as state_of


@click.command()
@state_of.option
def migrate(state: Path) -> None:
    """Bring the database to the newest revision. Any number may run at once; one does it, the others wait."""
    from app import migrating  # noqa: PLC0415  heavy imports belong to the command

    settings = state_of.read_settings(state)
    try:
        changed = migrating.upgrade_now(settings.database_url)
    except OSError as error:
        raise click.ClickException(f"PostgreSQL does not let us in: {error}") from error
    click.echo(f"Migrated to {migrating.head()}." if changed else "Nothing to migrate.")


@click.command()
@click.option("-m", "--message", required=True, help="What changes, as a sentence.")
def revision(message: str) -> None:
    """Write a new migration from what the models say, against a database of its own."""
    import asyncio  # noqa: PLC0415  heavy imports belong to the command

    from app import migrating  # noqa: PLC0415
    from app.embedded.temporary import temporary_servers  # noqa: PLC0415

    with temporary_servers() as servers:
        migrating.upgrade_now(servers.postgres.url)
        asyncio.run(migrating.write_revision(servers.postgres.url, message))
