"""Document A, NuxTest: its four curl lines and its socket, word for word."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Origin

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
PAGE = Origin("http://localhost:8000")
"""Where the document's own page comes from."""


@pytest.fixture(scope="module")
async def cookies(http: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """After "Register" and "Login", with `-c cookies.txt`."""
    registered = await http.post(
        "/auth/register",
        headers=JSON,
        content='{"username": "alice", "email": "alice@example.com", "password": "secret1234"}',
    )
    assert registered.status_code == 201
    logged_in = await http.post(
        "/auth/login", headers=JSON, content='{"email": "alice@example.com", "password": "secret1234"}'
    )
    assert logged_in.status_code == 200
    yield http
    http.cookies.clear()


async def test_register(http: httpx.AsyncClient, slash: str) -> None:
    name = f"alice-a{len(slash)}"
    answer = await http.post(
        f"/auth/register{slash}",
        headers=JSON,
        content=json.dumps({"username": name, "email": f"{name}@example.com", "password": "secret1234"}),
    )
    assert answer.status_code == 201
    assert answer.json()["username"] == name
    assert answer.json()["email"] == f"{name}@example.com"
    assert "password" not in answer.json()


async def test_login_stores_a_session_in_cookies(cookies: httpx.AsyncClient, slash: str) -> None:
    answer = await cookies.post(
        f"/auth/login{slash}", headers=JSON, content='{"email": "alice@example.com", "password": "secret1234"}'
    )
    assert answer.status_code == 200
    assert all("HttpOnly" in line for line in answer.headers.get_list("set-cookie"))
    assert {"access", "refresh"} <= {cookie.name for cookie in cookies.cookies.jar}
    assert {"access", "refresh", "user"} <= answer.json().keys()


async def test_play_with_the_cookies(cookies: httpx.AsyncClient, slash: str) -> None:
    answer = await cookies.post(f"/api/game/play{slash}", headers=JSON, content='{"number": 842}')
    assert answer.status_code == 201
    assert {"number": 842, "result": "win", "prize": 421.0}.items() <= answer.json().items()


async def test_play_at_the_path_of_the_documents_last_chapter(cookies: httpx.AsyncClient, slash: str) -> None:
    answer = await cookies.post(f"/api/game{slash}", headers=JSON, content='{"number": 842}')
    assert answer.status_code == 201
    assert answer.json()["prize"] == 421.0


async def test_the_result_also_arrives_on_the_websocket(cookies: httpx.AsyncClient, ws_url: str, slash: str) -> None:
    cookie = f"access={cookies.cookies['access']}"
    async with connect(f"{ws_url}/ws/game{slash}", additional_headers={"Cookie": cookie}, origin=PAGE) as socket:
        await cookies.post("/api/game/play", headers=JSON, content='{"number": 842}')
        result = json.loads(await socket.recv())
    assert {"number": 842, "result": "win", "prize": 421.0}.items() <= result.items()


async def test_history_with_the_cookies(cookies: httpx.AsyncClient, slash: str) -> None:
    await cookies.post("/api/game/play", headers=JSON, content='{"number": 842}')
    answer = await cookies.get(f"/api/game/history{slash}")
    assert answer.status_code == 200
    assert {"number": 842, "result": "win", "prize": 421.0}.items() <= answer.json()[0].items()


async def test_without_the_cookies_there_is_no_history(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as anybody:
        assert (await anybody.get("/api/game/history")).status_code == 401
