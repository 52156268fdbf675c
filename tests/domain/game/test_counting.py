"""Whatever is played, and however often it is sent: what was counted is what a recount of the plays gives."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.conftest import Newcomer
from tests.domain.game.conftest import NOON, Store, number
from tests.domain.game.recount import assert_all_is_counted

from app.days import today
from app.domain.game.services.counting import count_plays
from app.domain.game.services.statistics import achievements, of_day, statistics
from app.domain.game.standings.tallies import ALL_GAMES, Counted
from app.resources import Sessions

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
PLAYERS = (1, 2, 17)
"""Of whom the first and the last are in one partition."""

plays = st.tuples(st.sampled_from(PLAYERS), st.integers(1, 9999), st.integers(1, 60))
"""A player, a number, and a key that may have been used before."""

batches = st.lists(
    st.tuples(st.sampled_from([-1, 0, 0, 0, 1, 1, 2, 6]), st.lists(plays, min_size=1, max_size=12)), max_size=6
)
"""Each so many days after the one before; a negative number is a change of zone, or a clock that was set back."""


async def begin_anew(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await session.execute(text("TRUNCATE plays, tallies, standings, achievements, notifications CASCADE"))
        for player in PLAYERS:
            await session.execute(
                text("""
                    INSERT INTO users (id, username, password_hash) OVERRIDING SYSTEM VALUE
                    VALUES (:id, :name, '-') ON CONFLICT DO NOTHING
                """),
                {"id": player, "name": f"player{player}"},
            )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches)
@example([(0, [(1, 2, 1), (1, 1, 2), (1, 2, 3)]), (1, [(1, 2, 4), (1, 4, 3)]), (-1, [(1, 3, 5)]), (1, [(1, 2, 6)])])
async def test_what_is_counted_equals_a_recount(
    clean: None, sessions: Sessions, store: Store, batches: Sequence[tuple[int, Sequence[tuple[int, int, int]]]]
) -> None:
    await begin_anew(sessions)
    now = NOON
    for step, (days, batch) in enumerate(batches):
        now += days * DAY
        for _ in range(2):  # A worker that dies before it has deleted the entries is followed by one that repeats it.
            await store(
                *(number(player, played, f"k{key}") for player, played, key in batch),
                now=now + timedelta(seconds=step),
                day=now.date(),
            )
    await assert_all_is_counted(sessions)


async def test_games_are_counted_each_and_together(newcomer: Newcomer, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    won, lost = Counted(alice, "number", won=True, prize_cents=20), Counted(alice, "dice", won=False, prize_cents=0)
    async with sessions.begin() as session:
        tallied = await count_plays(session, [won, lost, won, won], NOON, NOON.date())
        streaks = await session.execute(text("SELECT game, games, best_win_streak FROM tallies ORDER BY game"))
    assert tallied
    assert [tuple(row) for row in streaks] == [("*", 4, 2), ("dice", 1, 0), ("number", 3, 3)]
    assert {board.game for board in tallied.climbers} == {"*", "dice", "number"}


async def test_two_who_count_the_same_player_at_once_lose_nothing(newcomer: Newcomer, sessions: Sessions) -> None:
    """The inbox sees to it that there is one; this does not rest on it."""
    alice = await newcomer("alice")
    won = Counted(alice, "number", won=True, prize_cents=20)

    async def count() -> None:
        async with sessions.begin() as session:
            await count_plays(session, [won], NOON, NOON.date())

    await asyncio.gather(*(count() for _ in range(8)))
    async with sessions() as session:
        row = (await session.execute(text("SELECT games, win_streak FROM tallies WHERE game = '*'"))).one()
        number = await session.scalar(text("SELECT number FROM board_numbers"))
    assert (row.games, row.win_streak, number) == (8, 8, 8)


async def streaks(sessions: Sessions, user_id: int, today: date) -> tuple[int, int]:
    async with sessions() as session:
        found = await statistics(session, user_id, ALL_GAMES, today)
    return found.day_streak, found.best_day_streak


async def test_a_daily_streak_is_over_after_a_missed_day_without_a_write(
    newcomer: Newcomer, store: Store, sessions: Sessions
) -> None:
    alice = await newcomer("alice")
    for days in range(3):
        await store(number(alice, 1), number(alice, 2), now=NOON + days * DAY)
    last = NOON.date() + 2 * DAY
    assert [await streaks(sessions, alice, last + days * DAY) for days in range(3)] == [(3, 3), (3, 3), (0, 3)]
    await store(number(alice, 1), now=NOON + 4 * DAY)
    assert await streaks(sessions, alice, last + 2 * DAY) == (1, 3)


async def test_a_change_of_zone_neither_doubles_a_day_nor_breaks_a_streak(
    newcomer: Newcomer, store: Store, sessions: Sessions
) -> None:
    """On the evening of the 21st in Kiritimati the operator moves to Honolulu, where it is the evening of the 20th."""
    alice = await newcomer("alice")
    evening = datetime(2026, 11, 21, 8, tzinfo=UTC)
    kiritimati, honolulu = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Honolulu")
    for now, zone in (
        (evening - DAY, kiritimati),
        (evening, kiritimati),
        (evening, honolulu),
        (evening + DAY, honolulu),
        (evening + 2 * DAY, honolulu),
    ):
        await store(number(alice, 2), now=now, day=today(now, zone))
    assert await streaks(sessions, alice, today(evening + 2 * DAY, honolulu)) == (3, 3)
    async with sessions() as session:
        days = await session.execute(
            text("SELECT starts_on, games FROM standings WHERE game = '*' AND period = 'day' ORDER BY starts_on")
        )
    assert [(row.starts_on.day, row.games) for row in days] == [(20, 2), (21, 2), (22, 1)]
    await assert_all_is_counted(sessions)


async def test_an_achievement_is_earned_once_and_told_once(
    newcomer: Newcomer, store: Store, sessions: Sessions
) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    first = await store(number(alice, 1, "a"), number(bob, 842, "b"))
    again = await store(number(alice, 1, "a"), number(alice, 3, "c"))
    assert first
    assert again
    told = {(one.user_id, one.notification.body.achievement) for one in first.notified}
    assert told == {(alice, "first_play"), (bob, "first_play"), (bob, "first_win")}
    assert not again.notified
    async with sessions() as session:
        earned = {one.name: one.earned_at for one in await achievements(session, alice)}
    assert earned["first_play"] == NOON
    assert earned["first_win"] is None


async def test_an_achievement_that_is_added_later_is_given_on_the_first_play_of_a_day(
    newcomer: Newcomer, store: Store, sessions: Sessions
) -> None:
    alice = await newcomer("alice")
    await store(number(alice, 842))
    async with sessions.begin() as session:
        await session.execute(text("TRUNCATE achievements, notifications CASCADE"))
    same_day = await store(number(alice, 842))
    next_day = await store(number(alice, 842), now=NOON + DAY)
    assert same_day
    assert next_day
    assert [len(tallied.notified) for tallied in (same_day, next_day)] == [0, 2]


async def test_what_was_played_on_a_day_is_the_sum_of_its_players(
    store: Store, newcomer: Newcomer, sessions: Sessions
) -> None:
    await newcomer("alice")
    await newcomer("bob")
    yesterday = NOON.date() - DAY
    await store(number(1, 842), number(1, 843), number(2, 842))
    await store(number(1, 844), day=yesterday)
    async with sessions() as session:
        found = [await of_day(session, day) for day in (NOON.date(), yesterday, NOON.date() + DAY)]
    assert found == [(2, 3), (1, 1), (0, 0)]
