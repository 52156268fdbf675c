"""`/metrics`: what it holds, and who may ask."""

import asyncio

import pytest
from litestar.testing import AsyncTestClient, RequestFactory
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from tests.clients import Player
from tests.conftest import Register

from app.asgi import create_app
from app.operation.controllers import may_measure
from app.resources import Resources
from app.settings import Settings

pytestmark = pytest.mark.anyio
TOKEN = "f3b1c6d84a7e4f0f9b5d2e8c7a1b4d6e"


def figures(text: str) -> dict[str, float]:
    """Every sample by its name and labels, as they are written."""
    return {
        f"{sample.name}{sample.labels or ''}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def metrics_of(player: Player) -> dict[str, float]:
    answer = await player.http.get("/metrics")
    assert answer.status_code == 200
    return figures(answer.text)


async def test_the_figures_of_api_and_worker_are_in_one_answer(player: Register) -> None:
    ada, ben = await player("ada"), await player("ben")
    before = await metrics_of(ada)
    conversation = await ada.talk_to(ben)
    async with ada.socket("/ws") as socket:
        await socket.until("ready")
        await socket.send(type="send", conversation_id=conversation, client_id="1", message="Hello")
        await socket.until("stored")
        during = await metrics_of(ada)
    await ada.http.post("/api/game/play", json={"number": 842})

    def grown(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    after = await metrics_of(ada)
    async with asyncio.timeout(5):  # A worker counts what it has stored once it has told of it.
        while not grown("parlour_recorded_total{'kind': 'game', 'outcome': 'stored'}"):
            after = await metrics_of(ada)

    assert during["parlour_sockets_open{'route': '/ws'}"] >= 1
    assert grown("parlour_inbox_accepted_total{'kind': 'chat'}") >= 1
    assert grown("parlour_recorded_total{'kind': 'chat', 'outcome': 'stored'}") >= 1
    assert grown("parlour_drain_entries_count{'kind': 'game'}") >= 1
    route = "{'method': 'POST', 'route': '/api/game/play', 'status': '201'}"
    assert grown(f"parlour_http_requests_total{route}") == 1
    assert grown("parlour_http_request_seconds_count{'group': '/api/game'}") == 1
    assert after["parlour_processes_alive{'role': 'worker'}"] == 1
    assert after["parlour_inbox_backlog_entries{'kind': 'chat', 'partition': '0'}"] == 0
    assert after["parlour_database_connections_allowed"] >= 40
    assert after["parlour_outbox_waiting{'outbox': 'draw'}"] == 0
    assert after["parlour_draws_overdue"] == 0


async def test_paths_that_lead_nowhere_share_one_name(player: Register) -> None:
    ada = await player("ada")
    for path in ("/wp-admin.php", "/etc/passwd", "/api/nothing/17"):
        assert (await ada.http.get(path)).status_code == 404
    assert not any("wp-admin" in name or "passwd" in name for name in await metrics_of(ada))
    assert any("'route': 'unmatched', 'status': '404'" in name for name in await metrics_of(ada))


HERE, ELSEWHERE = ("127.0.0.1", 5000), ("10.1.2.3", 5000)
BEARER = {"Authorization": f"Bearer {TOKEN}"}
FORWARDED = {"X-Forwarded-For": "127.0.0.1"}


@pytest.mark.parametrize(
    ("headers", "client", "token", "allowed"),
    [
        ({}, HERE, None, True),
        ({}, ("::1", 5000), None, True),
        ({}, ELSEWHERE, None, False),
        (FORWARDED, HERE, None, False),
        (BEARER, ELSEWHERE, TOKEN, True),
        (BEARER | FORWARDED, ELSEWHERE, TOKEN, True),
        ({}, HERE, TOKEN, False),
        ({"Authorization": "Bearer wrong"}, HERE, TOKEN, False),
    ],
)
def test_who_may_ask(
    settings: Settings, headers: dict[str, str], client: tuple[str, int], token: str | None, *, allowed: bool
) -> None:
    request = RequestFactory().get("/metrics", headers=headers)
    request.scope["client"] = client
    guarded = settings.model_copy(update={"metrics_token": SecretStr(token) if token else None})
    assert may_measure(request, guarded) == allowed


async def test_to_others_there_is_no_such_page(resources: Resources) -> None:
    guarded = resources.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    async with AsyncTestClient(create_app(guarded)) as client:
        refused = await client.get("/metrics", headers={"Authorization": "Bearer wrong"})
        given = await client.get("/metrics", headers=BEARER)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert given.status_code == 200
