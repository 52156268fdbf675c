"""Plays as a worker stores them: at a time and on a day that a test chooses, in any game."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Protocol

import pytest
from redis.asyncio import Redis

from app.domain.game.games.number import NumberMove, game
from app.domain.game.services.ladder import climb
from app.domain.game.services.plays import Plays, Recorded
from app.domain.game.services.submitting import entry_of
from app.resources import Sessions

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""A Friday."""

keys = count(1)


def number(user_id: int, played: int, key: str | None = None) -> bytes:
    """A play of the number game as it lies in the inbox."""
    return entry_of(user_id, game, NumberMove(number=played), key or f"play {next(keys)}")


class Store(Protocol):
    async def __call__(self, *entries: bytes, now: datetime = NOON, day: date | None = None) -> Recorded: ...


@pytest.fixture
def store(sessions: Sessions) -> Store:
    """Stores a batch, and tells nobody."""

    async def stored(*entries: bytes, now: datetime = NOON, day: date | None = None) -> Recorded:
        async with sessions.begin() as session:
            return await Plays(session=session).record(entries, now, day or now.date())

    return stored


@pytest.fixture
def play(store: Store, redis: "Redis") -> Store:
    """Stores a batch, and lets the ladders know."""

    async def played(*entries: bytes, now: datetime = NOON, day: date | None = None) -> Recorded:
        recorded = await store(*entries, now=now, day=day)
        if recorded.tallied:
            pipeline = redis.pipeline(transaction=False)
            climb(pipeline, recorded.tallied)
            await pipeline.execute()
        return recorded

    return played
