"""The last hundred messages of a conversation, in Redis for a day after the last one (document C).

Answering from here must be the same as answering from PostgreSQL. So a reader brings the conversation's last number,
which it has from the membership check anyway, and takes the cache only if it reaches from there back without a gap,
a hundred messages or to the first one. Anything else is a miss, after which the cache is filled from PostgreSQL.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import cast

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError

from app.domain.chat.rules import CACHED_FOR, CACHED_MESSAGES
from app.domain.chat.schemas import MessageFrame
from app.inbox.streams import partition_of

decode = msgspec.json.Decoder(MessageFrame).decode
encode = msgspec.json.Encoder().encode


def key(conversation_id: int) -> str:
    return f"recent:{{chat:{partition_of(conversation_id)}}}:{conversation_id}"


def remember(pipeline: "Pipeline", messages: Iterable[MessageFrame]) -> None:
    """Queue new messages, in any order and any number of times: a sorted set keeps each once, by its number."""
    by_conversation: defaultdict[int, dict[bytes, int]] = defaultdict(dict)
    for message in messages:
        by_conversation[message.conversation_id][encode(message)] = message.message_id
    for conversation_id, numbered in by_conversation.items():
        pipeline.zadd(key(conversation_id), numbered)
        pipeline.zremrangebyrank(key(conversation_id), 0, -CACHED_MESSAGES - 1)
        pipeline.expire(key(conversation_id), CACHED_FOR)


async def recall(redis: "Redis", conversation_id: int, last: int, limit: int) -> list[MessageFrame] | None:
    """The last messages, oldest first; None when Redis does not hold all of them, or is away."""
    if limit > CACHED_MESSAGES:
        return None
    try:
        # redis-py's annotation spans every protocol and option; ours gives bytes.
        raw = cast("list[bytes]", await redis.zrange(key(conversation_id), -limit, -1))
    except (RedisError, OSError):
        return None
    messages = [decode(entry) for entry in raw]
    wanted = range(max(1, last - limit + 1), last + 1)
    return messages if [message.message_id for message in messages] == list(wanted) else None


async def refill(redis: "Redis", messages: Sequence[MessageFrame]) -> None:
    """Put back what a reader had to fetch from PostgreSQL."""
    pipeline = redis.pipeline(transaction=False)
    remember(pipeline, messages)
    try:
        await pipeline.execute()
    except (RedisError, OSError):
        return
