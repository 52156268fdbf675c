"""taskiq over Redis streams: one stream of bells. Every task is safe to lose and safe to repeat.

A lost bell is made good by whoever sweeps its work (the drains' overdue entries, the outbox, the minute's reconcile),
so the stream may be trimmed, wiped, or restarted at any time.
"""

import asyncio
from collections.abc import AsyncGenerator

import structlog
from redis.exceptions import RedisError
from taskiq import AckableMessage
from taskiq_redis import RedisStreamBroker

from app.inbox.accept import BELL_STREAM, BELLS_KEPT

GROUP = "workers"
READ_BLOCK_MS = 1000
REDELIVER_AFTER_MS = 60_000
"""A task that its worker has not finished in this time is given to another one."""

RETRY_SECONDS = 0.2
log = structlog.get_logger()


class Broker(RedisStreamBroker):
    """RedisStreamBroker, whose listener outlives Redis: it waits, declares the group anew, and goes on."""

    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        while True:
            try:
                async for message in super().listen():
                    yield message
            except (RedisError, OSError) as error:
                log.warning("The worker lost Redis", error=repr(error))
                await asyncio.sleep(RETRY_SECONDS)
                await self._declare_anew()

    async def _declare_anew(self) -> None:
        try:
            await self._declare_consumer_group()
        except (RedisError, OSError):
            log.debug("Redis is still away")


def open_broker(redis_url: str) -> Broker:
    return Broker(
        url=redis_url,
        queue_name=BELL_STREAM,
        consumer_group_name=GROUP,
        consumer_id="0",  # A bell rung before the first worker ever started is heard too.
        xread_block=READ_BLOCK_MS,
        maxlen=BELLS_KEPT,
        idle_timeout=REDELIVER_AFTER_MS,
        unacknowledged_lock_timeout=5,  # Otherwise a killed worker would hold the lock for ever.
    )
