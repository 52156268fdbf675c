"""What a client sends, judged while it comes, and put into the store. Nothing of it is kept unless all of it is."""

import hashlib
from codecs import IncrementalDecoder, getincrementaldecoder
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO

from anyio import to_thread

from app.domain.files.filenames import display_name
from app.domain.files.media_types import HEAD_BYTES, TEXT, claims_to_be_an_image, is_image, media_type_of
from app.domain.files.rules import (
    IMAGE_BYTES,
    EmptyFile,
    FileTooLarge,
    FileTypeRefused,
    ImageTooLarge,
    TooManyUploads,
)
from app.domain.files.services.pictures import DarkRoom
from app.domain.files.services.store import THUMBNAIL, FileStore, new_key
from app.errors import AppError, Unavailable

PIECE_BYTES = 256 * 1024
"""What is gathered before a thread writes it down."""
UPLOADS_AT_ONCE = 32
"""In one process. Each may hold as much disk as a file may have."""
UPLOADS_OF_ONE = 4
"""So that one person cannot take all of them."""

TOO_LARGE = "A file may have {} bytes here."


@dataclass(frozen=True)
class Shelved:
    """Bytes in the store that no row names yet."""

    key: str
    name: str
    media_type: str
    sha256: bytes
    """Of what was sent; an image is kept in other bytes."""
    size: int
    width: int | None = None
    height: int | None = None
    thumbnail_size: int | None = None


@dataclass
class Judge:
    """Looks at a file piece by piece; the first one is HEAD_BYTES long unless that is all there is."""

    name: str
    limit: int
    size: int = 0
    media_type: str | None = None
    _digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    _text: IncrementalDecoder = field(default_factory=getincrementaldecoder("utf-8"))

    def look_at(self, piece: bytes) -> None:
        """Raises FileTooLarge, ImageTooLarge, FileTypeRefused, as soon as it is certain."""
        first, self.size = self.size == 0, self.size + len(piece)
        if self.size > self.limit:
            raise FileTooLarge(TOO_LARGE.format(self.limit))
        self._digest.update(piece)
        if first:
            self.media_type = media_type_of(piece[:HEAD_BYTES], text=True)
            if self.media_type is None or (claims_to_be_an_image(self.name) and not is_image(self.media_type)):
                raise FileTypeRefused
        if self.media_type == TEXT:
            self._read(piece)
        if is_image(self.media_type) and self.size > IMAGE_BYTES:
            raise ImageTooLarge

    def verdict(self) -> tuple[str, bytes]:
        """The media type and the digest, when all has been seen. Raises EmptyFile, FileTypeRefused."""
        if self.media_type is None:
            raise EmptyFile
        if self.media_type == TEXT:
            self._read(b"", final=True)
        return self.media_type, self._digest.digest()

    def _read(self, piece: bytes, *, final: bool = False) -> None:
        try:
            if "\x00" in self._text.decode(piece, final):
                raise FileTypeRefused
        except UnicodeDecodeError as error:
            raise FileTypeRefused from error


class Intake:
    """One per API process."""

    def __init__(self, store: FileStore, *, limit: int) -> None:
        self._store = store
        self._limit = limit
        self._dark_room = DarkRoom()
        self._under_way: Counter[int] = Counter()

    @asynccontextmanager
    async def shelve(
        self, owner_id: int, name: str, announced: int | None, chunks: AsyncIterable[bytes]
    ) -> AsyncIterator[Shelved]:
        """Bytes in the store, for a row to be written in the block.

        If the block refuses them they are removed again. If it breaks they stay, since a commit whose answer was lost
        may have named them; the sweep sees to those.

        `announced` is the Content-Length. Raises TooManyUploads, FileTooLarge, EmptyFile, FileTypeRefused,
        ImageTooLarge, ImageRefused, Unavailable.
        """
        if announced is not None and announced > self._limit:
            raise FileTooLarge(TOO_LARGE.format(self._limit))
        with self._place_for(owner_id), TemporaryFile(dir=self._store.directory) as spool:
            judge = Judge(name, self._limit)
            async for piece in gathered(chunks):
                await to_thread.run_sync(take_down, judge, spool, piece)
            media_type, digest = judge.verdict()
            spool.seek(0)
            shelved = await self._put(spool, display_name(name, media_type), media_type, digest, judge.size)
            try:
                yield shelved
            except AppError:
                with suppress(Unavailable):
                    await self._store.remove([shelved.key])
                raise

    async def _put(self, spool: IO[bytes], name: str, media_type: str, digest: bytes, size: int) -> Shelved:
        key = new_key()
        if not is_image(media_type):
            await self._store.put(key, spool)
            return Shelved(key, name, media_type, digest, size)
        async with self._dark_room.place():
            picture = await self._dark_room.develop(await to_thread.run_sync(spool.read), media_type)
        await self._store.put(key, picture.content)
        await self._store.put(key + THUMBNAIL, picture.thumbnail)
        width, height, size = picture.width, picture.height, len(picture.content)
        return Shelved(key, name, media_type, digest, size, width, height, len(picture.thumbnail))

    @contextmanager
    def _place_for(self, owner_id: int) -> Iterator[None]:
        if self._under_way[owner_id] >= UPLOADS_OF_ONE or self._under_way.total() >= UPLOADS_AT_ONCE:
            raise TooManyUploads
        self._under_way[owner_id] += 1
        try:
            yield
        finally:
            self._under_way[owner_id] -= 1
            if not self._under_way[owner_id]:
                del self._under_way[owner_id]


async def gathered(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in larger pieces."""
    gathering = bytearray()
    async for chunk in chunks:
        gathering += chunk
        if len(gathering) >= PIECE_BYTES:
            yield bytes(gathering)
            gathering.clear()
    if gathering:
        yield bytes(gathering)


def take_down(judge: Judge, spool: IO[bytes], piece: bytes) -> None:
    judge.look_at(piece)
    spool.write(piece)
