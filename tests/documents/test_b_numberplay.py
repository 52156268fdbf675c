"""Document B, NumberPlay: "Main Endpoints", as they stand there."""

import json

import httpx
import pytest
from websockets.asyncio.client import connect

pytestmark = pytest.mark.anyio

ALICE = {"username": "alice", "email": "alice@example.com", "password": "secret1234"}


@pytest.fixture(scope="module")
async def token(http: httpx.AsyncClient) -> str:
    assert (await http.post("/auth/api/register/", json=ALICE)).status_code == 201
    answer = await http.post("/auth/api/login/", json={"email": ALICE["email"], "password": ALICE["password"]})
    assert answer.status_code == 200
    http.cookies.clear()
    return str(answer.json()["access"])


@pytest.fixture
def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_register(http: httpx.AsyncClient, slash: str) -> None:
    name = f"alice-b{len(slash)}"
    newcomer = {"username": name, "email": f"{name}@example.com", "password": "secret1234"}
    answer = await http.post(f"/auth/api/register{slash}", json=newcomer)
    assert answer.status_code == 201
    assert {"username": name, "email": f"{name}@example.com"}.items() <= answer.json().items()


@pytest.mark.usefixtures("token")
async def test_login(http: httpx.AsyncClient, slash: str) -> None:
    answer = await http.post(f"/auth/api/login{slash}", json={"email": ALICE["email"], "password": ALICE["password"]})
    http.cookies.clear()
    assert answer.status_code == 200
    assert {"access", "refresh"} <= answer.json().keys()


async def test_current_user(http: httpx.AsyncClient, bearer: dict[str, str], slash: str) -> None:
    answer = await http.get(f"/auth/api/user{slash}", headers=bearer)
    assert answer.status_code == 200
    assert {"username": "alice", "email": "alice@example.com"}.items() <= answer.json().items()


@pytest.mark.parametrize("path", ["/api/users/user", "/api/users/me"])
async def test_the_current_user_by_its_other_names(
    http: httpx.AsyncClient, bearer: dict[str, str], path: str, slash: str
) -> None:
    answer = await http.get(f"{path}{slash}", headers=bearer)
    assert answer.status_code == 200
    assert answer.json()["username"] == "alice"


@pytest.mark.parametrize(
    ("number", "result", "prize"),
    [(842, "win", 421.0), (902, "win", 631.4), (302, "win", 90.6), (300, "win", 30.0), (7, "lose", 0)],
)
async def test_play_pays_by_the_documents_tiers(
    http: httpx.AsyncClient, bearer: dict[str, str], slash: str, number: int, result: str, prize: float
) -> None:
    answer = await http.post(f"/api/game/play{slash}", headers=bearer, json={"number": number})
    assert answer.status_code == 201
    assert {"number": number, "result": result, "prize": prize}.items() <= answer.json().items()


async def test_history_is_the_last_three_results(http: httpx.AsyncClient, bearer: dict[str, str], slash: str) -> None:
    for number in (1, 842, 3, 902):
        await http.post("/api/game/play/", headers=bearer, json={"number": number})
    answer = await http.get(f"/api/game/history{slash}", headers=bearer)
    assert answer.status_code == 200
    assert [play["number"] for play in answer.json()] == [902, 3, 842]
    assert [play["prize"] for play in answer.json()] == [631.4, 0, 421.0]


async def test_statistics(http: httpx.AsyncClient, bearer: dict[str, str], slash: str) -> None:
    path = f"/api/game/statistics{slash}"
    before = (await http.get(path, headers=bearer)).json()
    await http.post("/api/game/play/", headers=bearer, json={"number": 842})
    answer = await http.get(path, headers=bearer)
    assert answer.status_code == 200
    assert answer.json()["total_games"] == before["total_games"] + 1
    assert answer.json()["wins"] == before["wins"] + 1
    assert answer.json()["total_prize"] == pytest.approx(before["total_prize"] + 421.0)
    assert {"losses", "win_rate", "average_prize", "best_prize", "last_played"} <= answer.json().keys()


async def test_websocket_with_the_token_in_its_address(
    http: httpx.AsyncClient, token: str, bearer: dict[str, str], ws_url: str, slash: str
) -> None:
    async with connect(f"{ws_url}/ws/game{slash}?token={token}") as socket:
        await http.post("/api/game/play/", headers=bearer, json={"number": 842})
        result = json.loads(await socket.recv())
    # The document's sample says 589.4, against its own tiers: 50 % of 842 is 421.
    assert {"number": 842, "result": "win", "prize": 421.0}.items() <= result.items()


async def test_health_check(http: httpx.AsyncClient, slash: str) -> None:
    assert (await http.get(f"/health{slash}")).status_code == 200


async def test_api_docs(http: httpx.AsyncClient, slash: str) -> None:
    answer = await http.get(f"/api/docs{slash}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "openapi.json" in answer.text
