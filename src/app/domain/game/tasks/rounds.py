"""The end of rounds: each as it closes, and once."""

import asyncio
from datetime import timedelta
from typing import Annotated

import structlog
from taskiq import Context, TaskiqDepends, async_shared_broker

from app.domain.chat.services.acts import Happening
from app.domain.chat.services.announcing import announce_act
from app.domain.game.services import drawing, due
from app.outages import is_outage
from app.resources import Resources

LOOK_SECONDS = 1.0
"""How often a worker looks for rounds that are to close. Each is open for longer, so none is closed late by this."""

AGAIN_SECONDS = 0.2
"""When another worker, or a batch of picks, had a round that was due."""

PRECISE_FOR = timedelta(seconds=10)
"""A round that has been due for longer failed, or nobody was there: that is for the minute's look."""

log = structlog.get_logger()


@async_shared_broker.task(task_name="game.end_rounds")
async def end_rounds(context: Annotated[Context, TaskiqDepends()]) -> None:
    """Every minute: what is overdue, and the rounds of groups that are no more."""
    await end_due_rounds(context.state.resources)


@async_shared_broker.task(task_name="game.forget_rounds")
async def forget_rounds(context: Annotated[Context, TaskiqDepends()]) -> None:
    """Every hour: the rounds of groups that are no more go with what was said there."""
    more = True
    while more:
        async with context.state.resources.sessions.begin() as session:
            more = await due.forget(session)


async def keep_time(resources: Resources) -> None:
    """End rounds as they close, for as long as the worker lives; first, what closed while there was none."""
    within = None
    while True:
        try:
            await end_due_rounds(resources, within)
            within = PRECISE_FOR
            async with resources.sessions() as session:
                wait = await due.until_next(session, PRECISE_FOR)
        except Exception as error:
            wait = None
            if not is_outage(error):
                log.exception("Looking for rounds to end failed")
        await asyncio.sleep(LOOK_SECONDS if wait is None else min(max(wait, AGAIN_SECONDS), LOOK_SECONDS))


async def end_due_rounds(resources: Resources, within: timedelta | None = None) -> None:
    """One failure stops nothing else."""
    async with resources.sessions() as session:
        found = await due.to_end(session, within)
    for round_id in found:
        try:
            act = await end_round(resources, round_id)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("A round could not be ended", round_id=round_id)
            continue
        if act:
            await announce_act(resources.redis, act)


async def end_round(resources: Resources, round_id: int) -> Happening | None:
    """Freeze its picks, then draw it: what is committed by then is to be announced, and found if it is not."""
    async with resources.sessions.begin() as session:
        await drawing.freeze(session, round_id)
    async with resources.sessions.begin() as session:
        return await drawing.draw(session, round_id, resources.settings.seed_secret)
