"""The whole of Parlour as child processes over one state directory: for `parlour up`, and for tests that break it."""

import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from app.embedded.places import Places
from app.embedded.postgres import Postgres
from app.embedded.process import Process, wait_until
from app.embedded.valkey import Valkey
from app.settings import FIGURES_DIRECTORY, KEY_BYTES

Migrate = Callable[[str], object]
"""Brings the database at an address to the newest revision."""

READY_SECONDS = 60


class NeverReady(RuntimeError):
    pass


@dataclass(frozen=True)
class Shape:
    """How many processes of each kind."""

    web: int = 1
    """Each on a port of its own, or all on `Stack.listener`."""
    workers: int = 1
    """taskiq's managers; each starts `processes_per_worker` of its own, and replaces those that die."""
    processes_per_worker: int = 1
    schedulers: int = 1


ONE_OF_EACH = Shape()


@dataclass
class Stack:
    """Holds the processes of one Parlour. Starting and stopping it blocks, for a few seconds."""

    places: Places
    migrate: Migrate
    environment: Mapping[str, str]
    """For the web, worker and scheduler processes, except for the servers' addresses."""
    shape: Shape = ONE_OF_EACH
    listener: socket.socket | None = None
    """A bound socket that all web processes share. It outlives them: clients of a dead one wait for the next."""
    directory: Path | None = None
    """Where web, worker and scheduler run, and find a `.env`; None is where we are."""
    given_database_url: str | None = None
    given_redis_url: str | None = None
    durable: bool = True
    relayed: bool = False
    """Web, worker and scheduler write to pipes that the caller reads, not to files beside the servers'."""
    ports: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.postgres = None if self.given_database_url else Postgres(self.places, durable=self.durable)
        self.valkey = None if self.given_redis_url else Valkey(self.places)
        if self.listener:
            self.ports = [self.listener.getsockname()[1]]
        else:
            self.ports = [free_port() for _ in range(self.shape.web)]

    @property
    def database_url(self) -> str:
        return self.postgres.url if self.postgres else str(self.given_database_url)

    @property
    def redis_url(self) -> str:
        return self.valkey.url if self.valkey else str(self.given_redis_url)

    @property
    def addresses(self) -> dict[str, str]:
        """The servers', as environment variables."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}

    @property
    def _figures(self) -> Path:
        """Where the processes gather what they measure, so that whichever is asked answers for all."""
        return self.places.state / "figures"

    @property
    def base_urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports]

    @property
    def base_url(self) -> str:
        return self.base_urls[0]

    @cached_property
    def processes(self) -> dict[str, Process]:
        """By name (`web`, or `web-1` and `web-2`), in the order of stopping: who asks before who answers."""
        shape = self.shape
        commands = {name: ["scheduler"] for name in named("scheduler", shape.schedulers)}
        for index, name in enumerate(named("web", shape.web)):
            commands[name] = ["web", *self._address(index)]
        for name in named("worker", shape.workers):
            commands[name] = ["worker", "--workers", str(shape.processes_per_worker)]
        return {name: self._process(name, commands[name]) for name in commands}

    def start(self) -> None:
        """Return when all is up and ready. Raises NeverReady and the servers' own errors."""
        self.start_servers()
        self.migrate(self.database_url)
        for name in self.processes:
            self.start_process(name)
        if not wait_until(self.ready, READY_SECONDS):
            raise NeverReady(f"Not ready after {READY_SECONDS} s; see {self.places.state / 'logs'}")

    def start_servers(self) -> None:
        shutil.rmtree(self._figures, ignore_errors=True)  # Of processes that are gone.
        self._figures.mkdir(mode=0o700)
        if self.valkey:
            self.valkey.start()
        if self.postgres:
            self.postgres.start()
            self.postgres.wait_until_ready()
        if self.valkey:
            self.valkey.wait_until_ready()

    def start_process(self, name: str) -> None:
        process = self.processes[name]
        if self.relayed:
            process.output = subprocess.PIPE
            process.start()
        else:
            with self.places.log_of(name).open("ab") as process.output:
                process.start()

    def ready(self) -> bool:
        return all(answers_ready(port) for port in self.ports)

    def stop(self) -> None:
        """Each may finish what it has begun."""
        for process in self.processes.values():
            process.stop()
        if self.valkey:
            self.valkey.stop()
        if self.postgres:
            self.postgres.stop()

    def _process(self, name: str, command: list[str]) -> Process:
        return Process(
            name=name,
            command=[sys.executable, "-m", "app", *command],
            environment={**self.environment, **self.addresses, FIGURES_DIRECTORY: str(self._figures)},
            directory=self.directory,
            keep_open=[self.listener.fileno()] if self.listener else [],
            # taskiq's manager deadlocks when SIGTERM interrupts its own handling of SIGTERM, and the death of a process
            # with several threads can be told several times. Its workers hear of its end in order.
            death_signal=signal.SIGKILL if command[0] == "worker" else signal.SIGTERM,
        )

    def _address(self, index: int) -> list[str]:
        if self.listener:
            return ["--fd", str(self.listener.fileno())]
        return ["--port", str(self.ports[index])]


def named(kind: str, count: int) -> list[str]:
    return [kind] if count == 1 else [f"{kind}-{number}" for number in range(1, count + 1)]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def answers_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def keys_in(state: Path) -> dict[str, str]:
    """The secrets of this state, by their settings' names: what signs tokens, draws, the log, and pushes."""

    def vapid_key() -> str:
        from app.domain.notices.vapid import new_private_key  # noqa: PLC0415  needed once, and slow to import

        return new_private_key()

    random_key = partial(secrets.token_hex, KEY_BYTES)
    makers: dict[str, Callable[[], str]] = {
        "secret_key": random_key,
        "draw_secret": random_key,
        "log_key": random_key,
        "vapid_private_key": vapid_key,
    }
    return {name: kept_secret(state / name, make) for name, make in makers.items()}


def kept_secret(file: Path, make: Callable[[], str]) -> str:
    """Made at the first start, kept for the next."""
    if not file.exists():
        fresh = file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(make())
        fresh.rename(file)
    return file.read_text().strip()
