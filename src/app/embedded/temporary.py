"""Servers that last as long as a `with` block, for tests and benchmarks."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.embedded.places import Places
from app.embedded.postgres import Postgres
from app.embedded.stack import ONE_OF_EACH, Migrate, Shape, Stack, keys_in
from app.embedded.valkey import Valkey
from app.settings import environment_with, variables


@dataclass(frozen=True)
class Servers:
    postgres: Postgres
    valkey: Valkey


@contextmanager
def temporary_places() -> Iterator[Places]:
    state = Path(tempfile.mkdtemp(prefix="parlour-"))
    state.chmod(0o711)  # The servers pass through it to their own part.
    places = Places.prepare(state)
    try:
        yield places
    finally:
        shutil.rmtree(places.sockets, ignore_errors=True)
        shutil.rmtree(state, ignore_errors=True)


@contextmanager
def temporary_stack(
    migrate: Migrate, shape: Shape = ONE_OF_EACH, *, durable: bool = False, **environment: str
) -> Iterator[Stack]:
    """A whole Parlour of its own, started and ready, with some settings by their variables' names."""
    with temporary_places() as places:
        keys = variables(keys_in(places.state))
        stack = Stack(
            places=places,
            migrate=migrate,
            environment=environment_with(**keys | environment),
            shape=shape,
            directory=places.state,
            durable=durable,
        )
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()


@contextmanager
def temporary_servers() -> Iterator[Servers]:
    with temporary_places() as places:
        servers = Servers(Postgres(places, durable=False), Valkey(places))
        try:
            servers.valkey.start()
            servers.postgres.start()
            servers.postgres.wait_until_ready()
            servers.valkey.wait_until_ready()
            yield servers
        finally:
            servers.valkey.stop()
            servers.postgres.stop()
