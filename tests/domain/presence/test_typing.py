"""Who is shown as typing, to whom, and for how long."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import pytest
from redis.asyncio import Redis
from tests.conftest import Newcomer, Register

from app.domain.chat.services.conversations import Conversations
from app.domain.presence.services.typing import Typist
from app.domain.social.schemas import PrivacyChange
from app.domain.social.services.privacy import Privacy
from app.hub import events
from app.resources import Sessions

pytestmark = pytest.mark.anyio


@pytest.fixture
async def group(newcomer: Newcomer, sessions: Sessions) -> int:
    """Of Alice, who is user 1, Bob and Carol."""
    alice, *others = [await newcomer(name) for name in ("alice", "bob", "carol")]
    async with sessions.begin() as session:
        return (await Conversations(session=session).open_group(alice, others, "chess", joinable=True)).id


@pytest.fixture
def alice(redis: "Redis", sessions: Sessions) -> Typist:
    return Typist(1, "alice", redis, sessions)


Announced = Callable[[], Awaitable[list[int]]]
"""For how many seconds each event since the last call shows Alice."""


@pytest.fixture
async def announced(redis: "Redis", group: int) -> AsyncIterator[Announced]:
    async with redis.pubsub() as pubsub:
        await pubsub.subscribe(events.conversation(group))
        assert await pubsub.get_message(timeout=2)

        async def take() -> list[int]:
            found: list[int] = []
            while message := await pubsub.get_message(timeout=0.05):
                found += [msgspec.json.decode(one.frame)["expires_in"] for one in events.decode_batch(message["data"])]
            return found

        yield take


async def test_who_goes_on_typing_is_announced_once_in_a_while(
    alice: Typist, group: int, announced: Announced, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        await alice.show(group, typing=True)
    assert await announced() == [6]
    monkeypatch.setattr("app.domain.presence.services.typing.TYPING_PAUSE_SECONDS", 0.1)
    await asyncio.sleep(0.15)
    await alice.show(group, typing=True)
    assert await announced() == [6]


async def test_who_stops_is_announced_if_they_were_shown(alice: Typist, group: int, announced: Announced) -> None:
    await alice.show(group, typing=False)
    assert await announced() == []
    await alice.show(group, typing=True)
    for _ in range(2):
        await alice.show(group, typing=False)
    assert await announced() == [6, 0]


async def test_a_message_ends_it_and_what_is_typed_next_is_announced_at_once(
    alice: Typist, group: int, announced: Announced
) -> None:
    await alice.show(group, typing=True)
    alice.sent(group)
    await alice.show(group, typing=False)
    await alice.show(group, typing=True)
    assert await announced() == [6, 6]


async def test_a_group_beyond_the_limit_is_spared(
    alice: Typist, group: int, announced: Announced, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.domain.presence.services.typing.TYPING_MEMBERS", 2)
    await alice.show(group, typing=True)
    await alice.show(group, typing=False)
    assert await announced() == []
    alice.sent(group)
    monkeypatch.setattr("app.domain.presence.services.typing.TYPING_MEMBERS", 3)
    await alice.show(group, typing=True)
    assert await announced() == [6]


async def test_who_keeps_it_to_themselves_is_not_announced(
    alice: Typist, group: int, announced: Announced, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await Privacy(session=session).change(1, PrivacyChange(typing=False))
    await alice.show(group, typing=True)
    assert await announced() == []


async def test_the_others_see_it_and_neither_the_blocked_nor_the_typists_own_devices(player: Register) -> None:
    alice, bob, eve = [await player(name) for name in ("alice", "bob", "eve")]
    chat = await alice.talk_to(bob, eve)
    assert (await alice.http.put(f"/api/blocks/{eve.id}")).status_code == 200
    async with (
        alice.socket("/ws") as hers,
        alice.socket("/ws") as also,
        bob.socket("/ws") as his,
        eve.socket("/ws") as e,
    ):
        for socket in (hers, also, his, e):
            await socket.send(type="subscribe", conversation_id=chat)
            await socket.until("subscribed")
        shown = {"type": "typing", "conversation_id": chat, "user_id": alice.id, "username": alice.username}
        await hers.send(type="typing", conversation_id=chat)
        assert await his.until("typing") == shown | {"typing": True, "expires_in": 6}
        await hers.send(type="typing", conversation_id=chat, typing=False)
        assert await his.until("typing") == shown | {"typing": False, "expires_in": 0}
        for socket in (hers, also, e):
            await socket.send(type="ping")
            assert (await socket.receive())["type"] == "pong"
    messages = (await bob.http.get(f"/api/chat/conversations/{chat}/messages")).json()["messages"]
    assert messages == []
