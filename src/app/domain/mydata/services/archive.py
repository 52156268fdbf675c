"""A ZIP that is written from front to back and carried away in pieces: only what is not yet taken is in memory."""

from datetime import datetime
from io import RawIOBase
from typing import IO, TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.domain.mydata.rules import CHUNK_BYTES

if TYPE_CHECKING:  # Not there at run time before Python 3.12.
    from typing_extensions import Buffer


class Tray(RawIOBase):
    """Where `zipfile` puts what it has packed. It cannot seek here, and so never goes back to what is gone."""

    def __init__(self) -> None:
        self.packed = bytearray()

    def write(self, data: "Buffer", /) -> int:
        self.packed += data
        return memoryview(data).nbytes


class Archive:
    def __init__(self, made_at: datetime) -> None:
        self.size = 0
        """Bytes taken so far."""
        self._made_at = made_at
        self._tray = Tray()
        self._zip = ZipFile(self._tray, "w", ZIP_DEFLATED)
        self._name = ""
        self._entry: IO[bytes] | None = None

    def write(self, name: str, data: bytes) -> None:
        """Append to the file of this name. Files come one after the other: none is gone back to."""
        if name != self._name or self._entry is None:
            self._end_entry()
            info = ZipInfo(name, self._made_at.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            self._name, self._entry = name, self._zip.open(info, "w", force_zip64=True)
        self._entry.write(data)

    def close(self) -> None:
        self._end_entry()
        self._zip.close()

    def take(self, *, rest: bool = False) -> list[bytes]:
        """Carry away the pieces that are full; with `rest`, all that there is."""
        packed, pieces = self._tray.packed, []
        while len(packed) >= CHUNK_BYTES or (rest and packed):
            pieces.append(bytes(packed[:CHUNK_BYTES]))
            del packed[:CHUNK_BYTES]
        self.size += sum(map(len, pieces))
        return pieces

    def _end_entry(self) -> None:
        if self._entry:
            self._entry.close()
            self._entry = None
