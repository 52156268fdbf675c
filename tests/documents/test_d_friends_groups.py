"""Document D, Real Time Chat App: "How it should run", step by step. Its paths are in pictures; ours stand."""

import json
from urllib.parse import urlsplit

import httpx
import pytest
from tests.clients import Player
from tests.conftest import Register
from websockets.asyncio.client import connect

pytestmark = pytest.mark.anyio


def at(ws_url: str, answer: httpx.Response) -> str:
    """The path of the "websocket url" in an answer, on the server under test."""
    return f"{ws_url}{urlsplit(answer.json()['websocket_url']).path}"


async def befriend(one: Player, other: Player, slash: str = "") -> None:
    asked = await one.http.post(f"/api/friends/requests{slash}", json={"username": other.username})
    assert asked.status_code == 201
    accepted = await other.http.post(f"/api/friends/requests/{one.id}/accept{slash}")
    assert accepted.status_code == 200


async def test_sign_up_log_in_and_get_the_tokens(http: httpx.AsyncClient, slash: str) -> None:
    newcomer = {"username": f"newcomer-d{len(slash)}", "password": "an unusual one"}
    signed_up = await http.post(f"/api/users/register{slash}", json=newcomer)
    assert signed_up.status_code == 201
    logged_in = await http.post(f"/api/users/login{slash}", json=newcomer)
    http.cookies.clear()
    assert logged_in.status_code == 200
    assert {"access", "refresh"} <= logged_in.json().keys()


async def test_get_authenticated_on_the_documentation_page(http: httpx.AsyncClient) -> None:
    document = (await http.get("/docs/openapi.json")).json()
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


async def test_chat_with_a_friend(player: Register, ws_url: str, slash: str) -> None:
    ann, ben = await player("ann"), await player("ben")
    await befriend(ann, ben, slash)
    assert [friend["username"] for friend in (await ann.http.get(f"/api/friends{slash}")).json()] == [ben.username]

    answer = await ann.http.get(f"/api/chat/direct/{ben.username}{slash}")

    assert answer.status_code == 200
    async with (
        connect(f"{at(ws_url, answer)}?token={ann.access}") as anns,
        connect(f"{at(ws_url, answer)}?token={ben.access}") as bens,
    ):
        await anns.send('{"action": "send_message", "message": "<your-msg>"}')
        for socket in (anns, bens):
            assert json.loads(await socket.recv())["message"] == "<your-msg>"


async def test_a_stranger_is_no_friend_to_chat_with(player: Register) -> None:
    ann, ben = await player("ann"), await player("ben")
    answer = await ann.http.get(f"/api/chat/direct/{ben.username}")
    assert (answer.status_code, answer.json()["code"]) == (403, "friends_only")


async def test_remove_a_friend(player: Register, slash: str) -> None:
    ann, ben = await player("ann"), await player("ben")
    await befriend(ann, ben)
    assert (await ann.http.delete(f"/api/friends/{ben.id}{slash}")).status_code == 204
    assert (await ben.http.get("/api/friends")).json() == []


async def test_create_a_group_join_it_and_chat(player: Register, ws_url: str, slash: str) -> None:
    ann, ben = await player("ann"), await player("ben")
    created = await ann.http.post(f"/api/chat/groups{slash}", json={"name": "Chess"})
    assert created.status_code == 201
    group = created.json()["id"]
    assert group in {one["id"] for one in (await ben.http.get(f"/api/chat/groups{slash}")).json()}

    joined = await ben.http.post(f"/api/chat/groups/{group}/join{slash}")
    answer = await ben.http.get(f"/api/chat/groups/{group}/socket{slash}")

    assert joined.status_code == 200
    assert answer.status_code == 200
    async with (
        connect(f"{at(ws_url, answer)}?token={ben.access}") as bens,
        connect(f"{at(ws_url, answer)}?token={ann.access}") as anns,
    ):
        await bens.send('{"action": "send_message", "message": "Hello, group"}')
        for socket in (bens, anns):
            assert json.loads(await socket.recv())["message"] == "Hello, group"
    assert (await ben.http.post(f"/api/chat/groups/{group}/leave{slash}")).status_code == 204


async def test_retrieve_messages_ten_unless_a_number_is_given_and_to_the_asker_only(
    player: Register, ws_url: str, slash: str
) -> None:
    ann, ben = await player("ann"), await player("ben")
    conversation = await ann.talk_to(ben)
    for number in range(12):
        await ann.http.post(f"/api/chat/conversations/{conversation}/messages", json={"message": f"{number}"})
    address = f"{ws_url}/ws/chat/{conversation}{slash}"
    async with (
        connect(f"{address}?token={ann.access}") as anns,
        connect(f"{address}?token={ben.access}") as bens,
    ):
        await anns.send('{"action": "retrieve_message", "number": 3}')
        three = json.loads(await anns.recv())
        await anns.send('{"action": "retrieve_message"}')
        ten = json.loads(await anns.recv())
        await anns.send('{"action": "send_message", "message": "last"}')
        first_of_ben = json.loads(await bens.recv())
    assert [message["content"] for message in three["messages"]] == ["9", "10", "11"]
    assert [message["content"] for message in ten["messages"]] == [f"{number}" for number in range(2, 12)]
    assert first_of_ben["message"] == "last"
