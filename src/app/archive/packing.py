"""Writing an archive: a tar, gzipped, whose members carry their SHA-256 into the manifest."""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from app.archive.manifest import Member

PIECE_BYTES = 1024 * 1024


class Spool:
    """A member before its size is known, in a file without a name."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self._digest = hashlib.sha256()

    async def write(self, data: bytes) -> None:
        self.file.write(data)
        self._digest.update(data)

    def as_member(self, name: str, rows: int | None = None) -> Member:
        return Member(name, self.file.tell(), self._digest.hexdigest(), rows)


class Packer:
    def __init__(self, archive: tarfile.TarFile, directory: Path) -> None:
        self._archive = archive
        self._directory = directory
        self.members: list[Member] = []

    @contextmanager
    def spool(self) -> Iterator[Spool]:
        with TemporaryFile(dir=self._directory) as file:
            yield Spool(file)

    def add(self, spool: Spool, name: str, rows: int | None = None) -> None:
        member = spool.as_member(name, rows)
        spool.file.seek(0)
        self._archive.addfile(_entry(name, member.size), spool.file)
        self.members.append(member)

    def add_bytes(self, name: str, content: bytes) -> None:
        self.members.append(Member(name, len(content), hashlib.sha256(content).hexdigest()))
        self.close_with(name, content)

    def close_with(self, name: str, content: bytes) -> None:
        """Add what the manifest does not name: the manifest."""
        self._archive.addfile(_entry(name, len(content)), io.BytesIO(content))


@contextmanager
def packing(target: Path) -> Iterator[Packer]:
    """An archive that appears under its name when it is whole, and is nobody else's to read.

    Raises FileExistsError for a name that is taken.
    """
    if target.exists():
        raise FileExistsError(f"{target} is there already.")
    partial = target.with_name(f"{target.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w|gz") as archive:
                yield Packer(archive, target.absolute().parent)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry
