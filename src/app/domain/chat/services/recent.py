"""The last hundred messages of a conversation, in Redis for a day after the last one (document C).

Answering from here must be the same as answering from PostgreSQL. So the cache knows the number of the last event that
went into it, and a reader, who has the conversation's last number from the membership check anyway, takes it only if
the two are equal. New messages are added to a cache that stands right before them; an edit, a deletion or a reaction
drops it; after a miss, the reader fills it anew.
"""

from collections.abc import Sequence
from importlib.resources import files
from typing import cast

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError

from app.domain.chat.rules import CACHED_FOR, CACHED_MESSAGES
from app.domain.chat.schemas.events import EventFrame, MessageFrame
from app.domain.chat.services.ledger import number_of
from app.inbox.streams import partition_of

decode = msgspec.json.Decoder(MessageFrame).decode
encode = msgspec.json.Encoder().encode
REMEMBER = (files("app.domain.chat.services") / "remember.lua").read_text()


def keys(conversation_id: int) -> tuple[str, str]:
    """The messages, and the number of the last event that they reflect."""
    place = f"{{chat:{partition_of(conversation_id)}}}:{conversation_id}"
    return f"recent:{place}", f"recent-until:{place}"


def drop(pipeline: "Pipeline", conversation_id: int) -> None:
    """Queue that nothing of a conversation is kept here."""
    pipeline.delete(*keys(conversation_id))


def remember(pipeline: "Pipeline", conversation_id: int, events: Sequence[EventFrame]) -> None:
    """Queue what has just been stored in a conversation, in order. Doing it again, or late, does no harm."""
    fresh = last_run(events)
    messages = [event for event in fresh if isinstance(event, MessageFrame)]
    if len(messages) < len(fresh):
        drop(pipeline, conversation_id)
    else:
        queue_additions(pipeline, conversation_id, messages)


def last_run(events: Sequence[EventFrame]) -> list[EventFrame]:
    """Without what was only repeated: the events at the end whose numbers follow on each other."""
    run: list[EventFrame] = []
    for event in sorted(events, key=number_of, reverse=True):
        if run and number_of(event) < number_of(run[-1]) - 1:
            break
        if not run or number_of(event) < number_of(run[-1]):
            run.append(event)
    return run[::-1]


def queue_additions(pipeline: "Pipeline", conversation_id: int, messages: Sequence[MessageFrame]) -> None:
    before, until = messages[0].message_id - 1, messages[-1].message_id
    numbered = [part for one in messages[-CACHED_MESSAGES:] for part in (one.message_id, encode(one))]
    pipeline.eval(
        REMEMBER, 2, *keys(conversation_id), before, until, int(CACHED_FOR.total_seconds()), CACHED_MESSAGES, *numbered
    )


async def recall(redis: "Redis", conversation_id: int, last: int, limit: int) -> list[MessageFrame] | None:
    """The last messages, oldest first; None when Redis does not hold all of them, or is away.

    `last` is the number of the conversation's last event.
    """
    if limit > CACHED_MESSAGES:
        return None
    stored, until = keys(conversation_id)
    pipeline = redis.pipeline(transaction=True)
    pipeline.get(until)
    pipeline.zrange(stored, -limit, -1)
    try:
        # redis-py's annotation spans every protocol and option; ours gives bytes.
        known, raw = cast("tuple[bytes | None, list[bytes]]", await pipeline.execute())
    except (RedisError, OSError):
        return None
    return [decode(entry) for entry in raw] if known is not None and int(known) == last else None


async def refill(redis: "Redis", conversation_id: int, last: int, messages: Sequence[MessageFrame]) -> None:
    """Put back what a reader had to fetch: all that the cache may hold, as it was at the event `last` or later."""
    stored, until = keys(conversation_id)
    pipeline = redis.pipeline(transaction=True)
    pipeline.delete(stored)
    if messages:
        pipeline.zadd(stored, {encode(message): message.message_id for message in messages})
        pipeline.expire(stored, CACHED_FOR)
    pipeline.set(until, last, ex=CACHED_FOR)
    try:
        await pipeline.execute()
    except (RedisError, OSError):
        return
