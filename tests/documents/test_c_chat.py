"""Document C, Real-Time Chat: every request and every frame of its API chapter, with its own paths and bodies."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from app.embedded.process import wait_until
from app.embedded.stack import Stack, answers_ready, free_port

pytestmark = pytest.mark.anyio

JOHN = {
    "username": "johndoe",
    "email": "john@example.com",
    "password": "SecurePass123!",
    "first_name": "John",
    "last_name": "Doe",
}
JANE = {
    "username": "janedoe",
    "email": "jane@example.com",
    "password": "SecurePass123!",
    "first_name": "Jane",
    "last_name": "Doe",
}
Login = dict[str, Any]


async def log_in(http: httpx.AsyncClient, username: str) -> Login:
    answer = await http.post("/api/users/login/", json={"username": username, "password": "SecurePass123!"})
    assert answer.status_code == 200
    http.cookies.clear()
    body: Login = answer.json()
    return body


@pytest.fixture(scope="module")
async def john(http: httpx.AsyncClient) -> Login:
    assert (await http.post("/api/users/register/", json=JOHN)).status_code == 201
    return await log_in(http, "johndoe")


@pytest.fixture(scope="module")
async def jane(http: httpx.AsyncClient) -> Login:
    assert (await http.post("/api/users/register/", json=JANE)).status_code == 201
    return await log_in(http, "janedoe")


@pytest.fixture
def bearer(john: Login) -> dict[str, str]:
    return {"Authorization": f"Bearer {john['access']}"}


@pytest.fixture
async def conversation(http: httpx.AsyncClient, bearer: dict[str, str], jane: Login) -> int:
    body = {"participants": [jane["user"]["id"]]}
    answer = await http.post("/api/chat/conversations/", headers=bearer, json=body)
    return int(answer.json()["id"])


async def test_register_user(http: httpx.AsyncClient, slash: str) -> None:
    newcomer = {**JOHN, "username": f"johndoe-{len(slash)}", "email": f"john{len(slash)}@example.com"}
    answer = await http.post(f"/api/users/register{slash}", json=newcomer)
    assert answer.status_code == 201
    shown = {name: newcomer[name] for name in ("username", "email", "first_name", "last_name")}
    assert shown.items() <= answer.json().items()
    assert isinstance(answer.json()["id"], int)


async def test_login(http: httpx.AsyncClient, john: Login, slash: str) -> None:
    answer = await http.post(f"/api/users/login{slash}", json={"username": "johndoe", "password": "SecurePass123!"})
    http.cookies.clear()
    assert answer.status_code == 200
    assert isinstance(answer.json()["refresh"], str)
    assert answer.json()["access"].startswith("eyJ")
    assert answer.json()["user"] == {
        "id": john["user"]["id"],
        "username": "johndoe",
        "email": "john@example.com",
        "first_name": "John",
        "last_name": "Doe",
    }


@pytest.mark.usefixtures("john")
async def test_refresh_token(http: httpx.AsyncClient, slash: str) -> None:
    login = await log_in(http, "johndoe")
    answer = await http.post(f"/api/users/token/refresh{slash}", json={"refresh": login["refresh"]})
    http.cookies.clear()
    assert answer.status_code == 200
    assert answer.json()["access"].startswith("eyJ")


@pytest.mark.usefixtures("john")
async def test_verify_token(http: httpx.AsyncClient, slash: str) -> None:
    login = await log_in(http, "johndoe")
    answer = await http.post(f"/api/users/token/verify{slash}", json={"token": login["access"]})
    assert answer.status_code == 200


@pytest.mark.usefixtures("john")
async def test_logout_ends_the_refresh_token(http: httpx.AsyncClient, slash: str) -> None:
    login = await log_in(http, "johndoe")
    answer = await http.post(
        f"/api/users/logout{slash}",
        headers={"Authorization": f"Bearer {login['access']}"},
        json={"refresh": login["refresh"]},
    )
    assert answer.is_success
    refused = await http.post("/api/users/token/refresh/", json={"refresh": login["refresh"]})
    assert refused.status_code == 401


async def test_get_user_profile(http: httpx.AsyncClient, bearer: dict[str, str], slash: str) -> None:
    answer = await http.get(f"/api/users/profile{slash}", headers=bearer)
    assert answer.status_code == 200
    shown = {name: JOHN[name] for name in ("username", "email", "first_name", "last_name")}
    assert shown.items() <= answer.json().items()


async def test_create_conversation(
    http: httpx.AsyncClient, bearer: dict[str, str], john: Login, jane: Login, slash: str
) -> None:
    third = {**JOHN, "username": f"third-{len(slash)}", "email": f"third{len(slash)}@example.com"}
    third_id = (await http.post("/api/users/register/", json=third)).json()["id"]
    answer = await http.post(
        f"/api/chat/conversations{slash}", headers=bearer, json={"participants": [jane["user"]["id"], third_id]}
    )
    assert answer.status_code == 201
    conversation = answer.json()
    assert isinstance(conversation["id"], int)
    assert conversation["messages"] == []
    assert conversation["created_at"].endswith("Z")
    participants = {person["id"]: person for person in conversation["participants"]}
    assert participants.keys() == {john["user"]["id"], jane["user"]["id"], third_id}
    assert participants[john["user"]["id"]] == john["user"]
    # Another's email is nobody's business: the field is there, its value only for oneself.
    assert participants[jane["user"]["id"]] == {**jane["user"], "email": None}


async def test_list_the_users_conversations(
    http: httpx.AsyncClient, bearer: dict[str, str], conversation: int, slash: str
) -> None:
    answer = await http.get(f"/api/chat/conversations{slash}", headers=bearer)
    assert answer.status_code == 200
    assert conversation in {one["id"] for one in answer.json()}


async def test_get_conversation_details(
    http: httpx.AsyncClient, bearer: dict[str, str], conversation: int, slash: str
) -> None:
    answer = await http.get(f"/api/chat/conversations/{conversation}{slash}", headers=bearer)
    assert answer.status_code == 200
    assert answer.json()["id"] == conversation
    assert {"participants", "messages", "created_at"} <= answer.json().keys()


async def test_get_conversation_messages(
    http: httpx.AsyncClient, bearer: dict[str, str], john: Login, conversation: int, ws_url: str, slash: str
) -> None:
    async with connect(f"{ws_url}/ws/chat/{conversation}/?token={john['access']}") as socket:
        await socket.send('{"message": "Hello!"}')
        sent = json.loads(await socket.recv())
    answer = await http.get(f"/api/chat/conversations/{conversation}/messages{slash}", headers=bearer)
    assert answer.status_code == 200
    assert answer.json()["conversation_id"] == conversation
    assert answer.json()["source"] in {"redis", "database"}
    hello = {
        "id": sent["message_id"],
        "sender_id": john["user"]["id"],
        "sender": "johndoe",
        "content": "Hello!",
        "timestamp": sent["timestamp"],
    }
    assert hello.items() <= answer.json()["messages"][-1].items()


@pytest.mark.parametrize("credential", ["query parameter", "session"])
async def test_send_and_receive_on_the_websocket(
    john: Login, jane: Login, conversation: int, ws_url: str, slash: str, credential: str
) -> None:
    """As it says there: in the session, or in the query parameters."""
    address = f"{ws_url}/ws/chat/{conversation}{slash}"
    johns = (
        connect(f"{address}?token={john['access']}")
        if credential == "query parameter"
        else connect(address, additional_headers={"Cookie": f"access={john['access']}"})
    )
    async with connect(f"{address}?token={jane['access']}") as hers:
        await hers.send('{"message": "I am here."}')
        await hers.recv()  # An open socket of these documents says nothing by itself.
        async with johns as mine:
            await mine.send('{\n  "message": "Hello, this is a test message!"\n}')
            received = [json.loads(await socket.recv()) for socket in (mine, hers)]
    assert received[0] == received[1]
    expected = {
        "message": "Hello, this is a test message!",
        "sender_id": john["user"]["id"],
        "sender": "johndoe",
    }
    assert expected.items() <= received[0].items()
    assert isinstance(received[0]["message_id"], int)
    assert received[0]["timestamp"].endswith("Z")


@pytest.fixture(scope="module")
def throttled_ws_url(stack: Stack) -> Iterator[str]:
    """A second API process of the same Parlour, with the throttle that is set unless one changes it."""
    port = free_port()
    web = subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, "-m", "app", "web", "--port", str(port)],
        env={**stack.environment, **stack.addresses, "PARLOUR_THROTTLE_MS": "1000"},
        cwd=stack.directory,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert wait_until(lambda: answers_ready(port), 30)
        yield f"ws://127.0.0.1:{port}"
    finally:
        web.terminate()
        web.wait()


async def test_one_message_a_second_and_the_documents_own_words_for_the_next(
    john: Login, conversation: int, throttled_ws_url: str
) -> None:
    async with connect(f"{throttled_ws_url}/ws/chat/{conversation}/?token={john['access']}") as socket:
        await socket.send('{"message": "one"}')
        await socket.send('{"message": "two"}')
        frames = [json.loads(await socket.recv()) for _ in range(2)]
    assert {"error": "You are sending messages too fast. Please wait a moment."} in frames
    assert [frame["message"] for frame in frames if "message" in frame] == ["one"]


async def test_health_check(http: httpx.AsyncClient, slash: str) -> None:
    answer = await http.get(f"/health{slash}")
    assert answer.status_code == 200
    assert {"status": "healthy", "database": True, "redis": True}.items() <= answer.json().items()
