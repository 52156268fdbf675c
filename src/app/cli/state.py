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
