"""The accounts' own part of the web application, on real servers, and a client for it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

import msgspec
import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar
from litestar.di import Provide

from app.bodies import StrictRequest
from app.domain.accounts.controllers.entry import Entry
from app.domain.accounts.controllers.mailed import Mailed
from app.domain.accounts.controllers.profile import OwnProfile, OwnSessions
from app.domain.accounts.ended import EndedSessions
from app.domain.accounts.guards import Doorkeeper
from app.domain.accounts.hashing import Passwords
from app.domain.accounts.known_keys import KnownKeys
from app.domain.presence.services.devices import Devices
from app.domain.presence.services.roll import Roll
from app.problems import exception_handlers
from app.ratelimits import RateLimits
from app.resources import Resources
from app.settings import Settings

OURS = "http://localhost:8000"
PASSWORD = "trombone-otter-41"
decode = msgspec.json.Decoder(dict[str, Any]).decode
ALICE = {"username": "Alice", "email": "alice@example.com", "password": PASSWORD}


@dataclass
class Web:
    """One API process."""

    client: AsyncClient
    app: Litestar
    settings: Settings
    doorkeeper: Doorkeeper
    ended: EndedSessions

    async def register(self, **changes: object) -> dict[str, Any]:
        answer = await self.client.post("/api/users/register", json=ALICE | changes)
        assert answer.status_code == 201, answer.text
        return decode(answer.content)

    async def login(self, name: str = "alice", password: str = PASSWORD, **headers: str) -> dict[str, Any]:
        """The tokens; without keeping the cookies."""
        answer = await self.client.post(
            "/api/users/login", json={"username": name, "password": password}, headers=headers
        )
        self.client.cookies.clear()
        assert answer.status_code == 200, answer.text
        return decode(answer.content)


def always(value: object) -> Provide:
    return Provide(lambda: value, sync_to_thread=False)


Open = Callable[..., AbstractAsyncContextManager[Web]]


@pytest.fixture(scope="session")
def open_web(resources: Resources) -> Open:
    """Further API processes on the same servers, with settings changed by name."""

    @asynccontextmanager
    async def open_one(**changes: object) -> AsyncIterator[Web]:
        settings = resources.settings.model_copy(update={"attempts_per_minute": 0, **changes})
        ended = EndedSessions(resources.sessions, settings.access_token_seconds)
        devices = Devices(Roll(resources.redis), lease=15, grace=5)
        doorkeeper = Doorkeeper(settings, resources.redis, ended, devices, KnownKeys(resources.sessions))
        limits = RateLimits(settings, resources.redis)
        passwords = Passwords(settings)
        given = {
            "settings": settings,
            "sessions": resources.sessions,
            "redis": resources.redis,
            "doorkeeper": doorkeeper,
            "passwords": passwords,
            "limits": limits,
        }
        app = Litestar(
            [Entry, Mailed, OwnProfile, OwnSessions],
            guards=[limits.guard],
            on_app_init=[doorkeeper.http_auth().on_app_init],
            exception_handlers=exception_handlers,
            request_class=StrictRequest,
            dependencies={name: always(value) for name, value in given.items()},
        )
        async with client_of(app) as client:
            yield Web(client, app, settings, doorkeeper, ended)
        passwords.close()

    return open_one


@pytest.fixture(scope="session")
async def lasting_web(open_web: Open) -> AsyncIterator[Web]:
    """Put together once, which takes longer than most tests."""
    async with open_web() as opened:
        yield opened


@pytest.fixture
async def web(lasting_web: Web, clean: None) -> AsyncIterator[Web]:
    """With a client that nobody has used. Change nothing about it: that is what `open_web` is for."""
    async with client_of(lasting_web.app) as client:
        yield replace(lasting_web, client=client)


def client_of(app: Litestar) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(cast("Any", app)), base_url=OURS)
