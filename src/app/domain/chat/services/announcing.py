"""Telling every open socket and the cache what has been stored: after the commit, and never before."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError

from app.domain.chat.schemas.events import EventFrame
from app.domain.chat.services import recent
from app.domain.chat.services.journal import as_event
from app.domain.chat.services.ledger import number_of
from app.hub import events

PATIENCE_SECONDS = 1.0
"""How long a request that PostgreSQL has carried out waits for a Redis that does not answer."""

log = structlog.get_logger()


def announce(pipeline: "Pipeline", facts: Sequence[EventFrame]) -> None:
    """Refresh the cache first: who hears of an event finds it there."""
    by_conversation: defaultdict[int, list[EventFrame]] = defaultdict(list)
    for fact in facts:
        by_conversation[fact.conversation_id].append(fact)
    for conversation_id, batch in by_conversation.items():
        recent.remember(pipeline, conversation_id, batch)
        stored = sorted(batch, key=number_of)
        published = [as_event(fact) for fact in stored]
        events.publish(pipeline, events.conversation(conversation_id), published)


async def announce_at_once(redis: "Redis", event: EventFrame) -> None:
    """For who writes beside the inbox. Nothing is lost without Redis: the hubs find the event by its number."""
    pipeline = redis.pipeline(transaction=False)
    announce(pipeline, [event])
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await pipeline.execute()
    except (RedisError, OSError) as error:
        log.warning("An event was not announced; the hubs will find it", error=repr(error))
