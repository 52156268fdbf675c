"""The hub's one connection, cut while sockets join: no subscription is left on a connection that nobody reads."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from redis.asyncio import Redis

from app.hub import ear, events
from app.hub.fanout import Hub
from app.hub.outbox import Outbox

pytestmark = pytest.mark.anyio
PEOPLE = 40


async def test_sockets_that_join_while_redis_drops_us_hear_what_is_announced_afterwards(
    hub: Hub, redis: "Redis"
) -> None:
    heard: set[int] = set()

    async def join(person: int) -> None:
        async def receive(_: str) -> None:
            heard.add(person)

        async def close(_code: int, _reason: str) -> None: ...

        outbox = Outbox(person, receive, close)
        await stack.enter_async_context(outbox.sending())
        await asyncio.sleep(person * 0.005)
        await hub.join(events.user(person), outbox)

    async def cut() -> None:
        for _ in range(10):
            await redis.client_kill_filter(_type="pubsub")
            await asyncio.sleep(0.02)

    async with AsyncExitStack() as stack:
        await asyncio.gather(cut(), *map(join, range(1, PEOPLE + 1)))
        await asyncio.sleep(5 * ear.REOPEN_SECONDS)
        pipeline = redis.pipeline(transaction=False)
        for person in range(1, PEOPLE + 1):
            events.publish(pipeline, events.user(person), [events.Event(events.EPHEMERAL, "hello")])
        await pipeline.execute()
        async with asyncio.timeout(2):
            while len(heard) < PEOPLE:
                await asyncio.sleep(0.01)
