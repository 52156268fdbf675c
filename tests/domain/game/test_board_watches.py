"""Who is told of a leaderboard, and what: sockets of one process on a real PostgreSQL and Redis."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from redis.asyncio import Redis
from tests.conftest import Newcomer
from tests.domain.game.conftest import Store, number

from app.domain.game.services import board_watches
from app.domain.game.services.board_watches import BoardWatches, Name, Replace
from app.domain.game.services.ladder import Ladder
from app.domain.game.standings.tallies import ALL_GAMES
from app.domain.game.tasks.ladders import mend_ladders
from app.domain.social.services.blocks import Blocks
from app.hub.events import encode_names
from app.hub.outbox import Outbox
from app.resources import Resources, Sessions, running

pytestmark = pytest.mark.anyio

ALL_TIME: Name = (ALL_GAMES, "all")
TODAY: Name = (ALL_GAMES, "day")
NUMBER: Name = ("number", "all")


class Watcher:
    """A socket that watches, and its far end."""

    def __init__(self, owner: int) -> None:
        self.outbox = Outbox(owner, self._receive, self._close)
        self.frames: list[dict[str, Any]] = []
        self.watch: Replace

    async def heard(self) -> list[dict[str, Any]]:
        """Since it was asked last."""
        await asyncio.sleep(0.01)
        heard, self.frames = self.frames, []
        return heard

    async def first_places(self) -> list[list[str]]:
        return [
            [place["username"] for place in frame["places"]]
            for frame in await self.heard()
            if frame["type"] == "leaderboard"
        ]

    async def own_ranks(self) -> list[int | None]:
        return [
            frame["me"] and frame["me"]["rank"] for frame in await self.heard() if frame["type"] == "leaderboard_place"
        ]

    async def _receive(self, frame: str) -> None:
        self.frames.append(msgspec.json.decode(frame))

    async def _close(self, _code: int, _reason: str) -> None: ...


OpenWatcher = Callable[[int], Awaitable[Watcher]]


@pytest.fixture
async def watches(clean: None, resources: Resources) -> BoardWatches:
    await mend_ladders(resources, {}, datetime.now(UTC).date())
    return BoardWatches(Ladder(resources.redis), resources.sessions, ZoneInfo("UTC"))


@pytest.fixture
async def watcher(watches: BoardWatches) -> AsyncIterator[OpenWatcher]:
    async with AsyncExitStack() as stack:

        async def open_one(owner: int) -> Watcher:
            opened = Watcher(owner)
            await stack.enter_async_context(opened.outbox.sending())
            opened.watch = stack.enter_context(watches.opened(opened.outbox))
            return opened

        yield open_one


Play = Callable[..., Awaitable[None]]


@pytest.fixture
def now_plays(play: Store) -> Play:
    async def played(*entries: bytes) -> None:
        await play(*entries, now=datetime.now(UTC))

    return played


async def test_who_watches_is_told_the_first_places_and_their_own(
    newcomer: Newcomer, watches: BoardWatches, watcher: OpenWatcher, now_plays: Play
) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    await now_plays(number(bob, 842))
    hers = await watcher(alice)
    hers.watch([ALL_TIME])
    await watches.tell()
    first, own = await hers.heard()
    assert first["board"] == {"game": None, "period": "all", "starts_on": None, "ends_at": None}
    assert [(place["rank"], place["username"], place["total_prize"]) for place in first["places"]] == [
        (1, "bob", 421.0)
    ]
    assert (own["type"], own["board"], own["players"], own["me"]) == ("leaderboard_place", first["board"], 1, None)


async def test_a_change_is_told_once_and_nothing_is_told_twice(
    newcomer: Newcomer, watches: BoardWatches, watcher: OpenWatcher, now_plays: Play
) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    hers, others = await watcher(alice), await watcher(alice)
    hers.watch([ALL_TIME])
    others.watch([NUMBER])
    others.watch([])
    await watches.tell()
    assert await hers.first_places() == [[]]
    await now_plays(number(bob, 842))
    for _ in range(2):
        watches.hear(encode_names(["number", ALL_GAMES]))
        await watches.tell()
    assert await hers.first_places() == [["bob"]]
    assert not await others.heard()
    watches.hear(encode_names(["dice"]))
    await watches.tell()
    assert not await hers.heard()


async def test_ones_own_place_is_told_when_others_change_it(
    newcomer: Newcomer, watches: BoardWatches, watcher: OpenWatcher, now_plays: Play
) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    await now_plays(number(alice, 2))
    hers = await watcher(alice)
    hers.watch([TODAY])
    await watches.tell()
    assert await hers.own_ranks() == [1]
    for played in (2, 4, 6):
        await now_plays(number(bob, played))
        watches.hear(encode_names([ALL_GAMES]))
        await watches.tell()
    assert await hers.own_ranks() == [2], "not told of the first, a tie, nor of the third, which changed nothing"


async def test_more_sockets_than_are_told_at_once_follow_in_turn(
    newcomer: Newcomer,
    watches: BoardWatches,
    watcher: OpenWatcher,
    now_plays: Play,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(board_watches, "SEATS_AT_ONCE", 2)
    people = [await newcomer(name) for name in ("ann", "ben", "cem")]
    sockets = [await watcher(person) for person in people]
    for socket in sockets:
        socket.watch([ALL_TIME])
    await watches.tell()
    assert [len(await socket.heard()) for socket in sockets] == [2, 2, 1]
    await watches.tell()
    assert [len(await socket.heard()) for socket in sockets] == [0, 0, 1]


async def test_between_two_with_a_block_neither_is_shown_to_the_other(
    newcomer: Newcomer, sessions: Sessions, watches: BoardWatches, watcher: OpenWatcher, now_plays: Play
) -> None:
    alice, bob, eve = [await newcomer(name) for name in ("alice", "bob", "eve")]
    await now_plays(number(alice, 10), number(bob, 842))
    sockets = [await watcher(person) for person in (alice, bob, eve)]
    for socket in sockets:
        socket.watch([ALL_TIME])
    await watches.tell()
    assert [await socket.first_places() for socket in sockets] == [[["bob", "alice"]]] * 3
    async with sessions.begin() as session:
        await Blocks(session=session).block(alice, bob)
    watches.hear(encode_names([ALL_GAMES]))
    await watches.tell()
    assert [await socket.first_places() for socket in sockets] == [[["alice"]], [["bob"]], []]


async def test_an_announcement_that_was_lost_is_made_good(
    newcomer: Newcomer,
    watches: BoardWatches,
    watcher: OpenWatcher,
    now_plays: Play,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(board_watches, "CHECK_SECONDS", 0.05)
    monkeypatch.setattr(board_watches, "PAUSE_SECONDS", 0.01)
    alice = await newcomer("alice")
    hers = await watcher(alice)
    hers.watch([ALL_TIME])
    async with running(watches.run()):
        while len(hers.frames) < 2:
            await asyncio.sleep(0.01)
        hers.frames.clear()
        await now_plays(number(alice, 842))
        while len(hers.frames) < 2:
            await asyncio.sleep(0.01)
    assert await hers.first_places() == [["alice"]]


async def test_who_has_left_is_told_nothing_more(
    newcomer: Newcomer, watches: BoardWatches, now_plays: Play, redis: "Redis"
) -> None:
    alice = await newcomer("alice")
    gone = Watcher(alice)
    with watches.opened(gone.outbox) as watch:
        watch([ALL_TIME, TODAY])
        watch([TODAY])
    await now_plays(number(alice, 842))
    watches.hear(encode_names([ALL_GAMES]))
    await watches.tell()
    assert not gone.frames
