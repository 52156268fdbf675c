"""Reading an archive: first all of it against its manifest, then member by member."""

import hashlib
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from app.archive.manifest import FORMAT, MANIFEST, BadArchiveError, Manifest
from app.archive.packing import PIECE_BYTES


def check(archive: Path) -> Manifest:
    """Every byte of it is what the manifest says, and nothing else is there. Raises BadArchiveError, and OSError."""
    found: dict[str, tuple[int, str]] = {}
    manifest = b""
    with unreadable_named():
        for name, file in members(archive):
            if name in found or manifest:
                raise BadArchiveError(f"The archive holds {name} where nothing more should be.")
            if name == MANIFEST:
                manifest = file.read()
            else:
                found[name] = digest(file)
    try:
        read = msgspec.json.decode(manifest, type=Manifest)
    except msgspec.DecodeError as error:
        raise BadArchiveError("The archive has no manifest: it is no backup, or was cut short.") from error
    if read.format != FORMAT:
        raise BadArchiveError(f"The archive is of the format {read.format!r}, and this version reads {FORMAT!r}.")
    named = {member.name: (member.size, member.sha256) for member in read.members}
    if differing := sorted(name for name in named.keys() | found if named.get(name) != found.get(name)):
        raise BadArchiveError(f"The archive is damaged: {', '.join(differing[:5])}")
    return read


def members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """In their order; each file is to be read before the next."""
    with tarfile.open(archive, mode="r|gz") as opened:
        for entry in opened:
            file = opened.extractfile(entry)
            if file is None:
                raise BadArchiveError(f"{entry.name} is no plain file.")
            yield entry.name, file


@contextmanager
def unreadable_named() -> Iterator[None]:
    """Raise BadArchiveError for whatever keeps tar or gzip from being read."""
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BadArchiveError(f"The archive cannot be read: {error}") from error


def digest(file: IO[bytes]) -> tuple[int, str]:
    size, sha256 = 0, hashlib.sha256()
    while piece := file.read(PIECE_BYTES):
        size += len(piece)
        sha256.update(piece)
    return size, sha256.hexdigest()
