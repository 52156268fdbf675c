"""Liveness, readiness and health, with the servers there and away."""

import secrets
from pathlib import Path

import httpx
import pytest
from litestar.testing import AsyncTestClient

from app.asgi import create_app
from app.settings import Settings

pytestmark = pytest.mark.anyio
AWAY = Settings.model_validate(
    {
        "DATABASE_URL": "postgresql://nobody@/nothing?host=/nowhere",
        "REDIS_URL": "unix:///nowhere.sock",
        "SECRET_KEY": secrets.token_hex(32),
    }
)


async def test_everything_is_there(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as client:
        health = await client.get("/health/")
        ready = await client.get("/health/ready")
    assert (health.status_code, health.json()) == (
        200,
        {"status": "healthy", "database": True, "redis": True, "workers": 1, "schedulers": 1, "draws_overdue": 0},
    )
    assert (ready.status_code, ready.json()) == (200, {"status": "ready", "database": True, "redis": True})


async def test_without_its_servers_a_process_lives_and_says_that_it_cannot_serve(tmp_path: Path) -> None:
    async with AsyncTestClient(create_app(AWAY.model_copy(update={"files_directory": tmp_path}))) as client:
        live = await client.get("/health/live")
        ready = await client.get("/health/ready")
        health = await client.get("/health")
        login = await client.post("/api/users/login", json={"username": "ada", "password": "does not matter"})
    assert (live.status_code, live.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.json()) == (503, {"status": "not ready", "database": False, "redis": False})
    assert (health.status_code, health.json()["status"]) == (503, "unhealthy")
    assert health.json()["draws_overdue"] is None
    assert (login.status_code, login.json()["code"]) == (503, "unavailable")
    assert login.headers["retry-after"] == "1"
