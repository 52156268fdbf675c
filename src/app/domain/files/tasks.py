"""Collecting what nobody needs. Late, doubled or cut short, it does no harm: the next round takes what is left.

The row goes first, the bytes after the commit. Whoever dies in between leaves an object without a row to the sweep.
"""

from datetime import UTC, datetime
from typing import Annotated

import structlog
from taskiq import Context, TaskiqDepends, async_shared_broker

from app.domain.files.rules import ORPHANED_FOR
from app.domain.files.services.collecting import Leftovers
from app.domain.files.services.store import FileStore
from app.resources import Resources, Sessions

BATCH = 200

log = structlog.get_logger()


@async_shared_broker.task("files.collect")
async def collect_files(context: Annotated[Context, TaskiqDepends()]) -> None:
    resources: Resources = context.state.resources
    await collect(resources.sessions, FileStore.of(resources.settings), datetime.now(UTC))


@async_shared_broker.task("files.sweep")
async def sweep_store(context: Annotated[Context, TaskiqDepends()]) -> None:
    resources: Resources = context.state.resources
    await sweep(resources.sessions, FileStore.of(resources.settings), datetime.now(UTC))


async def collect(sessions: Sessions, store: FileStore, now: datetime) -> int:
    """Released files, and uploads that waited too long. How many there were."""
    collected = 0
    while True:
        async with sessions.begin() as session:
            keys = await Leftovers(session=session).take(now, BATCH)
        if not keys:
            return collected
        await store.remove(keys)
        collected += len(keys)


async def sweep(sessions: Sessions, store: FileStore, now: datetime) -> int:
    """Objects that no row names, once they are old enough. How many there were."""
    swept = 0
    async for keys in store.written_before(now - ORPHANED_FOR):
        async with sessions() as session:
            orphans = await Leftovers(session=session).orphans(keys)
        await store.remove(orphans)
        swept += len(orphans)
    if swept:
        log.warning("Objects without a row were removed from the file store", objects=swept)
    return swept
