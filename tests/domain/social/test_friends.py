"""Friends over HTTP, and what both hear of it on their sockets, against the running server."""

import asyncio
from typing import Any

import pytest
from tests.clients import Player, Socket
from tests.conftest import Register

pytestmark = pytest.mark.anyio


async def ask(one: Player, other: Player) -> dict[str, Any]:
    answer = await one.http.post("/api/friends/requests", json={"username": other.username})
    assert answer.status_code == 201
    asked: dict[str, Any] = answer.json()
    return asked


def named(person: Player, since: str) -> dict[str, Any]:
    return {"id": person.id, "username": person.username, "first_name": "", "last_name": "", "since": since}


async def heard_by(*sockets: Socket) -> list[dict[str, Any]]:
    """The next frame of each that is about friends."""

    async def next_of(socket: Socket) -> dict[str, Any]:
        while not (frame := await socket.receive())["type"].startswith("friend_"):
            pass
        return frame

    async with asyncio.timeout(5):
        return list(await asyncio.gather(*map(next_of, sockets)))


async def test_a_request_is_listed_for_both_and_answered_by_one(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    asked = await ask(alice, bob)
    assert asked == named(bob, asked["since"])
    assert (await alice.http.get("/api/friends/requests/sent")).json() == [asked]
    assert (await bob.http.get("/api/friends/requests/received")).json() == [named(alice, asked["since"])]
    assert (await bob.http.get("/api/friends/requests/sent")).json() == []

    accepted = (await bob.http.post(f"/api/friends/requests/{alice.id}/accept")).json()

    assert (await bob.http.get("/api/friends")).json() == [accepted] == [named(alice, accepted["since"])]
    assert (await alice.http.get("/api/friends")).json() == [named(bob, accepted["since"])]
    assert (await alice.http.get("/api/friends/requests/sent")).json() == []


async def test_both_hear_of_it_on_all_their_devices_and_who_did_it(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    async with alice.socket("/ws") as hers, alice.socket("/ws") as her_other, bob.socket("/ws") as his:
        await asyncio.gather(*(socket.until("ready") for socket in (hers, her_other, his)))
        since = (await ask(alice, bob))["since"]
        asked = {"type": "friend_request", "friend": named(bob, since), "by_me": True}
        received = {"type": "friend_request", "friend": named(alice, since), "by_me": False}
        assert await heard_by(hers, her_other, his) == [asked, asked, received]

        await bob.http.delete(f"/api/friends/requests/{alice.id}")
        declined, decliner = await heard_by(hers, his)
        assert declined == {"type": "friend_request_dropped", "friend": named(bob, since), "by_me": False}
        assert decliner == {"type": "friend_request_dropped", "friend": named(alice, since), "by_me": True}

        await ask(alice, bob)
        await bob.http.post("/api/friends/requests", json={"username": alice.username})
        await alice.http.delete(f"/api/friends/{bob.id}")
        kinds = [[(frame["type"], frame["by_me"]) for frame in await heard_by(hers, his)] for _ in range(3)]
        assert kinds == [
            [("friend_request", True), ("friend_request", False)],
            [("friend_accepted", False), ("friend_accepted", True)],
            [("friend_removed", True), ("friend_removed", False)],
        ]


async def test_asking_or_accepting_again_rings_nobody(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    asked = await ask(alice, bob)
    async with bob.socket("/ws") as his:
        await his.until("ready")
        assert await ask(alice, bob) == asked
        first = (await bob.http.post(f"/api/friends/requests/{alice.id}/accept")).json()
        assert (await bob.http.post(f"/api/friends/requests/{alice.id}/accept")).json() == first
        await bob.http.delete(f"/api/friends/{alice.id}")
        kinds = [(await heard_by(his))[0]["type"] for _ in range(2)]
    assert kinds == ["friend_accepted", "friend_removed"]


async def test_the_players_socket_of_the_old_documents_hears_results_and_nothing_else(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    async with alice.socket("/ws") as everything, alice.socket("/ws/game/") as game:
        await everything.until("ready")
        await game.send(number=842)
        assert (await game.receive())["type"] == "result"
        await ask(bob, alice)
        await heard_by(everything)
        await game.send(number=1001)
        assert (await game.receive())["number"] == 1001


async def test_friends_come_in_pages(player: Register) -> None:
    alice = await player("alice")
    others = [await player("friend") for _ in range(3)]
    for other in others:
        await ask(other, alice)
        await alice.http.post(f"/api/friends/requests/{other.id}/accept")

    async def page(**params: int) -> list[int]:
        return [one["id"] for one in (await alice.http.get("/api/friends", params=params)).json()]

    newest_first = [other.id for other in reversed(others)]
    assert await page(limit=2) == newest_first[:2]
    assert await page(limit=2, offset=2) == newest_first[2:]
    assert (await alice.http.get("/api/friends?limit=101")).status_code == 400
