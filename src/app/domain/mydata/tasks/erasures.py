"""A worker removes what a closed account has left behind: friends, messages, memberships."""

from typing import Annotated

import structlog
from taskiq import Context, TaskiqDepends, async_shared_broker

from app.domain.bots.services.bots import Bots
from app.domain.chat.services import recent
from app.domain.chat.services.announcing import announce, announce_act, send
from app.domain.chat.services.erasing import take_back, withdraw
from app.domain.chat.services.own import conversations_after
from app.domain.mydata.models import Erasure
from app.domain.mydata.rules import EVENTS_AT_ONCE, PAGE_ROWS
from app.domain.mydata.services.erasures import Erasures
from app.domain.social.services.announcing import tell_of_friendship
from app.domain.social.services.friendships import Friendships
from app.domain.social.services.showing import show_both
from app.errors import NotFound
from app.outages import is_outage
from app.resources import Resources

log = structlog.get_logger()


@async_shared_broker.task("mydata.erase")
async def erase_accounts(context: Annotated[Context, TaskiqDepends()]) -> int:
    return await erase_due(context.state.resources)


async def erase_due(resources: Resources) -> int:
    """How many passes were made. One that fails is made again when its lease has run out."""
    passes = 0
    while True:
        async with resources.sessions.begin() as session:
            erasure = await Erasures(session=session).take()
        if erasure is None:
            return passes
        try:
            await erase(resources, erasure)
            passes += 1
        except Exception as error:
            if is_outage(error):
                log.warning("An erasure waits for PostgreSQL or Redis", user=erasure.user_id, error=repr(error))
                return passes
            log.exception("An erasure failed and will be gone on with", user=erasure.user_id)


async def erase(resources: Resources, erasure: Erasure) -> None:
    """One pass over everything. What an earlier one did is not there to be done again."""
    await end_friendships(resources, erasure.user_id)
    await end_bots(resources, erasure.user_id)
    after = 0
    while True:
        async with resources.sessions() as session:
            found = await conversations_after(session, erasure.user_id, after, PAGE_ROWS)
        for conversation_id in found:
            await erase_from(resources, erasure, conversation_id)
        if len(found) < PAGE_ROWS:
            break
        after = found[-1]
    async with resources.sessions.begin() as session:
        await Erasures(session=session).settle(erasure)


async def end_friendships(resources: Resources, user_id: int) -> None:
    while True:
        async with resources.sessions.begin() as session:
            ended = await Friendships(session=session).end_some(user_id, PAGE_ROWS)
            told = [(friendship, await show_both(session, friendship)) for friendship in ended]
        for friendship, seen in told:
            await tell_of_friendship(resources.redis, friendship, seen, by=user_id, ended=True)
        if not ended:
            return


async def end_bots(resources: Resources, owner_id: int) -> None:
    """Nobody would answer for them any more. The processes hear of their keys as of ended sessions."""
    async with resources.sessions() as session:
        ids = [bot.id for bot in await Bots(session, owner_id).all()]
    for bot_id in ids:
        async with resources.sessions.begin() as session:
            try:
                ending = await Bots(session, owner_id).delete(bot_id)
            except NotFound:
                continue  # Another worker was faster.
        for act in ending.left:
            await announce_act(resources.redis, act)


async def erase_from(resources: Resources, erasure: Erasure, conversation_id: int) -> None:
    """Messages first, then the membership. Whoever dies in between has only what is left to come back to."""
    user_id, more = erasure.user_id, erasure.messages == "delete"
    while more:
        async with resources.sessions.begin() as session:
            events = await take_back(session, conversation_id, user_id, EVENTS_AT_ONCE)
            await Erasures(session=session).go_on(user_id)
        pipeline = resources.redis.pipeline(transaction=False)
        announce(pipeline, events)
        await send(pipeline)
        more = bool(events)
    async with resources.sessions.begin() as session:
        left = await withdraw(session, conversation_id, user_id)
        await Erasures(session=session).go_on(user_id)
    if left:
        await announce_act(resources.redis, left)
    pipeline = resources.redis.pipeline(transaction=False)
    recent.drop(pipeline, conversation_id)  # It has the name that the account had.
    await pipeline.execute()
