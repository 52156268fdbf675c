"""Presence over HTTP and `/ws`, against the running server."""

import asyncio
from typing import Any

import pytest
from tests.clients import Player
from tests.conftest import Register

pytestmark = pytest.mark.anyio


async def presence(asker: Player, *people: Player) -> list[dict[str, Any]]:
    answer = await asker.http.get("/api/presence", params={"users": ",".join(str(one.id) for one in people)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def states(asker: Player, *people: Player) -> list[str]:
    return [one["state"] for one in await presence(asker, *people)]


async def comes_to_be(asker: Player, person: Player, state: str) -> None:
    async with asyncio.timeout(15):
        while await states(asker, person) != [state]:
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("path", ["/ws", "/ws/game/", "/ws/chat/{}/"])
async def test_every_socket_is_a_device(player: Register, path: str) -> None:
    alice, bob = await player("alice"), await player("bob")
    chat = await alice.talk_to(bob)
    assert await states(alice, bob) == ["offline"]
    async with bob.socket(path.format(chat)):
        await comes_to_be(alice, bob, "online")


async def test_a_stranger_sees_nobody(player: Register) -> None:
    alice, bob, eve = [await player(name) for name in ("alice", "bob", "eve")]
    await alice.talk_to(bob)
    async with alice.socket("/ws"), eve.socket("/ws") as theirs:
        await comes_to_be(bob, alice, "online")
        await comes_to_be(eve, eve, "online")
        assert await presence(eve, alice, eve) == [
            {"user_id": alice.id, "state": "offline", "last_seen": None},
            {"user_id": eve.id, "state": "online", "last_seen": None},
        ]
        await theirs.send(type="watch", users=[alice.id])
        heard = await theirs.until("presence")
        assert heard["people"] == [{"user_id": alice.id, "state": "offline", "last_seen": None}]
        assert (await eve.http.get("/api/chat/conversations/1/presence")).status_code == 404


async def test_the_presence_of_a_conversation_counts_its_members(player: Register) -> None:
    alice, bob, carol = [await player(name) for name in ("alice", "bob", "carol")]
    chat = await alice.talk_to(bob, carol)
    async with alice.socket("/ws"), bob.socket("/ws") as his:
        await his.send(type="presence", state="away")
        await comes_to_be(alice, bob, "away")
        await comes_to_be(alice, alice, "online")
        answer = await alice.http.get(f"/api/chat/conversations/{chat}/presence")
    assert answer.json() == {
        "conversation_id": chat,
        "present": 2,
        "people": [
            {"user_id": alice.id, "state": "online", "last_seen": None},
            {"user_id": bob.id, "state": "away", "last_seen": None},
        ],
    }


@pytest.mark.parametrize(
    "users", ["", "x", "1,", "1,,2", "-1", "0", "1.5", "9" * 19, "9" * 20, ",".join("1" for _ in range(101)), "1\x00"]
)
async def test_ids_that_are_none_are_refused(player: Register, users: str) -> None:
    alice = await player("alice")
    answer = await alice.http.get("/api/presence", params={"users": users})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_a_list_that_is_too_long_or_no_list_is_refused(player: Register) -> None:
    alice = await player("alice")
    async with alice.socket("/ws") as socket:
        for users in (list(range(1, 202)), [0], ["x"], [2**63], None):
            await socket.send(type="watch", users=users)
            assert (await socket.until("error"))["code"] == "unreadable_frame"
        await socket.send(type="presence", state="offline")
        assert (await socket.until("error"))["code"] == "unreadable_frame"
        await socket.send(type="watch", users=[alice.id])
        while (await socket.until("presence"))["people"][0]["state"] != "online":
            pass  # What a socket opens is reported within a quarter of a second.
