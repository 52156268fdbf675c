"""The state directory that commands speak of, and the settings of the `parlour up` that runs over it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

if TYPE_CHECKING:
    from app.settings import Settings

option = click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".parlour"),
    help="The directory of the data, the secret key and the logs.",
)


@contextmanager
def kept_environment(state: Path, supplied: Mapping[str, str]) -> Iterator[None]:
    """What `up` supplied, left where the commands that run beside it find it. It holds the secret key."""
    file = state / "environment"
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}='{value}'\n" for name, value in supplied.items()))
    try:
        yield
    finally:
        file.unlink()


def read_settings(state: Path | None = None) -> "Settings":
    """From the environment, a `.env`, or what `parlour up` left in the state, in this order."""
    from pydantic import ValidationError  # noqa: PLC0415  heavy imports belong to the command

    from app.settings import Settings  # noqa: PLC0415

    files = (state / "environment", ".env") if state else (".env",)
    try:
        return Settings(_env_file=files)
    except ValidationError as invalid:
        problems = "\n".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in invalid.errors())
        hint = f"\nIs `parlour up` running over {state}?" if state and not (state / "environment").exists() else ""
        raise click.ClickException(f"The settings are not complete or not safe.\n{problems}{hint}") from invalid


def rests(state: Path) -> bool:
    """Whether this is the state of a `parlour up` that does not run, and no database is named instead."""
    from app.settings import Provided  # noqa: PLC0415  heavy imports belong to the command

    return not Provided().database_url and not (state / "environment").exists() and (state / "servers").exists()


@contextmanager
def installation(state: Path) -> Iterator["Settings"]:
    """What runs over a state, or what the environment names; the PostgreSQL of a state that rests is started for it."""
    from app.embedded.alone import postgres_alone  # noqa: PLC0415  heavy imports belong to the command
    from app.embedded.stack import keys_in  # noqa: PLC0415

    if rests(state):
        with postgres_alone(state, keys_in(state)) as settings:
            yield settings
    else:
        yield read_settings(state)
