"""Plays are scored and counted exactly once."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.conftest import Newcomer

from app.domain.game.definition import no_luck
from app.domain.game.games.number import NumberMove, game
from app.domain.game.rules import NoSuchPlay
from app.domain.game.services.plays import Plays, Scored
from app.domain.game.services.submitting import entry_of
from app.errors import IdempotencyConflict
from app.inbox.drain import Outcome
from app.resources import Sessions

pytestmark = pytest.mark.anyio


def number(user_id: int, played: int, key: str) -> bytes:
    return entry_of(user_id, game, NumberMove(number=played), key)


async def record(sessions: Sessions, *entries: bytes) -> Sequence[Outcome[Scored]]:
    async with sessions.begin() as session:
        return await Plays(session=session).record(entries, secret=b"")


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
        statistics = await Plays(session=session).statistics(alice)
    assert (statistics.total_games, statistics.total_prize) == (1, 421.0)


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


async def test_somebody_who_never_played_has_empty_statistics(newcomer: Newcomer, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    async with sessions() as session:
        statistics = await Plays(session=session).statistics(alice)
    assert (statistics.total_games, statistics.win_rate, statistics.last_played) == (0, 0.0, None)


plays = st.tuples(st.integers(1, 2), st.integers(1, 9999), st.integers(1, 40))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(plays, min_size=1, max_size=12), min_size=1, max_size=4))
async def test_statistics_equal_a_recount_of_the_plays(
    newcomer: Newcomer, sessions: Sessions, batches: list[list[tuple[int, int, int]]]
) -> None:
    async with sessions.begin() as session:
        await session.execute(text("TRUNCATE plays, tallies"))
        await session.execute(
            text("INSERT INTO users (username, password_hash) VALUES ('a', '-'), ('b', '-') ON CONFLICT DO NOTHING")
        )
    expected: dict[tuple[int, int], int] = {}
    for batch in batches:
        await record(sessions, *[number(user, played, f"k{key}") for user, played, key in batch])
        for user, played, key in batch:
            expected.setdefault((user, key), played)
    for user in (1, 2):
        scores = [
            game.play(NumberMove(number=played), no_luck) for (player, _), played in expected.items() if player == user
        ]
        async with sessions() as session:
            statistics = await Plays(session=session).statistics(user)
        assert statistics.total_games == len(scores)
        assert statistics.wins == sum(play.won for play in scores)
        assert round(statistics.total_prize * 100) == sum(play.prize_cents for play in scores)
        assert round(statistics.best_prize * 100) == max((play.prize_cents for play in scores), default=0)
