"""Images go through a process of their own, one at a time for each API process."""

from asyncio import Semaphore
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from anyio import BrokenWorkerProcess, fail_after, to_process

from app.domain.files.images import Picture, develop_apart
from app.domain.files.rules import ImageRefused, TooManyUploads

AT_ONCE = 1
"""One takes a core for up to some seconds, and for the largest images a gigabyte and a half of memory."""
WAIT_SECONDS = 20.0
"""For those that came before. A photo takes a third of a second."""
DEVELOP_SECONDS = 30.0
"""Three times what the largest honest image takes. A process that is over it is killed."""

log = structlog.get_logger()


class DarkRoom:
    """One per API process."""

    def __init__(self) -> None:
        self._places = Semaphore(AT_ONCE)

    async def develop(self, content: bytes, media_type: str) -> Picture:
        """Raises ImageTooLarge, ImageRefused."""
        try:
            with fail_after(DEVELOP_SECONDS):
                return await to_process.run_sync(develop_apart, content, media_type, cancellable=True)
        except (TimeoutError, BrokenWorkerProcess) as error:
            log.warning("An image took too much", media_type=media_type, bytes=len(content), error=repr(error))
            raise ImageRefused from error

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """To be held from before an image is read into memory. Raises TooManyUploads."""
        try:
            with fail_after(WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError as error:
            raise TooManyUploads from error
        try:
            yield
        finally:
            self._places.release()
