"""What an archive holds. It stands last in the archive, when all of it is known."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

FORMAT = "parlour-backup/1"
MANIFEST = "manifest.json"
TABLES, FILES = "tables/", "files/"
KEYS: dict["Keys", str] = {"plain": "keys.json", "sealed": "keys.sealed"}

Keys = Literal["plain", "sealed", "absent"]


class Member(Struct):
    name: str
    size: int
    sha256: str
    rows: int | None = None
    """Of a table."""


class Sequence(Struct):
    """Where PostgreSQL goes on counting."""

    name: str
    last: int
    used: bool
    """Whether `last` was given out, or is the next."""


class Manifest(Struct):
    format: str
    made_at: datetime
    """When the snapshot was taken: what was committed before is in it, what came later is not."""
    version: str
    revision: str
    """Of the database's schema."""
    members: list[Member]
    sequences: list[Sequence]
    keys: Keys
    files_gone: list[str]
    """Keys of files that were in the snapshot, and collected before their turn came: nobody needed them any more."""


class BadArchiveError(ValueError):
    """It is no backup of ours, or not whole. Nothing was changed."""
