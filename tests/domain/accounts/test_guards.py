from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlencode

import pytest
from litestar import Litestar, Request, WebSocket, get
from litestar.testing import AsyncTestClient
from redis.asyncio import Redis

from app.domain.accounts.guards import moderators_only, staff_only
from app.domain.accounts.models import User
from app.domain.accounts.rules import StaffRole
from app.errors import NotLoggedIn
from app.problems import exception_handlers

if TYPE_CHECKING:
    from tests.domain.accounts.conftest import Web

pytestmark = pytest.mark.anyio
OURS = "http://localhost:8000"
FOREIGN = "https://evil.example"


def socket(query: dict[str, str] | None = None, **headers: str) -> WebSocket[Any, Any, Any]:
    """A socket that has just knocked."""

    async def silent(*_: object) -> NoReturn:
        raise AssertionError("Finding out who it is says nothing to the client")

    scope: Any = {
        "type": "websocket",
        "path": "/ws",
        "query_string": urlencode(query or {}).encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    return WebSocket(scope, receive=silent, send=silent)


@pytest.fixture
async def tokens(web: "Web") -> dict[str, Any]:
    await web.register()
    return await web.login()


async def test_a_socket_is_known_by_each_credential(web: "Web", tokens: dict[str, Any]) -> None:
    access = tokens["access"]
    ticket = await web.doorkeeper.tickets.issue(web.doorkeeper.recognise(access))
    for knock in [
        socket({"token": access}),
        socket({"ticket": ticket}),
        socket(authorization=f"Bearer {access}"),
        socket(cookie=f"access={access}"),
        socket(cookie=f"access={access}", origin=OURS),
    ]:
        actor = await web.doorkeeper.identify(knock)
        assert actor
        assert actor.username == "Alice"


async def test_a_ticket_opens_one_socket_only(web: "Web", tokens: dict[str, Any], redis: "Redis") -> None:
    ticket = await web.doorkeeper.tickets.issue(web.doorkeeper.recognise(tokens["access"]))
    [key] = await redis.keys("socket-ticket:*")
    assert ticket not in str(key)
    assert 0 < await redis.ttl(key) <= 30
    assert await web.doorkeeper.identify(socket({"ticket": ticket}))
    assert await web.doorkeeper.identify(socket({"ticket": ticket})) is None


@pytest.mark.parametrize("origin", [FOREIGN, "null", "", OURS + "/", "http://localhost:8001", "https://localhost:8000"])
async def test_a_cookie_that_another_sites_page_made_the_browser_send_opens_nothing(
    web: "Web", tokens: dict[str, Any], origin: str
) -> None:
    assert await web.doorkeeper.identify(socket(cookie=f"access={tokens['access']}", origin=origin)) is None


async def test_the_first_credential_decides_and_a_bad_one_is_not_made_good_by_the_next(
    web: "Web", tokens: dict[str, Any]
) -> None:
    access = tokens["access"]
    for knock in [
        socket({"token": "bad"}, authorization=f"Bearer {access}"),
        socket({"ticket": "bad"}, cookie=f"access={access}"),
        socket(authorization="Bearer bad", cookie=f"access={access}"),
        socket(),
    ]:
        assert await web.doorkeeper.identify(knock) is None


async def test_nothing_opens_a_socket_once_the_session_has_ended(web: "Web", tokens: dict[str, Any]) -> None:
    actor = web.doorkeeper.recognise(tokens["access"])
    ticket = await web.doorkeeper.tickets.issue(actor)
    told = list[str]()
    web.ended.watch(actor.session_id, lambda: told.append("close with 4401"))
    await web.client.post("/api/users/logout", json={"refresh": tokens["refresh"]})
    assert told == ["close with 4401"]
    assert await web.doorkeeper.identify(socket({"token": tokens["access"]})) is None
    assert await web.doorkeeper.identify(socket({"ticket": ticket})) is None
    with pytest.raises(NotLoggedIn):
        web.doorkeeper.recognise(tokens["access"])


@pytest.mark.parametrize(
    ("role", "moderation", "staff"),
    [
        (StaffRole.NONE, 403, 403),
        (StaffRole.MODERATOR, 200, 403),
        (StaffRole.STAFF, 200, 200),
        (StaffRole.SUPERUSER, 200, 200),
    ],
)
async def test_guards_let_in_those_of_their_role_and_above(
    web: "Web", tokens: dict[str, Any], role: StaffRole, moderation: int, staff: int
) -> None:
    @get("/moderation", guards=[moderators_only])
    async def moderators_page(request: Request[Any, Any, Any]) -> str:
        return str(request.user.username)

    @get("/staff", guards=[staff_only])
    async def staff_page(request: Request[Any, Any, Any]) -> str:
        return str(request.user.username)

    alice = User(id=1, username="Alice")
    alice.role = role
    session_id = web.doorkeeper.recognise(tokens["access"]).session_id
    headers = {"authorization": f"Bearer {web.doorkeeper.tokens.issue(alice, session_id)}"}
    app = Litestar(
        [moderators_page, staff_page],
        on_app_init=[web.doorkeeper.http_auth().on_app_init],
        exception_handlers=exception_handlers,
    )
    async with AsyncTestClient(app) as client:
        for path, status, code in [("/moderation", moderation, "not_moderator"), ("/staff", staff, "not_staff")]:
            assert (await client.get(path)).status_code == 401
            assert (await client.options(path)).status_code == 204
            answer = await client.get(path, headers=headers)
            assert answer.status_code == status
            assert status == 200 or answer.json()["code"] == code
