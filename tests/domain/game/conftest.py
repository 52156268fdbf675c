"""Plays recorded as a worker does it, at a time and on a day that a test chooses; and a group that plays rounds."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any, Protocol

import msgspec
import pytest
from redis.asyncio import Redis
from tests.conftest import Newcomer
from tests.domain.game.rounds_of_dice import Table

from app.domain.chat.services.conversations import Conversations
from app.domain.game.games import number as the_number_game
from app.domain.game.games.dice import Chance, DiceMove, game
from app.domain.game.services.counting import Tallied
from app.domain.game.services.epochs import Epochs
from app.domain.game.services.ladder import climb
from app.domain.game.services.plays import Plays, Scored
from app.domain.game.services.submitting import entry_of
from app.errors import AppError
from app.inbox.batches import Outcome
from app.resources import Sessions

SECRET = b"\x07" * 32

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""A Friday."""

keys = count(1)


def number(user_id: int, played: int, key: str | None = None) -> bytes:
    move = the_number_game.NumberMove(number=played)
    return entry_of(user_id, the_number_game.game, move, key or f"play {next(keys)}")


def dice(user_id: int, key: str, epoch: int | None = None, nonce: str | None = None, chance: Chance = 50) -> bytes:
    return entry_of(user_id, game, DiceMove(side="over", chance=chance, epoch=epoch, nonce=nonce), key)


Record = Callable[..., Awaitable[Sequence[Outcome[Scored]]]]
Begin = Callable[..., Awaitable[str]]


@pytest.fixture
def record(sessions: Sessions) -> Record:
    async def recorded(*entries: bytes, secret: bytes = SECRET) -> Sequence[Outcome[Scored]]:
        async with sessions.begin() as session:
            return await Plays(session=session).record(entries, NOON, NOON.date(), secret=secret)

    return recorded


@pytest.fixture
def begin(sessions: Sessions) -> Begin:
    """Begins somebody's epoch; answers its genesis."""

    async def begun(user_id: int, number: int, secret: bytes = SECRET) -> str:
        async with sessions.begin() as session:
            return (await Epochs(session=session).begin(user_id, "dice", number, secret)).genesis

    return begun


def answers(outcomes: Sequence[Outcome[Scored]]) -> list[Any]:
    """What each was answered: the result, or the error."""
    return [outcome.refusal or msgspec.json.decode(outcome.reply) for outcome in outcomes]


def refusals(outcomes: Sequence[Outcome[Scored]]) -> list[type[AppError] | None]:
    return [type(outcome.refusal) if outcome.refusal else None for outcome in outcomes]


@pytest.fixture
async def table(newcomer: Newcomer, sessions: Sessions) -> Table:
    """The group of ann, who is user 1, with ben, who is 2, and without eve, who is 3."""
    ann, ben, _ = [await newcomer(name) for name in ("ann", "ben", "eve")]
    async with sessions.begin() as session:
        group = await Conversations(session=session).open_group(ann, [ben], "Dice", joinable=False)
    return Table(sessions, group.id, ann)


class Store(Protocol):
    async def __call__(self, *entries: bytes, now: datetime = NOON, day: date | None = None) -> Tallied | None: ...


@pytest.fixture
def store(sessions: Sessions) -> Store:
    """Stores a batch, and tells nobody what it came to."""

    async def stored(*entries: bytes, now: datetime = NOON, day: date | None = None) -> Tallied | None:
        async with sessions.begin() as session:
            outcomes = await Plays(session=session).record(entries, now, day or now.date(), secret=SECRET)
        return next((outcome.fact.tallied for outcome in outcomes if outcome.fact and outcome.fact.tallied), None)

    return stored


@pytest.fixture
def play(store: Store, redis: "Redis") -> Store:
    """Stores a batch, and lets the ladders know."""

    async def played(*entries: bytes, now: datetime = NOON, day: date | None = None) -> Tallied | None:
        tallied = await store(*entries, now=now, day=day)
        if tallied:
            pipeline = redis.pipeline(transaction=False)
            climb(pipeline, tallied)
            await pipeline.execute()
        return tallied

    return played
