"""Who is told what, and who is not: sockets of one process on a real PostgreSQL and Redis."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import msgspec
import pytest
from tests.conftest import Newcomer
from tests.domain.presence.conftest import Announced, OpenProcess, let_grace_end

from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.members import Members
from app.domain.presence.rules import State
from app.domain.presence.services.devices import Devices
from app.domain.presence.services.roll import Roll
from app.domain.presence.services.watching import Replace, Watches
from app.domain.social.schemas import PrivacyChange
from app.domain.social.services.blocks import Blocks
from app.domain.social.services.friendships import Friendships
from app.domain.social.services.privacy import Privacy
from app.hub.outbox import Outbox
from app.resources import Sessions, running

pytestmark = pytest.mark.anyio


class Viewer:
    """A socket that watches, and its far end."""

    def __init__(self, owner: int) -> None:
        self.outbox = Outbox(owner, self._receive, self._close)
        self.frames: list[dict[str, Any]] = []
        self.watch: Replace

    async def told(self) -> dict[int, State]:
        """What it was told since it was asked last."""
        await asyncio.sleep(0.01)
        told = {one["user_id"]: one["state"] for frame in self.frames for one in frame["people"]}
        self.frames.clear()
        return told

    async def _receive(self, frame: str) -> None:
        self.frames.append(msgspec.json.decode(frame))

    async def _close(self, _code: int, _reason: str) -> None: ...


OpenViewer = Callable[[int], Awaitable[Viewer]]


@pytest.fixture
def watches(roll: Roll, sessions: Sessions) -> Watches:
    return Watches(roll, sessions)


@pytest.fixture
async def viewer(watches: Watches) -> AsyncIterator[OpenViewer]:
    async with AsyncExitStack() as stack:

        async def open_one(owner: int) -> Viewer:
            opened = Viewer(owner)
            await stack.enter_async_context(opened.outbox.sending())
            opened.watch = stack.enter_context(watches.opened(opened.outbox))
            return opened

        yield open_one


@pytest.fixture
async def people(newcomer: Newcomer, sessions: Sessions) -> tuple[int, int, int]:
    """Alice and Bob, who are in a conversation; and Eve, whom neither knows."""
    alice, bob, eve = [await newcomer(name) for name in ("alice", "bob", "eve")]
    async with sessions.begin() as session:
        await Conversations(session=session).open_direct(alice, bob)
    return alice, bob, eve


@pytest.fixture
async def here(process: OpenProcess) -> Devices:
    return process()


async def show(here: Devices, person: int, state: State) -> None:
    """Somebody on one device."""
    if state == "offline":
        here.go("phone", person)
        await let_grace_end()
    else:
        here.come("phone", person)
        here.turn("phone", person, state)
    await here.report()


async def test_who_watches_is_told_of_everybody_on_the_list_and_of_strangers_that_they_are_offline(
    people: tuple[int, int, int], watches: Watches, viewer: OpenViewer, here: Devices
) -> None:
    alice, bob, eve = people
    for person in people:
        await show(here, person, "away" if person == bob else "online")
    hers = await viewer(alice)
    hers.watch([alice, bob, eve, 999])
    await watches.tell()
    assert await hers.told() == {alice: "online", bob: "away", eve: "offline", 999: "offline"}


async def test_what_a_stranger_is_told_is_what_they_would_be_told_of_nobody(
    people: tuple[int, int, int], watches: Watches, viewer: OpenViewer, here: Devices
) -> None:
    alice, _, eve = people
    await show(here, alice, "online")
    await show(here, alice, "offline")
    theirs = await viewer(eve)
    theirs.watch([alice, 999])
    await watches.tell()
    await asyncio.sleep(0.01)
    (frame,) = theirs.frames
    assert frame["people"] == [{"user_id": one, "state": "offline", "last_seen": None} for one in (alice, 999)]


async def test_a_list_of_nobody_is_answered_too(watches: Watches, viewer: OpenViewer) -> None:
    hers = await viewer(1)
    hers.watch([])
    await asyncio.sleep(0.01)
    assert hers.frames == [{"type": "presence", "people": []}]


async def test_a_change_is_told_once_to_those_who_watch_and_may_see_it(
    people: tuple[int, int, int], watches: Watches, viewer: OpenViewer, here: Devices
) -> None:
    alice, bob, eve = people
    hers, theirs, others = await viewer(alice), await viewer(eve), await viewer(alice)
    hers.watch([bob])
    theirs.watch([bob])
    others.watch([bob])
    others.watch([eve])
    await watches.tell()
    for socket in (hers, theirs, others):
        await socket.told()
    await show(here, bob, "online")
    for _ in range(2):
        watches.hear(msgspec.json.encode([str(bob)]))
        await watches.tell()
    assert (await hers.told(), await theirs.told(), await others.told()) == ({bob: "online"}, {}, {})


async def test_the_last_word_is_what_is_true_when_it_is_told(
    people: tuple[int, int, int], watches: Watches, viewer: OpenViewer, here: Devices, announced: Announced
) -> None:
    alice, bob, _ = people
    hers = await viewer(alice)
    hers.watch([bob])
    await watches.tell()
    await hers.told()
    for state in ("online", "away", "offline", "away"):
        await show(here, bob, state)
    for person in await announced():
        watches.hear(msgspec.json.encode([person]))
        await watches.tell()
    assert await hers.told() == {bob: "away"}


async def test_who_may_no_longer_see_somebody_is_told_that_they_are_offline_and_nothing_more(
    newcomer: Newcomer, sessions: Sessions, watches: Watches, viewer: OpenViewer, here: Devices
) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        group = await Conversations(session=session).open_group(alice, [bob], "chess", joinable=True)
    await show(here, bob, "online")
    hers = await viewer(alice)
    hers.watch([bob])
    await watches.tell()
    assert await hers.told() == {bob: "online"}
    async with sessions.begin() as session:
        await Members(session=session).leave(group.id, bob)
    for state in ("away", "online", "offline"):
        await show(here, bob, state)
        watches.hear(msgspec.json.encode([bob]))
        await watches.tell()
    await asyncio.sleep(0.01)
    assert [frame["people"] for frame in hers.frames] == [[{"user_id": bob, "state": "offline", "last_seen": None}]]


async def test_a_socket_that_has_closed_is_watched_for_no_more(
    people: tuple[int, int, int], watches: Watches, here: Devices
) -> None:
    alice, bob, _ = people
    closed = Viewer(alice)
    async with closed.outbox.sending():
        with watches.opened(closed.outbox) as watch:
            watch([bob])
            await watches.tell()
            await closed.told()
        await show(here, bob, "online")
        watches.hear(msgspec.json.encode([bob]))
        await watches.tell()
        assert await closed.told() == {}


async def test_what_was_never_announced_is_found_all_the_same(
    people: tuple[int, int, int],
    watches: Watches,
    viewer: OpenViewer,
    here: Devices,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.domain.presence.services.watching.CHECK_SECONDS", 0.02)
    monkeypatch.setattr("app.domain.presence.services.watching.CHECKED_SECONDS", 0.1)
    alice, bob, _ = people
    hers = await viewer(alice)
    hers.watch([bob])
    async with running(watches.run()), asyncio.timeout(5):
        while await hers.told() != {bob: "offline"}:
            pass
        await show(here, bob, "online")
        while await hers.told() != {bob: "online"}:
            pass


async def test_many_sockets_are_told_in_several_steps(
    people: tuple[int, int, int],
    watches: Watches,
    viewer: OpenViewer,
    here: Devices,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.domain.presence.services.watching.PAIRS_AT_ONCE", 10)
    alice, bob, _ = people
    await show(here, bob, "online")
    sockets = [await viewer(alice) for _ in range(8)]
    for socket in sockets:
        socket.watch([bob, *range(100, 104)])
    await watches.tell()
    assert [len(await socket.told()) for socket in sockets] == [5, 5, 0, 0, 0, 0, 0, 0]
    for _ in range(3):
        await watches.tell()
    assert [len(await socket.told()) for socket in sockets] == [0, 0, 5, 5, 5, 5, 5, 5]


async def test_a_new_list_is_answered_whole_whatever_is_on_its_way(
    people: tuple[int, int, int], watches: Watches, viewer: OpenViewer, here: Devices
) -> None:
    alice, bob, eve = people
    await show(here, bob, "online")
    hers = await viewer(alice)
    hers.watch([alice, bob])
    telling = asyncio.create_task(watches.tell())
    await asyncio.sleep(0)
    hers.watch([bob, eve])
    await telling
    await watches.tell()
    await asyncio.sleep(0.01)
    (frame,) = hers.frames
    assert {one["user_id"]: one["state"] for one in frame["people"]} == {bob: "online", eve: "offline"}


async def test_a_block_hides_each_from_the_other(
    people: tuple[int, int, int], sessions: Sessions, watches: Watches, viewer: OpenViewer, here: Devices
) -> None:
    alice, bob, _ = people
    for person in (alice, bob):
        await show(here, person, "online")
    hers, his = await viewer(alice), await viewer(bob)
    hers.watch([bob])
    his.watch([alice])
    await watches.tell()
    assert (await hers.told(), await his.told()) == ({bob: "online"}, {alice: "online"})
    async with sessions.begin() as session:
        await Blocks(session=session).block(alice, bob)
    for person in (alice, bob):
        await show(here, person, "away")
    watches.hear(msgspec.json.encode([alice, bob]))
    await watches.tell()
    assert (await hers.told(), await his.told()) == ({bob: "offline"}, {alice: "offline"})


async def test_who_hides_from_everybody_sees_nobody(
    people: tuple[int, int, int], sessions: Sessions, watches: Watches, viewer: OpenViewer, here: Devices
) -> None:
    alice, bob, _ = people
    for person in (alice, bob):
        await show(here, person, "online")
    async with sessions.begin() as session:
        await Privacy(session=session).change(alice, PrivacyChange(presence="nobody"))
    hers, his = await viewer(alice), await viewer(bob)
    hers.watch([alice, bob])
    his.watch([alice])
    await watches.tell()
    assert await hers.told() == {alice: "online", bob: "offline"}
    assert await his.told() == {alice: "offline"}


async def test_friends_see_each_other_without_a_conversation(
    people: tuple[int, int, int], sessions: Sessions, watches: Watches, viewer: OpenViewer, here: Devices
) -> None:
    alice, bob, eve = people
    for person in people:
        await show(here, person, "online")
    async with sessions.begin() as session:
        friendships = Friendships(session=session)
        await friendships.request(eve, alice)
        await friendships.accept(alice, eve)
        await friendships.request(eve, bob)
        await Privacy(session=session).change(alice, PrivacyChange(presence="friends"))
    for person, seen in ((alice, {bob: "offline", eve: "online"}), (eve, {alice: "online", bob: "offline"})):
        socket = await viewer(person)
        socket.watch(list(seen))
        await watches.tell()
        assert await socket.told() == seen
