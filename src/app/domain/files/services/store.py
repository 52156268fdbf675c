"""Where the bytes are: in a directory, or in S3. Objects are written once under a random name, and never changed."""

import os
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

import structlog
from anyio import CapacityLimiter, to_thread
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from app.domain.files.rules import NoSuchFile
from app.errors import Unavailable
from app.settings import Settings

if TYPE_CHECKING:  # Of obstore's types, these exist in its stubs alone.
    from obstore.store import RetryConfig, S3Config

KEY_BYTES = 16
THUMBNAIL = ".thumbnail"
KEY = re.compile(r"^([0-9a-f]{2}/[0-9a-f]{32})(\.thumbnail)?\Z")
"""The names that we give. Whatever else lies in a bucket is not ours to remove."""

PIECE_BYTES = 1024 * 1024
"""What a download holds in memory at a time."""
PART_BYTES = 5 * 1024 * 1024
PARTS_AT_ONCE = 2
"""A large object travels to S3 in parts; these bound what is held of it."""
LISTED_AT_ONCE = 1000

THREADS = 32
"""Of its own: while the store is slow, nothing else in the process waits for a thread."""
S3_RETRIES: "RetryConfig" = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
"""Then the client hears 503 and tries again by itself. obstore would go on for three minutes."""

Answer = TypeVar("Answer")
log = structlog.get_logger()


def new_key() -> str:
    """256 directories, so that none of them grows beyond what people can list."""
    name = secrets.token_hex(KEY_BYTES)
    return f"{name[:2]}/{name}"


class FileStore:
    """Asked in threads, not with obstore's coroutines.

    Those are woken by threads of Rust's, which may still be at it when the interpreter ends: a process that had just
    used one ended in SIGABRT, one time in fifty (obstore 0.12, Python 3.11).
    """

    def __init__(self, objects: LocalStore | S3Store, directory: Path) -> None:
        self.objects = objects
        self.directory = directory
        """Where uploads are gathered, in files without a name. A LocalStore has its objects here as well."""
        self._threads = CapacityLimiter(THREADS)

    @classmethod
    def of(cls, settings: Settings) -> "FileStore":
        """Raises OSError when the directory cannot be made."""
        directory = settings.files_directory.absolute()
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(s3_store(settings) if settings.files_url else LocalStore(directory), directory)

    async def put(self, key: str, content: bytes | IO[bytes]) -> None:
        """Return when the bytes would survive a power cut, as far as the store can say so. Raises Unavailable."""
        await self._ask(lambda: self.objects.put(key, content, chunk_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE))
        if isinstance(self.objects, LocalStore):
            await self._ask(lambda: write_through(self.directory / key, self.directory))

    async def read(self, key: str, start: int, stop: int) -> bytes:
        """Raises NoSuchFile when the object is gone, and Unavailable."""
        try:
            return await self._ask(lambda: bytes(self.objects.get_range(key, start=start, end=stop)))
        except FileNotFoundError as error:
            log.error("A file has lost its bytes", key=key)  # noqa: TRY400  The key says it all.
            raise NoSuchFile from error

    async def stream(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """In pieces, each asked for when the one before has left: slow readers hold no connection to the store."""
        for at in range(start, stop, PIECE_BYTES):
            yield await self.read(key, at, min(at + PIECE_BYTES, stop))

    async def remove(self, keys: Iterable[str]) -> None:
        """With their thumbnails. What is not there is fine. Raises Unavailable."""
        for key in keys:
            for name in (key, key + THUMBNAIL):
                with suppress(FileNotFoundError):
                    await self._ask(lambda name=name: self.objects.delete(name))  # type: ignore[misc]

    async def written_before(self, moment: datetime) -> AsyncIterator[list[str]]:
        """The keys of all files in the store, some at a time, without those that were written since."""
        listing = self.objects.list(chunk_size=LISTED_AT_ONCE)
        while found := await self._ask(lambda: next(listing, None)):
            ours = [(KEY.match(one["path"]), one["last_modified"]) for one in found]
            yield sorted({match[1] for match, modified in ours if match and modified < moment})

    async def _ask(self, work: Callable[[], Answer]) -> Answer:
        with named():
            return await to_thread.run_sync(work, limiter=self._threads)


@contextmanager
def named() -> Iterator[None]:
    """Raise Unavailable for whatever keeps the store from answering, but for an object that is not there."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        log.warning("The file store does not answer", error=str(error).partition("\n")[0])
        raise Unavailable from error


def s3_store(settings: Settings) -> S3Store:
    """What is not set is obstore's to find: the role of a machine, say."""
    config: S3Config = {}
    if settings.s3_endpoint:
        config["endpoint"] = settings.s3_endpoint
    if settings.s3_region:
        config["region"] = settings.s3_region
    if settings.s3_access_key_id and settings.s3_secret_access_key:
        config["access_key_id"] = settings.s3_access_key_id
        config["secret_access_key"] = settings.s3_secret_access_key.get_secret_value()
    plain = (settings.s3_endpoint or "").startswith("http://")
    return S3Store.from_url(
        str(settings.files_url), config=config, client_options={"allow_http": plain}, retry_config=S3_RETRIES
    )


def write_through(file: Path, root: Path) -> None:
    """To the disk itself: the bytes, and the names that lead to them. obstore leaves that to the system."""
    for path in (file, file.parent, root):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
