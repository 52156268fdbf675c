"""taskiq over Redis streams: one stream of bells. Every task is safe to lose and safe to repeat.

A lost bell is made good by whoever sweeps its work (the drains' overdue entries, the outbox, the minute's reconcile).
So bells are taken without acknowledgement, none is ever redelivered, and the stream may be trimmed, wiped or restarted
at any time.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from typing import cast

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from taskiq import AckableMessage
from taskiq_redis import RedisStreamBroker

from app.inbox.accept import BELL_STREAM, BELLS_KEPT
from app.workers.errands import Errands

GROUP = "workers"
BELLS_AT_ONCE = 100
READ_BLOCK_MS = 1000
RETRY_SECONDS = 0.2
Fetched = Sequence[tuple[bytes, Sequence[tuple[bytes, Mapping[bytes, bytes]]]]]
"""What redis-py answers over RESP2, of all that its annotations allow: messages by stream, each with its fields."""

log = structlog.get_logger()


class Broker(RedisStreamBroker):
    """RedisStreamBroker, with a listener of our own.

    taskiq-redis's acknowledges each message and looks for abandoned ones under a lock after each read, which took 40 %
    of a worker's time and buys nothing here. It also ends with its first error; this one waits for Redis, declares the
    group anew, and goes on.
    """

    async def listen(self) -> AsyncGenerator[bytes | AckableMessage, None]:  # type: ignore[override]  # As taskiq takes.
        async with Redis(connection_pool=self.connection_pool) as redis:
            while True:
                try:
                    fetched = await redis.xreadgroup(
                        GROUP, self.consumer_name, {BELL_STREAM: ">"}, BELLS_AT_ONCE, READ_BLOCK_MS, noack=True
                    )
                except (RedisError, OSError) as error:
                    log.warning("The worker lost Redis", error=repr(error))
                    await asyncio.sleep(RETRY_SECONDS)
                    with suppress(RedisError, OSError):
                        await self._declare_consumer_group()
                    continue
                for _, bells in cast("Fetched", fetched or ()):
                    for _, fields in bells:
                        yield fields[b"data"]

    async def shutdown(self) -> None:
        with suppress(RedisError, OSError):  # Redis is away: the group keeps a name that nobody bears.
            async with Redis(connection_pool=self.connection_pool) as redis:
                await redis.xgroup_delconsumer(BELL_STREAM, GROUP, self.consumer_name)
        await super().shutdown()


def open_broker(redis_url: str) -> Broker:
    broker = Broker(
        url=redis_url,
        queue_name=BELL_STREAM,
        consumer_group_name=GROUP,
        consumer_id="0",  # A bell rung before the first worker ever started is heard too.
        maxlen=BELLS_KEPT,
        protocol=2,
    )
    broker.add_middlewares(Errands())
    return broker
