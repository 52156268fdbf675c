"""What workers do for search: each reads on in every conversation for as long as it lives, and one forgets."""

import asyncio
from time import monotonic
from typing import Annotated

import structlog
from taskiq import Context, TaskiqDepends, async_shared_broker

from app.domain.search.services.indexing import SearchIndex
from app.outages import is_outage
from app.resources import Sessions

LOOK_SECONDS = 0.5
"""Between two looks for something new: about how long after its sending a message is found."""

REST = 4
"""Times as long as a batch took, before the next: a backlog takes a fifth of one core from those who store messages."""

log = structlog.get_logger()


async def keep_index(sessions: Sessions) -> None:
    while True:
        begun = monotonic()
        more = False
        try:
            more = await index_batch(sessions)
        except Exception as error:
            if is_outage(error):
                log.warning("The search index waits for PostgreSQL", error=repr(error))
            else:
                log.exception("A batch could not be indexed for search")
        worked = monotonic() - begun
        await asyncio.sleep(REST * worked if more else max(LOOK_SECONDS, REST * worked))


async def index_batch(sessions: Sessions) -> bool:
    """Is there more to do?"""
    async with sessions.begin() as session:
        return await SearchIndex(session=session).catch_up()


@async_shared_broker.task(task_name="search.forget")
async def forget_entries(context: Annotated[Context, TaskiqDepends()]) -> None:
    """Once an hour; until then an entry that is left over finds nothing."""
    await forget_what_is_gone(context.state.resources.sessions)


async def forget_what_is_gone(sessions: Sessions) -> None:
    more = True
    while more:
        async with sessions.begin() as session:
            more = await SearchIndex(session=session).forget()
