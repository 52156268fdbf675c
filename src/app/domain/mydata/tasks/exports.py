"""A worker puts archives together: page by page, nothing of them in memory but what is not yet packed and stored."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import structlog
from taskiq import Context, TaskiqDepends, async_shared_broker

from app.domain.files.services.store import FileStore
from app.domain.mydata.models import Export
from app.domain.mydata.rules import EXPORTS_AT_ONCE
from app.domain.mydata.services.archive import Archive
from app.domain.mydata.services.exports import Exports, TakenOver, state_of
from app.domain.mydata.services.parts import PARTS, README, Part
from app.domain.mydata.services.readers import Page
from app.domain.mydata.services.telling import tell_of_export
from app.domain.mydata.services.uploads import own_files
from app.errors import NotLoggedIn
from app.outages import is_outage
from app.resources import Resources, Sessions

PERCENT = 100

log = structlog.get_logger()
encode = msgspec.json.Encoder().encode
turns = asyncio.Semaphore(EXPORTS_AT_ONCE)


@async_shared_broker.task("mydata.export")
async def export_data(context: Annotated[Context, TaskiqDepends()]) -> int:
    """Whoever is at it takes all that is due; so a bell too many has nothing to wait for."""
    if turns.locked():
        return 0
    async with turns:
        return await export_due(context.state.resources)


async def export_due(resources: Resources) -> int:
    """How many archives became ready. One that fails is begun anew when its lease has run out."""
    async with resources.sessions.begin() as session:
        await Exports(session=session).forget()
    made = 0
    while True:
        async with resources.sessions.begin() as session:
            export = await Exports(session=session).take()
        if export is None:
            return made
        if state_of(export) == "failed":
            await tell_of_export(resources.redis, export)
            log.error("An export was given up", export=export.id, attempts=export.attempts)
            continue
        try:
            await put_together(resources, export)
            made += 1
        except (TakenOver, NotLoggedIn):
            log.info("An export is somebody else's now, or nobody's", export=export.id)
        except Exception as error:
            if is_outage(error):
                log.warning("An export waits for PostgreSQL or Redis", export=export.id, error=repr(error))
                return made
            log.exception("An export failed and will be begun anew", export=export.id)


async def put_together(resources: Resources, export: Export) -> None:
    """From the first page to the last piece. Raises TakenOver."""
    archive, number = Archive(datetime.now(UTC)), 0
    archive.write("README.txt", README.encode())
    for place, part in enumerate(PARTS):
        export.progress = PERCENT * place // len(PARTS)
        await tell_of_export(resources.redis, export)
        async for page in pages(resources.sessions, part, export.user_id):
            await asyncio.to_thread(pack, archive, part, page)
            pieces = archive.take()
            async with resources.sessions.begin() as session:
                await Exports(session=session).fill(export, number, pieces, export.progress)
            number += len(pieces)
    async for name, piece in own_files(resources.sessions, FileStore.of(resources.settings), export.user_id):
        await asyncio.to_thread(archive.write, name, piece)
        if pieces := archive.take():
            async with resources.sessions.begin() as session:
                await Exports(session=session).fill(export, number, pieces, export.progress)
            number += len(pieces)
    archive.close()
    async with resources.sessions.begin() as session:
        exports = Exports(session=session)
        await exports.fill(export, number, archive.take(rest=True), PERCENT)
        done = await exports.finish(export, archive.size)
    await tell_of_export(resources.redis, done)


async def pages(sessions: Sessions, part: Part, user_id: int) -> AsyncIterator[Page]:
    """Each in a transaction of its own: none stays open while its rows are packed."""
    after = None
    while True:
        async with sessions() as session:
            page = await part.read(session, user_id, after)
        yield page
        if page.after is None:
            return
        after = page.after


def pack(archive: Archive, part: Part, page: Page) -> None:
    if page.rows or "{}" not in part.name:
        archive.write(part.name.format(page.place), b"".join(encode(row) + b"\n" for row in page.rows))
