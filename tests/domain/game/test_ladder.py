"""A ladder says what PostgreSQL says, or nothing: whatever is lost, late, doubled or wiped."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from sqlalchemy import text
from tests.conftest import Newcomer
from tests.domain.game.conftest import NOON, Store, number

from app.domain.game.services import building
from app.domain.game.services.ladder import Heights, Ladder, board_key, climb, number_key
from app.domain.game.services.registry import GAMES
from app.domain.game.standings.boards import Board, board_on, kept_boards
from app.domain.game.standings.tallies import ALL_GAMES
from app.domain.game.tasks.ladders import mend_ladders
from app.inbox.streams import PARTITIONS
from app.resources import Resources, Sessions

pytestmark = pytest.mark.anyio

TODAY = NOON.date()
OF_ALL_TIME = Board(ALL_GAMES, "all", None)
PLAYERS = (1, 2, 17)
GAMES_COUNTED = (*GAMES, ALL_GAMES)


async def in_postgresql(sessions: Sessions, board: Board) -> list[int]:
    """What each player of a board has won."""
    source = (
        "tallies WHERE game = :game"
        if board.starts_on is None
        else ("standings WHERE game = :game AND period = :period AND starts_on = :starts_on")
    )
    async with sessions() as session:
        return list(await session.scalars(text(f"SELECT prize_cents FROM {source}"), board._asdict()))


async def assert_ladders_are_right(sessions: Sessions, redis: "Redis") -> None:
    for board in kept_boards(GAMES_COUNTED, TODAY):
        prizes = await in_postgresql(sessions, board)
        asked = [*prizes, 0, 100]
        expected = Heights(len(prizes), {one: sum(prize > one for prize in prizes) for one in asked})
        assert await Ladder(redis).heights(board, asked) == expected, board


async def mend(resources: Resources) -> None:
    """The looks of a worker at rest: what the first one sees has to be there at the second."""
    await mend_ladders(resources, await mend_ladders(resources, {}, TODAY), TODAY)


@pytest.fixture
async def people(newcomer: Newcomer, sessions: Sessions) -> None:
    await join(sessions)


async def join(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        for player in PLAYERS:
            await session.execute(
                text("""
                    INSERT INTO users (id, username, password_hash) OVERRIDING SYSTEM VALUE
                    VALUES (:id, :name, '-') ON CONFLICT DO NOTHING
                """),
                {"id": player, "name": f"player{player}"},
            )


Fate = Literal["told", "lost", "twice", "late", "wiped", "mended"]
plays = st.tuples(st.sampled_from(PLAYERS), st.integers(1, 9999))
batches = st.lists(
    st.tuples(
        st.sampled_from(["told", "told", "told", "lost", "twice", "late", "wiped", "mended"]),
        st.integers(-3, 3),
        st.lists(plays, min_size=1, max_size=6),
    ),
    max_size=6,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches)
async def test_what_a_ladder_says_is_what_postgresql_says_whatever_became_of_the_announcements(
    clean: None,
    resources: Resources,
    store: Store,
    batches: Sequence[tuple[Fate, int, Sequence[tuple[int, int]]]],
) -> None:
    sessions, redis = resources.sessions, resources.redis
    async with sessions.begin() as session:
        await session.execute(text("TRUNCATE plays, tallies, standings, board_numbers, achievements"))
    await redis.flushall()
    await join(sessions)
    await mend_ladders(resources, {}, TODAY)
    late = []
    for fate, days, batch in batches:
        now = NOON + days * timedelta(days=1)
        tallied = await store(*(number(player, played) for player, played in batch), now=now)
        assert tallied
        pipeline = redis.pipeline(transaction=False)
        for _ in range({"told": 1, "twice": 2}.get(fate, 0)):
            climb(pipeline, tallied)
        await pipeline.execute()
        if fate == "late":
            late.append(tallied)
        elif fate == "wiped":
            await redis.flushall()
        elif fate == "mended":
            await mend(resources)
        if await building.known(redis) == await numbers_in_postgresql(sessions):
            await assert_ladders_are_right(sessions, redis)
    pipeline = redis.pipeline(transaction=False)
    for one in late:
        climb(pipeline, one)
    await pipeline.execute()
    await mend(resources)
    await assert_ladders_are_right(sessions, redis)


async def numbers_in_postgresql(sessions: Sessions) -> dict[int, int]:
    async with sessions() as session:
        return dict.fromkeys(range(PARTITIONS), 0) | await building.counted(session)


async def test_without_redis_or_while_a_part_is_missing_nothing_is_said(
    people: None, resources: Resources, play: Store
) -> None:
    assert await Ladder(resources.redis).heights(OF_ALL_TIME, [0]) is None
    await mend_ladders(resources, {}, TODAY)
    await play(number(1, 842))
    assert await Ladder(resources.redis).heights(OF_ALL_TIME, [0]) == Heights(1, {0: 1})
    await resources.redis.delete(number_key(5))
    assert await Ladder(resources.redis).heights(OF_ALL_TIME, [0]) is None
    away = Redis(host="127.0.0.1", port=1)
    assert await Ladder(away).heights(OF_ALL_TIME, [0]) is None
    await away.aclose()


async def test_one_that_stays_behind_is_built_anew_and_one_that_is_about_to_follow_is_not(
    people: None, resources: Resources, store: Store, play: Store
) -> None:
    """A worker may be between its commit and its announcement; two seconds later it has died there."""
    before = await mend_ladders(resources, {}, TODAY)
    await play(number(1, 842))
    await store(number(1, 842))
    before = await mend_ladders(resources, before, TODAY)
    assert await Ladder(resources.redis).heights(OF_ALL_TIME, [42_100]) == Heights(1, {42_100: 0})
    await mend_ladders(resources, before, TODAY)
    assert await Ladder(resources.redis).heights(OF_ALL_TIME, [42_100]) == Heights(1, {42_100: 1})


async def test_of_two_who_would_build_at_once_one_does(people: None, resources: Resources, play: Store) -> None:
    await play(number(1, 842))

    async def build() -> bool:
        async with resources.sessions.begin() as session:
            return await building.build(session, resources.redis, 1, GAMES_COUNTED, TODAY)

    assert sorted(await asyncio.gather(build(), build())) == [False, True]


async def test_what_was_built_for_another_is_not_installed(people: None, resources: Resources, play: Store) -> None:
    await play(number(1, 842))
    board = board_on(ALL_GAMES, "all", TODAY)
    keys = [number_key(1), "elsewhere", board_key(1, board)]
    await resources.redis.set(number_key(1), "built by the one who came later")
    assert await resources.redis.eval(building.INSTALL, 3, *keys, "built by the one who was frozen", 7, 0) == 0
    assert await resources.redis.get(number_key(1)) == b"built by the one who came later"


async def test_boards_of_days_and_weeks_are_let_go_and_those_of_all_time_stay(
    people: None, resources: Resources, play: Store
) -> None:
    await mend_ladders(resources, {}, TODAY)
    await play(number(1, 842))
    stay = {
        period: await resources.redis.expiretime(board_key(1, board_on(ALL_GAMES, period, TODAY)))
        for period in ("day", "week", "all")
    }
    await resources.redis.delete(number_key(1))
    await mend_ladders(resources, {}, TODAY)
    rebuilt = {
        period: await resources.redis.expiretime(board_key(1, board_on(ALL_GAMES, period, TODAY)))
        for period in ("day", "week", "all")
    }
    assert stay == rebuilt
    assert stay["all"] == -1
    assert stay["day"] == (NOON.replace(hour=0) + timedelta(days=4)).timestamp()
    assert stay["week"] == (NOON.replace(hour=0) + timedelta(days=-4 + 14)).timestamp()
