"""Plays are scored and counted exactly once."""

from collections.abc import Sequence

import msgspec
import pytest
from tests.conftest import Newcomer
from tests.domain.game.conftest import NOON, number

from app.domain.game.rules import NoSuchPlay
from app.domain.game.services.plays import Plays, Scored
from app.domain.game.services.statistics import statistics
from app.domain.game.standings.tallies import ALL_GAMES
from app.errors import IdempotencyConflict
from app.inbox.batches import Outcome
from app.resources import Sessions

pytestmark = pytest.mark.anyio


async def record(sessions: Sessions, *entries: bytes) -> Sequence[Outcome[Scored]]:
    async with sessions.begin() as session:
        return await Plays(session=session).record(entries, NOON, NOON.date(), secret=b"")


async def test_a_play_is_stored_with_what_it_won(newcomer: Newcomer, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    (outcome,) = await record(sessions, number(alice, 842, "k"))
    result = msgspec.json.decode(outcome.reply)
    assert (result["number"], result["result"], result["prize"]) == (842, "win", 421.0)


async def test_the_same_key_is_one_play_within_a_batch_and_after_it(newcomer: Newcomer, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    together = await record(sessions, number(alice, 842, "k"), number(alice, 842, "k"))
    (later,) = await record(sessions, number(alice, 842, "k"))
    assert len({outcome.reply for outcome in [*together, later]}) == 1
    async with sessions() as session:
        totals = await statistics(session, alice, ALL_GAMES, NOON.date())
    assert (totals.total_games, totals.total_prize) == (1, 421.0)


async def test_the_same_key_with_another_number_is_a_conflict(newcomer: Newcomer, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    first, second = await record(sessions, number(alice, 842, "k"), number(alice, 844, "k"))
    assert first.refusal is None
    assert isinstance(second.refusal, IdempotencyConflict)


async def test_two_players_may_use_the_same_key(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    outcomes = await record(sessions, number(alice, 842, "k"), number(bob, 7, "k"))
    assert [msgspec.json.decode(outcome.reply)["number"] for outcome in outcomes] == [842, 7]


async def test_a_play_of_nobody_is_refused_and_the_others_are_stored(newcomer: Newcomer, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    nobody, somebody = await record(sessions, number(99, 842, "k"), number(alice, 842, "k"))
    assert isinstance(nobody.refusal, NoSuchPlay)
    assert somebody.refusal is None


async def test_history_shows_the_newest_first_and_pages_back(newcomer: Newcomer, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    await record(sessions, *[number(alice, played, f"k{played}") for played in range(1, 8)])
    async with sessions() as session:
        first = await Plays(session=session).history(alice, 3, None)
        second = await Plays(session=session).history(alice, 3, first[-1].id)
    assert [play.number for play in first] == [7, 6, 5]
    assert [play.number for play in second] == [4, 3, 2]
