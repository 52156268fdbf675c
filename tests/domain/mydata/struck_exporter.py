"""A worker process that kills itself while it puts an export together: `python -m … PIECES` stores so many pages first.

The servers' addresses come in the environment. All but the blow is the real thing.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from app.domain.mydata.models import Export
from app.domain.mydata.services.exports import Exports
from app.domain.mydata.tasks.exports import export_due
from app.resources import open_resources
from app.settings import Settings

fill, filled = Exports.fill, 0


async def fill_and_die(exports: Exports, export: Export, first: int, pieces: Sequence[bytes], progress: int) -> None:
    global filled  # noqa: PLW0603  counted over all of the process's short life
    await fill(exports, export, first, pieces, progress)
    filled += 1
    if filled > int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)


async def work() -> None:
    async with open_resources(Settings(_env_file=None)) as resources:
        await export_due(resources)


if __name__ == "__main__":
    Exports.fill = fill_and_die  # type: ignore[assignment, method-assign]  # the blow
    asyncio.run(work())
