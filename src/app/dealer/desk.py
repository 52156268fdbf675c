"""What a dealer keeps, in one directory that nobody else may read."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeVar

import msgspec
from msgspec import Struct

from app.dealer.trouble import Trouble
from app.fairdraw.dealing import Hand

KEY_BYTES = 32
PRIVATE = 0o600

Kept = TypeVar("Kept")


class Terms(Struct):
    """Whom one deals for, and by which key that server's log is signed."""

    server: str
    lottery: str
    name: str
    log_key: str


class Opened(Struct):
    number: int
    closes_at: int
    """Unix seconds."""


class Seen(Struct):
    """The log as it was last time, and the draws in it that are ours. Byte strings are hex."""

    size: int = 0
    peaks: list[str] = []
    """Of the log's tree: `app.fairdraw.witness`."""
    checkpoint: str = ""
    """The proof of what the log was, should it ever be another."""
    newest: int = 0
    """The number of the last draw of our lottery that was opened."""
    opened: dict[str, Opened] = {}
    """By their open ids: draws whose open record has our commitment, and which are not closed."""
    closed: dict[str, Opened] = {}
    """The same for draws that are closed, and whose secret we have not handed in."""


class Desk:
    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @classmethod
    def set_up(cls, directory: Path, terms: Terms) -> Self:
        """With new keys. Raises Trouble where there is something already: draws may depend on it."""
        desk = cls(directory)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise Trouble(f"{directory} is not empty. Keep what is there, and give another directory.")
        for name in ("key", "secret"):
            desk._write(name, secrets.token_hex(KEY_BYTES).encode() + b"\n")
        desk._write("dealer.json", encoded(terms))
        return desk

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One run at a time. Raises Trouble while another goes on."""
        self._read("key")
        with (self._directory / "key").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Trouble(f"Another run over {self._directory} is under way.") from None
            yield

    @property
    def terms(self) -> Terms:
        return self._decode("dealer.json", Terms)

    @property
    def hand(self) -> Hand:
        terms, (key, secret) = self.terms, (bytes.fromhex(self._read(name).decode()) for name in ("key", "secret"))
        return Hand(key, secret, lottery=terms.lottery, name=terms.name)

    @property
    def seen(self) -> Seen:
        return self._decode("seen.json", Seen) if (self._directory / "seen.json").exists() else Seen()

    def keep(self, seen: Seen) -> None:
        """On the disk when this returns: what is revealed afterwards was seen for certain."""
        self._write("seen.json", encoded(seen))

    def _read(self, name: str) -> bytes:
        try:
            return (self._directory / name).read_bytes()
        except FileNotFoundError:
            raise Trouble(f"{self._directory} is no dealer's directory: `parlour dealer init` makes one.") from None

    def _decode(self, name: str, kind: type[Kept]) -> Kept:
        try:
            return msgspec.json.decode(self._read(name), type=kind)
        except msgspec.DecodeError as error:
            raise Trouble(f"{self._directory / name} cannot be read: {error}") from error

    def _write(self, name: str, content: bytes) -> None:
        """Whole or not at all, also when the power fails."""
        fresh = self._directory / f".{name}.new"
        fresh.touch(mode=PRIVATE)
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._directory / name)
        directory = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def encoded(kept: Struct) -> bytes:
    return msgspec.json.format(msgspec.json.encode(kept)) + b"\n"
