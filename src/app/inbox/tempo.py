"""How much is stored, minute by minute, for whoever watches. In Redis for an hour: figures, on which nothing rests.

A worker that dies between its commit and its announcement counts the same batch again.
"""

from collections.abc import Sequence
from time import time

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from app.inbox.streams import Kind

MINUTES = 60
MINUTE_SECONDS = 60
KEPT_SECONDS = (MINUTES + 1) * MINUTE_SECONDS


def mark(kind: Kind, minute: int) -> str:
    return f"stored:{kind}:{minute}"


def count(pipeline: "Pipeline", kind: Kind, stored: int) -> None:
    key = mark(kind, this_minute())
    pipeline.incrby(key, stored)
    pipeline.expire(key, KEPT_SECONDS)


async def read(redis: "Redis", kind: Kind) -> Sequence[int]:
    """Entries stored in each of the last 60 minutes, the current one last."""
    now = this_minute()
    stored = await redis.mget([mark(kind, minute) for minute in range(now - MINUTES + 1, now + 1)])
    return [int(count or 0) for count in stored]


def this_minute() -> int:
    """By this process's clock."""
    return int(time()) // MINUTE_SECONDS
