"""API processes as far as presence goes, on a real Redis: each with devices that come and go when a test says so."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from redis.asyncio import Redis

from app.domain.presence.services.devices import Devices
from app.domain.presence.services.roll import CHANNEL, Roll, read_announcement

LONG = 60.0
"""Seconds of lease, in which no process dies unless a test kills it."""

OpenProcess = Callable[[], Devices]


@pytest.fixture
def roll(redis: "Redis", clean: None) -> Roll:
    return Roll(redis)


@pytest.fixture
def process(roll: Roll) -> OpenProcess:
    return lambda: Devices(roll, lease=LONG, grace=0)


async def let_grace_end() -> None:
    for _ in range(2):
        await asyncio.sleep(0)


Announced = Callable[[], Awaitable[list[int]]]
"""Who has been announced since it was asked last."""


@pytest.fixture
async def announced(redis: "Redis", roll: Roll) -> AsyncIterator[Announced]:
    async with redis.pubsub() as pubsub:
        await pubsub.subscribe(CHANNEL)
        assert await pubsub.get_message(timeout=2)

        async def take() -> list[int]:
            found: list[int] = []
            while message := await pubsub.get_message(timeout=0.02):
                found += read_announcement(message["data"])
            return found

        yield take
