"""The PostgreSQL of a state by itself, for a command while `parlour up` does not run."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.embedded.places import Places, exclusive
from app.embedded.postgres import Postgres
from app.embedded.valkey import Valkey
from app.settings import Provided, Settings


@contextmanager
def postgres_alone(state: Path, keys: Mapping[str, str]) -> Iterator[Settings]:
    """The settings of such an installation, whose Redis is not there. Raises StateInUse, PostgresDidNotStart."""
    state.mkdir(parents=True, exist_ok=True)
    with exclusive(state):
        places = Places.prepare(state)
        postgres = Postgres(places)
        given: dict[str, Any] = {
            **{name.upper() if name == "secret_key" else name: key for name, key in keys.items()},
            "DATABASE_URL": postgres.url,
            "REDIS_URL": Valkey(places).url,
            "files_directory": Provided().files_directory or places.state / "files",
        }
        settings = Settings(_env_file=".env", **given)
        try:
            postgres.start()
            postgres.wait_until_ready()
            yield settings
        finally:
            postgres.stop()
