"""`parlour backup` and `parlour restore`: everything in one archive, and back."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from app.cli import state as state_of

if TYPE_CHECKING:  # Heavy imports belong to the command.
    from app.archive.manifest import Manifest
    from app.settings import Settings

archive_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Seals the keys in the archive. Its first line counts.",
)

IN_THE_OPEN = """The archive holds this server's keys in the open. Whoever reads it can log in as anybody and knows
the results of draws in advance. Keep it as you keep the keys, or seal them with --passphrase-file."""
WITHOUT_KEYS = """The archive holds no keys. Keep them elsewhere: without the draw secret, draws that were committed to
cannot be held, and without the log key, new checkpoints do not continue the old ones."""
KEYS_ELSEWHERE = """The archive's keys differ from the settings: {names}. Give all processes those that the archive was
made with before you start them; `parlour restore` does not write them down for a server with a database of its own."""

SEEN_SINCE = """Draws held since the backup have shown their seeds. If there were any, give each lottery a new chain
when the server runs again: parlour draws rekey LOTTERY --reason "restored from a backup"."""


@click.command()
@archive_file
@state_of.option
@click.option("--without-keys", is_flag=True, help="Leave the keys out.")
@passphrase_file
def backup(file: Path, state: Path, *, without_keys: bool, passphrase_file: Path | None) -> None:
    """Write database, files and keys into FILE, while the server runs or not."""
    from app.archive.backup import back_up  # noqa: PLC0415  heavy imports belong to the command

    passphrase = first_line(passphrase_file)
    with named_errors(), state_of.installation(state) as settings:
        manifest = asyncio.run(back_up(settings, file, with_keys=not without_keys, passphrase=passphrase))
    click.echo(f"{file}: {described(manifest)}.")
    if manifest.keys != "sealed":
        click.secho(WITHOUT_KEYS if without_keys else IN_THE_OPEN, fg="yellow", err=True)


@click.command()
@archive_file
@state_of.option
@passphrase_file
def restore(file: Path, state: Path, *, passphrase_file: Path | None) -> None:
    """Bring back what FILE holds, into an empty database and an empty file store.

    Without DATABASE_URL into a new state, for `parlour up` to run over.
    """
    from app.archive.reading import check  # noqa: PLC0415  heavy imports belong to the command
    from app.archive.restore import open_keys  # noqa: PLC0415
    from app.archive.restore import restore as bring_back  # noqa: PLC0415
    from app.domain.files.services.store import FileStore  # noqa: PLC0415
    from app.embedded.alone import postgres_alone  # noqa: PLC0415
    from app.settings import Provided  # noqa: PLC0415

    with named_errors():
        manifest = check(file)
        keys = open_keys(file, manifest, first_line(passphrase_file))
        if Provided().database_url:
            settings = state_of.read_settings(state)
            asyncio.run(bring_back(file, manifest, settings.database_url, FileStore.of(settings), lambda: None))
            warn_of_other_keys(keys, settings)
        else:
            refuse_other_keys(keys, state)
            with postgres_alone(state, keys or {"secret_key": "unused"}) as settings:
                store = FileStore.of(settings)
                asyncio.run(bring_back(file, manifest, settings.database_url, store, lambda: keep_keys(keys, state)))
    click.echo(f"Restored: {described(manifest)}. Checksums agree.")
    click.secho(SEEN_SINCE, fg="yellow", err=True)


def refuse_other_keys(keys: dict[str, str], state: Path) -> None:
    for name, key in keys.items():
        file = state / name
        if file.exists() and file.read_text().strip() != key:
            raise click.ClickException(f"{state} has another {name}: restore into a new state.")


def keep_keys(keys: dict[str, str], state: Path) -> None:
    """Where `parlour up` looks for them. Without any it makes new ones."""
    from app.embedded.stack import kept_secret  # noqa: PLC0415  heavy imports belong to the command

    for name, key in keys.items():
        kept_secret(state / name, lambda key=key: key)  # type: ignore[misc]  # bound at once


def warn_of_other_keys(keys: dict[str, str], settings: "Settings") -> None:
    from app.archive.keys import keys_of  # noqa: PLC0415  heavy imports belong to the command

    here = keys_of(settings)
    if differing := sorted(name for name, key in keys.items() if here.get(name) != key):
        click.secho(KEYS_ELSEWHERE.format(names=", ".join(differing)), fg="yellow", err=True)


def described(manifest: "Manifest") -> str:
    from app.archive.manifest import FILES  # noqa: PLC0415  heavy imports belong to the command

    rows = sum(member.rows or 0 for member in manifest.members)
    files = sum(member.name.startswith(FILES) for member in manifest.members)
    return f"{rows} rows, {files} files, as of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC"


def first_line(file: Path | None) -> str | None:
    if file is None:
        return None
    line = file.read_text().partition("\n")[0].strip()
    if not line:
        raise click.ClickException(f"{file} begins with an empty line.")
    return line


@contextmanager
def named_errors() -> Iterator[None]:
    """What an operator can mend, without a traceback."""
    from asyncpg import PostgresError  # noqa: PLC0415  heavy imports belong to the command

    from app.errors import AppError  # noqa: PLC0415

    try:
        yield
    except (AppError, OSError, PostgresError, RuntimeError, ValueError) as error:
        raise click.ClickException(str(error)) from error
