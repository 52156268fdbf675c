"""Telling others what has been stored, after the commit: the cache, the sockets, and the hubs that put people off.

A worker announces what came through the inbox, an API process what was done in a group. Either may come first or not
at all: the hub delivers by number and reads what is missing, and the cache takes only what follows on what it has.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError

from app.domain.chat.schemas.events import ConversationAdded, ConversationRemoved, EventFrame
from app.domain.chat.services import recent
from app.domain.chat.services.acts import Happening
from app.domain.chat.services.journal import as_event
from app.domain.chat.services.ledger import number_of
from app.hub import events
from app.hub.events import EPHEMERAL, Event

PATIENCE_SECONDS = 1.0
"""How long a request that PostgreSQL has carried out waits for a Redis that does not answer."""

encode = msgspec.json.Encoder().encode
log = structlog.get_logger()


def announce(pipeline: "Pipeline", facts: Sequence[EventFrame]) -> None:
    """Refresh the cache first: who hears of an event finds it there."""
    by_conversation: defaultdict[int, list[EventFrame]] = defaultdict(list)
    for fact in facts:
        by_conversation[fact.conversation_id].append(fact)
    for conversation_id, batch in by_conversation.items():
        recent.remember(pipeline, conversation_id, batch)
        stored = sorted(batch, key=number_of)
        events.publish(pipeline, events.conversation(conversation_id), [as_event(fact) for fact in stored])


async def announce_at_once(redis: "Redis", event: EventFrame) -> None:
    """For who writes beside the inbox."""
    pipeline = redis.pipeline(transaction=False)
    announce(pipeline, [event])
    await send(pipeline)


async def announce_act(redis: "Redis", act: Happening) -> None:
    """Who is out is put off first, so that they hear nothing of what comes after, not even of their own removal."""
    pipeline = redis.pipeline(transaction=False)
    channel = events.conversation(act.conversation_id)
    if act.departure == "ended":
        events.put_off(pipeline, channel)
    else:
        for user_id in act.removed:
            events.put_off(pipeline, channel, user_id)
    announce(pipeline, act.messages)
    if act.departure == "ended":
        recent.drop(pipeline, act.conversation_id)
    for user_id in act.added:
        tell(pipeline, user_id, ConversationAdded(act.conversation_id, act.seq))
    for user_id in act.removed:
        tell(pipeline, user_id, ConversationRemoved(act.conversation_id, act.seq, act.departure))
    if len(pipeline):
        await send(pipeline)


def tell(pipeline: "Pipeline", user_id: int, frame: ConversationAdded | ConversationRemoved) -> None:
    events.publish(pipeline, events.user(user_id), [Event(EPHEMERAL, encode(frame).decode())])


async def send(pipeline: "Pipeline") -> None:
    """Nothing is lost without Redis: the hubs find an event by its number, and who may no longer listen by asking."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await pipeline.execute(raise_on_error=False)  # A full Redis refuses the cache's write and takes the rest.
    except (RedisError, OSError) as error:
        log.warning("An event was not announced; the hubs will find it", error=repr(error))
