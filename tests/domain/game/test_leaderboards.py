"""Who stands where, and who is shown to whom: with the ladders, and without them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.conftest import Newcomer
from tests.domain.game.conftest import NOON, Store, number

from app.domain.game.schemas.standings import BoardPlace
from app.domain.game.services.ladder import Ladder
from app.domain.game.services.leaderboards import Leaderboard
from app.domain.game.standings.boards import Period, board_on
from app.domain.game.standings.tallies import ALL_GAMES
from app.domain.game.tasks.ladders import mend_ladders
from app.domain.social.schemas import PrivacyChange
from app.domain.social.services.blocks import Blocks
from app.domain.social.services.friendships import Friendships
from app.domain.social.services.privacy import Privacy
from app.resources import Resources, Sessions

pytestmark = pytest.mark.anyio

TODAY = NOON.date()
DAY = timedelta(days=1)

PLAYED = {"ann": 42, "cem": 30, "ben": 30, "dan": 10, "eve": 1}
"""In this order. Ann wins 4.20, Cem and Ben 3.00, Dan 1.00, Eve nothing."""

Read = Callable[[AsyncSession], Leaderboard]


@pytest.fixture(params=["ladders", "postgresql"])
async def whole(request: pytest.FixtureRequest, clean: None, resources: Resources) -> None:
    """With the ladders there are, or while there are none."""
    if request.param == "ladders":
        await mend_ladders(resources, {}, TODAY)


@pytest.fixture
async def people(newcomer: Newcomer, whole: None, play: Store) -> dict[str, int]:
    """Ann, Ben, Cem, Dan, Eve and Fay in the order of their ids. All but Fay have played once."""
    ids = {name: await newcomer(name) for name in ("ann", "ben", "cem", "dan", "eve", "fay")}
    for seconds, (name, played) in enumerate(PLAYED.items()):
        await play(number(ids[name], played), now=NOON + timedelta(seconds=seconds))
    return ids


@pytest.fixture
def board(redis: "Redis") -> Callable[..., Read]:
    def of(period: Period = "all", game: str = ALL_GAMES, day: int = 0) -> Read:
        named = board_on(game, period, TODAY + day * DAY)
        return lambda session: Leaderboard(session, Ladder(redis), named, TODAY)

    return of


Board = Callable[..., Read]


def ranked(places: object) -> list[tuple[int, str]]:
    assert isinstance(places, (list, tuple))
    return [(place.rank, place.username) for place in places]


ALL = [(1, "ann"), (2, "cem"), (2, "ben"), (4, "dan"), (5, "eve")]


async def test_equals_share_a_rank_and_the_first_to_reach_it_stands_first(
    people: dict[str, int], board: Board, sessions: Sessions
) -> None:
    async with sessions() as session:
        found = await board()(session).top(people["cem"], 10, 0)
    assert ranked(found.places) == ALL
    assert found.players == 5
    assert found.me == BoardPlace(2, people["cem"], "cem", 3.0, 1, 1, NOON + timedelta(seconds=1))


@pytest.mark.parametrize(("limit", "offset"), [(2, 0), (2, 1), (2, 2), (1, 2), (10, 4), (10, 5)])
async def test_pages_cut_the_list_and_change_no_rank(
    people: dict[str, int], board: Board, sessions: Sessions, limit: int, offset: int
) -> None:
    async with sessions() as session:
        found = await board()(session).top(people["fay"], limit, offset)
    assert ranked(found.places) == ALL[offset : offset + limit]
    assert found.me is None


@pytest.mark.parametrize(
    ("who", "limit", "expected"),
    [
        ("ann", 3, ALL[:2]),
        ("cem", 3, ALL[:3]),
        ("ben", 3, ALL[1:4]),
        ("ben", 1, ALL[2:3]),
        ("eve", 5, ALL[2:]),
        ("dan", 100, ALL),
    ],
)
async def test_around_somebody_are_those_next_to_them(
    people: dict[str, int], board: Board, sessions: Sessions, who: str, limit: int, expected: list[tuple[int, str]]
) -> None:
    async with sessions() as session:
        found = await board()(session).around(people[who], limit)
    assert ranked(found.places) == expected
    assert found.me
    assert (found.me.rank, found.me.username, found.players) == (*next(one for one in ALL if one[1] == who), 5)


async def test_around_somebody_who_has_not_played_is_nobody(
    people: dict[str, int], board: Board, sessions: Sessions
) -> None:
    async with sessions() as session:
        assert await board()(session).around(people["fay"], 5) == (5, None, ())


async def befriend(sessions: Sessions, one: int, *others: int) -> None:
    async with sessions.begin() as session:
        for other in others:
            await Friendships(session=session).request(one, other)
    for other in others:
        async with sessions.begin() as session:
            await Friendships(session=session).accept(other, one)


async def test_friends_have_ranks_among_themselves(people: dict[str, int], board: Board, sessions: Sessions) -> None:
    await befriend(sessions, people["dan"], people["ben"], people["cem"], people["fay"])
    async with sessions.begin() as session:
        await Friendships(session=session).request(people["ann"], people["dan"])
    async with sessions() as session:
        found = await board()(session).among_friends(people["dan"], 10, 0)
        second = await board()(session).among_friends(people["dan"], 1, 1)
    assert ranked(found.places) == [(1, "cem"), (1, "ben"), (3, "dan")]
    assert (found.players, found.me and found.me.rank) == (3, 3)
    assert (ranked(second.places), second.me) == ([(1, "ben")], found.me)


async def test_who_has_no_friends_is_among_themselves_and_who_has_not_played_either_sees_nobody(
    people: dict[str, int], board: Board, sessions: Sessions
) -> None:
    async with sessions() as session:
        alone = await board()(session).among_friends(people["eve"], 10, 0)
        nobody = await board()(session).among_friends(people["fay"], 10, 0)
    assert ranked(alone.places) == [(1, "eve")]
    assert nobody == (0, None, [])


HIDE = {
    "chose": None,
    "was suspended": "UPDATE users SET suspended_until = now() + interval '1 hour' WHERE id = :id",
    "has gone": "UPDATE users SET deactivated_at = now() WHERE id = :id",
}


@pytest.mark.parametrize("why", HIDE)
async def test_who_is_hidden_is_not_shown_and_keeps_their_place(
    people: dict[str, int], board: Board, sessions: Sessions, why: str
) -> None:
    await befriend(sessions, people["dan"], people["cem"], people["ben"])
    async with sessions.begin() as session:
        if statement := HIDE[why]:
            await session.execute(text(statement), {"id": people["cem"]})
        else:
            await Privacy(session=session).change(people["cem"], PrivacyChange(leaderboards=False))
    async with sessions() as session:
        top = await board()(session).top(people["ann"], 10, 0)
        around = await board()(session).around(people["dan"], 5)
        friends = await board()(session).among_friends(people["dan"], 10, 0)
    assert ranked(top.places) == [ALL[0], *ALL[2:]]
    assert ranked(around.places) == ALL[2:]
    assert (top.players, around.players) == (5, 5)
    assert ranked(friends.places) == [(1, "ben"), (2, "dan")], "a gap would tell who it is"


async def test_a_suspension_that_is_over_hides_nobody(people: dict[str, int], board: Board, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await session.execute(text("UPDATE users SET suspended_until = now() - interval '1 second'"))
    async with sessions() as session:
        assert ranked((await board()(session).top(people["ann"], 10, 0)).places) == ALL


async def test_who_has_chosen_not_to_be_listed_sees_themselves(
    people: dict[str, int], board: Board, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await Privacy(session=session).change(people["cem"], PrivacyChange(leaderboards=False))
    async with sessions() as session:
        found = await board()(session).top(people["cem"], 10, 0)
    assert ranked(found.places) == ALL


@pytest.mark.parametrize(("blocker", "blocked"), [("ann", "cem"), ("cem", "ann")])
async def test_while_a_block_stands_neither_sees_the_other_and_everybody_else_sees_both(
    people: dict[str, int], board: Board, sessions: Sessions, blocker: str, blocked: str
) -> None:
    async with sessions.begin() as session:
        await Blocks(session=session).block(people[blocker], people[blocked])
    async with sessions() as session:
        seen = {who: ranked((await board()(session).top(people[who], 10, 0)).places) for who in ("ann", "cem", "dan")}
    assert seen == {"ann": [ALL[0], *ALL[2:]], "cem": ALL[1:], "dan": ALL}


async def test_each_day_and_each_week_has_a_board_of_its_own(
    people: dict[str, int], board: Board, play: Store, sessions: Sessions
) -> None:
    """Noon is a Friday: Sunday is in its week, Monday in the next."""
    for days in (2, 3):
        await play(number(people["dan"], 842), now=NOON + days * DAY)
    async with sessions() as session:

        async def first(period: Period, day: int) -> tuple[str, float] | None:
            places = (await board(period, day=day)(session).top(people["ann"], 1, 0)).places
            return (places[0].username, places[0].total_prize) if places else None

        of_days = [await first("day", day) for day in range(-1, 5)]
        weeks = [await first("week", day) for day in (-7, 0, 2, 3, 10)]
        of_all_time = await first("all", 0)
    assert of_days == [None, ("ann", 4.2), None, ("dan", 421.0), ("dan", 421.0), None]
    assert weeks == [None, ("dan", 422.0), ("dan", 422.0), ("dan", 421.0), None]
    assert of_all_time == ("dan", 843.0)


async def test_each_game_has_a_board_of_its_own(people: dict[str, int], board: Board, sessions: Sessions) -> None:
    async with sessions() as session:
        assert ranked((await board(game="number")(session).top(people["ann"], 10, 0)).places) == ALL
        assert (await board(game="dice")(session).top(people["ann"], 10, 0)) == (0, None, [])
