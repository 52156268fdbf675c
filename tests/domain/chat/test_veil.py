"""While a block stands, neither of the two sees anything of the other in a group, open sockets included."""

from typing import Any

import pytest
from tests.clients import Player, Socket
from tests.conftest import Register

pytestmark = pytest.mark.anyio


async def group_of(owner: Player, *others: Player) -> int:
    people = {"participants": [one.id for one in others], "name": "Chess"}
    return int((await owner.http.post("/api/chat/conversations", json=people)).json()["id"])


async def next_event(socket: Socket) -> dict[str, Any]:
    while (frame := await socket.receive())["type"] not in {"message", "withheld"}:
        pass
    return frame


async def say(who: Player, conversation: int, message: str) -> int:
    answer = await who.http.post(f"/api/chat/conversations/{conversation}/messages", json={"message": message})
    return answer.status_code


async def test_in_a_group_a_block_withholds_live_events_both_ways_at_once_and_keeps_their_numbers(
    player: Register,
) -> None:
    alice, bob, cara = [await player(name) for name in ("alice", "bob", "cara")]
    group = await group_of(cara, alice, bob)
    async with alice.socket("/ws") as hers, bob.socket("/ws") as his, cara.socket("/ws") as third:
        for socket in (hers, his, third):
            await socket.send(type="subscribe", conversation_id=group)
            await socket.until("subscribed")
        assert (await alice.http.put(f"/api/blocks/{bob.id}")).status_code in {200, 201, 204}
        await say(bob, group, "from bob")
        await say(alice, group, "from alice")
        await say(cara, group, "from cara")
        heard = {
            name: [await next_event(socket) for _ in range(3)]
            for name, socket in (("alice", hers), ("bob", his), ("cara", third))
        }
    assert [one["type"] for one in heard["cara"]] == ["message", "message", "message"]
    assert heard["alice"][0] == {"type": "withheld", "seq": 1, "conversation_id": group}
    assert [one["type"] for one in heard["alice"][1:]] == ["message", "message"]
    assert heard["bob"][1] == {"type": "withheld", "seq": 2, "conversation_id": group}
    assert [heard["bob"][0]["type"], heard["bob"][2]["type"]] == ["message", "message"]


async def test_what_is_read_later_is_withheld_too_and_back_when_the_block_is_lifted(player: Register) -> None:
    alice, bob, cara = [await player(name) for name in ("alice", "bob", "cara")]
    group = await group_of(cara, alice, bob)
    await say(cara, group, "one")
    await say(bob, group, "secret")
    await alice.http.put(f"/api/blocks/{bob.id}")
    path = f"/api/chat/conversations/{group}"
    for answer in (
        await alice.http.get(f"{path}/messages"),
        await alice.http.get(f"{path}/messages", params={"before": 9}),
        await alice.http.get(f"{path}/messages", params={"after": 0}),
        await alice.http.get(f"{path}/messages", params={"around": 2}),
        await alice.http.get(f"{path}/events"),
        await alice.http.get(path),
        await alice.http.get("/api/chat/conversations"),
    ):
        assert answer.status_code == 200
        assert "secret" not in answer.text
    withheld = (await alice.http.get(f"{path}/messages")).json()["messages"][1]
    assert (withheld["id"], withheld["kind"], withheld["sender"]) == (2, "withheld", "")
    assert (await alice.http.get("/api/chat/unread")).json()["conversations"] == 1
    async with alice.socket("/ws") as socket:
        await socket.send(type="resume", positions={group: 0})
        assert await socket.until("withheld") == {"type": "withheld", "seq": 2, "conversation_id": group}
    async with alice.socket(f"/ws/chat/{group}/") as old:
        await old.send(action="retrieve_message", number=5)
        assert "secret" not in str(await old.receive())
    await alice.http.delete(f"/api/blocks/{bob.id}")
    assert "secret" in (await alice.http.get(f"{path}/messages")).text


async def test_in_a_chat_of_two_nothing_more_can_be_sent_while_a_block_stands(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    chat = await alice.talk_to(bob)
    assert await say(bob, chat, "before") == 201
    await alice.http.put(f"/api/blocks/{bob.id}")
    for someone in (alice, bob):
        messages = f"/api/chat/conversations/{chat}/messages"
        refused = await someone.http.post(messages, json={"message": "during"})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_reachable")
        refused = await someone.http.put(f"{messages}/1/reactions/%F0%9F%91%8D")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_reachable")
    await alice.http.delete(f"/api/blocks/{bob.id}")
    assert await say(bob, chat, "after") == 201


async def test_what_the_group_itself_tells_is_told_to_all(player: Register) -> None:
    alice, bob, cara = [await player(name) for name in ("alice", "bob", "cara")]
    group = await group_of(bob, alice, cara)
    await alice.http.put(f"/api/blocks/{bob.id}")
    async with alice.socket("/ws") as hers:
        await hers.send(type="subscribe", conversation_id=group)
        await hers.until("subscribed")
        await bob.http.patch(f"/api/chat/groups/{group}", json={"name": "Go"})
        told = await next_event(hers)
    assert (told["kind"], told["message"]) == ("renamed", "Go")
    (read,) = (await alice.http.get(f"/api/chat/conversations/{group}/messages")).json()["messages"]
    assert (read["kind"], read["content"]) == ("renamed", "Go")


async def test_a_file_is_withheld_with_its_message(player: Register) -> None:
    alice, bob, cara = [await player(name) for name in ("alice", "bob", "cara")]
    group = await group_of(cara, alice, bob)
    uploaded = await bob.http.post("/api/files", params={"name": "notes.txt"}, content=b"Notes.\n")
    file = uploaded.json()["id"]
    await bob.http.post(f"/api/chat/conversations/{group}/messages", json={"files": [file]})
    path = f"/api/chat/conversations/{group}/files/{file}"
    assert (await alice.http.get(path)).status_code == 200
    await alice.http.put(f"/api/blocks/{bob.id}")
    assert (await alice.http.get(path)).json()["code"] == "no_such_file"
    assert (await cara.http.get(path)).status_code == 200
