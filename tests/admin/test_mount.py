"""Where the application takes the panel in: behind a proxy, in an outage, and with bodies of any size."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from uuid import uuid4

import httpx
import pytest
from litestar.testing import AsyncTestClient
from tests.admin.conftest import TOKEN, Desk
from tests.conftest import Newcomer, settings_for

from app.asgi import create_app
from app.domain.accounts.models import User
from app.domain.accounts.standing import StaffRole, Standing
from app.domain.accounts.tokens import AccessTokens
from app.domain.audit.services import OPERATOR
from app.resources import Resources, Sessions
from app.settings import Settings

pytestmark = pytest.mark.anyio

NO_DATABASE = "postgresql://nobody@/nothing?host=/nowhere"
NO_REDIS = "unix:///nowhere.sock"

Ask = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
async def eve(newcomer: Newcomer, sessions: Sessions, settings: Settings) -> User:
    eve = await newcomer("eve")
    async with sessions.begin() as session:
        return (await Standing(session, settings).appoint(OPERATOR, eve, StaffRole.STAFF)).user


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    """A request to a server of its own, in somebody's name."""
    async with AsyncExitStack() as stack:

        async def asked(settings: Settings, path: str, who: User | None = None, **headers: str) -> httpx.Response:
            client = await stack.enter_async_context(AsyncTestClient(create_app(settings)))
            if who:
                client.cookies["access"] = AccessTokens(settings).issue(who, uuid4())
            return await client.get(path, headers=headers, follow_redirects=False)

        yield asked


async def test_behind_a_proxy_with_tls_everything_is_asked_for_by_https(ask: Ask, resources: Resources) -> None:
    settings = settings_for(
        resources.settings.database_url, resources.settings.redis_url, public_url="https://parlour.example"
    )
    page = await ask(settings, "/admin/login", Host="parlour.example")
    assert page.status_code == 200
    assert 'src="https://parlour.example/admin/static/login.js"' in page.text
    assert "http://" not in page.text.replace("http://www.w3.org", "")
    assert "Secure" in page.headers["set-cookie"]


async def test_without_postgresql_it_says_that_it_cannot_and_when_to_come_again(ask: Ask, eve: User) -> None:
    answer = await ask(settings_for(NO_DATABASE, NO_REDIS), "/admin/", eve)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.headers["content-type"].startswith("text/plain")


async def test_without_redis_the_overview_shows_the_rest(ask: Ask, eve: User, settings: Settings) -> None:
    answer = await ask(settings_for(settings.database_url, NO_REDIS), "/admin/", eve)
    assert answer.status_code == 200
    assert "Redis does not answer." in answer.text
    assert "Draws that close next" in answer.text


async def test_a_body_says_how_long_it_is_and_is_not_too_long(sue: Desk) -> None:
    headers = {"X-CSRFToken": sue.http.cookies[TOKEN], "Content-Type": "application/x-www-form-urlencoded"}

    async def piece_by_piece() -> AsyncIterator[bytes]:
        yield b"reason=Spam"

    for body in (b"reason=" + b"x" * 65536, piece_by_piece()):
        answer = await sue.http.post("/admin/_api/users/row-action?name=lift&pk=1", content=body, headers=headers)
        assert answer.status_code == 413


async def test_a_form_that_cannot_be_read_is_a_bad_request(sue: Desk) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await sue.http.post("/admin/_api/users/row-action?name=lift&pk=1", content=b"xx", headers=headers)
    assert answer.status_code == 400


async def test_the_panel_is_found_with_and_without_a_slash(sue: Desk) -> None:
    for path in ("/admin", "/admin/", "/admin/users/list", "/admin/users/list/"):
        assert (await sue.http.get(path, follow_redirects=True)).status_code == 200, path
    assert (await sue.http.get("/administrator")).status_code == 404


async def test_its_files_may_be_kept_and_its_pages_not(sue: Desk) -> None:
    assert (await sue.read("static/admin.js")).headers["cache-control"].startswith("public")
    assert (await sue.read("users/list")).headers["cache-control"] == "no-store"
    for path in ("static/../panel.py", "static/%2e%2e/panel.py", "static/"):
        assert (await sue.read(path)).status_code == 404
