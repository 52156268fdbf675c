"""How much is stored, minute by minute, for whoever watches. In Redis for an hour: figures, on which nothing rests.

A worker that dies between its commit and its announcement counts the same batch again.
"""

from collections.abc import Sequence
from time import time

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from app.inbox.streams import PARTITIONS, Kind

MINUTES = 60
MINUTE_SECONDS = 60
KEPT_SECONDS = (MINUTES + 1) * MINUTE_SECONDS


def mark(kind: Kind, partition: int, minute: int) -> str:
    """In the slot of the partition's other keys, so that it is written with them."""
    return f"stored:{{{kind}:{partition}}}:{minute}"


def count(pipeline: "Pipeline", kind: Kind, partition: int, stored: int) -> None:
    key = mark(kind, partition, this_minute())
    pipeline.incrby(key, stored)
    pipeline.expire(key, KEPT_SECONDS)


async def read(redis: "Redis", kind: Kind) -> Sequence[int]:
    """Entries stored in each of the last 60 minutes, the current one last: one round trip."""
    now = this_minute()
    minutes = range(now - MINUTES + 1, now + 1)
    pipeline = redis.pipeline(transaction=False)
    for partition in range(PARTITIONS):
        pipeline.mget([mark(kind, partition, minute) for minute in minutes])
    by_partition = await pipeline.execute()
    return [sum(int(stored or 0) for stored in minute) for minute in zip(*by_partition, strict=True)]


def this_minute() -> int:
    """By this process's clock."""
    return int(time()) // MINUTE_SECONDS
