"""Images go through a process of their own, one at a time for each API process."""

import structlog
from anyio import BrokenWorkerProcess, CapacityLimiter, fail_after, to_process

from app.domain.files.images import Picture, develop_apart
from app.domain.files.rules import ImageRefused

AT_ONCE = 1
"""One takes a core for up to some seconds, and for the largest images a gigabyte and a half of memory."""
DEVELOP_SECONDS = 30.0
"""Ten times what the largest honest image takes. A process that is over it is killed."""

log = structlog.get_logger()


class DarkRoom:
    """One per API process."""

    def __init__(self) -> None:
        self._places = CapacityLimiter(AT_ONCE)

    async def develop(self, content: bytes, media_type: str) -> Picture:
        """Raises ImageTooLarge, ImageRefused."""
        async with self._places:
            try:
                with fail_after(DEVELOP_SECONDS):
                    return await to_process.run_sync(develop_apart, content, media_type, cancellable=True)
            except (TimeoutError, BrokenWorkerProcess) as error:
                log.warning("An image took too much", media_type=media_type, bytes=len(content), error=repr(error))
                raise ImageRefused from error
