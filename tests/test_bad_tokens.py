"""A token that anybody could have made, or that is over, opens nothing (RFC 8725)."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import jwt
import pytest
from tests.clients import Player
from tests.people import Registry
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from app.embedded.stack import Stack

pytestmark = pytest.mark.anyio

Claims = dict[str, Any]
SOCKETS = ["/ws", "/ws/game/", "/ws/chat/1/"]


@pytest.fixture(scope="module")
async def somebody(base_url: str, registry: Registry) -> AsyncIterator[Player]:
    player = Player.let_in(base_url, await registry.enter("somebody"))
    yield player
    await player.http.aclose()


@pytest.fixture
def claims(somebody: Player) -> Claims:
    found: Claims = jwt.decode(somebody.access, options={"verify_signature": False})
    return found


@pytest.fixture
def header(somebody: Player) -> dict[str, Any]:
    return jwt.get_unverified_header(somebody.access)


@pytest.fixture
def key(stack: Stack) -> str:
    return stack.environment["SECRET_KEY"]


async def answer_to(base_url: str, token: str | bytes) -> httpx.Response:
    credential = b"Bearer " + (token if isinstance(token, bytes) else token.encode())
    async with httpx.AsyncClient(base_url=base_url) as client:
        return await client.get("/api/game/history", headers={b"authorization": credential})


async def assert_refused(base_url: str, token: str) -> None:
    """Over HTTP, and on every socket: at once, with a close code that a page can read."""
    answer = await answer_to(base_url, token)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_logged_in")
    for path in SOCKETS:
        async with connect(f"{base_url.replace('http', 'ws', 1)}{path}?token={token}") as socket:
            with pytest.raises(ConnectionClosedError) as closed:
                await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4401


async def test_one_that_we_could_have_made_is_taken(
    base_url: str, key: str, claims: Claims, header: dict[str, Any]
) -> None:
    """So that what is refused below is refused for its one fault."""
    assert (await answer_to(base_url, jwt.encode(claims, key, "HS256", headers=header))).status_code == 200


async def test_an_expired_one(base_url: str, key: str, claims: Claims, header: dict[str, Any]) -> None:
    await assert_refused(base_url, jwt.encode({**claims, "exp": 1}, key, "HS256", headers=header))


async def test_one_without_an_end(base_url: str, key: str, claims: Claims, header: dict[str, Any]) -> None:
    del claims["exp"]
    await assert_refused(base_url, jwt.encode(claims, key, "HS256", headers=header))


async def test_one_that_nobody_signed(base_url: str, claims: Claims, header: dict[str, Any]) -> None:
    await assert_refused(base_url, jwt.encode(claims, "", "none", headers={**header, "alg": "none"}))


async def test_one_signed_with_another_key(base_url: str, claims: Claims, header: dict[str, Any]) -> None:
    await assert_refused(base_url, jwt.encode(claims, "x" * 64, "HS256", headers=header))


async def test_one_signed_by_another_algorithm(base_url: str, key: str, claims: Claims, header: dict[str, Any]) -> None:
    await assert_refused(base_url, jwt.encode(claims, key, "HS512", headers={**header, "alg": "HS512"}))


@pytest.mark.parametrize(
    "change", [{"iss": "other"}, {"aud": "other"}, {"sub": "x"}, {"sid": "x"}, {"sub": "-" * 5000}]
)
async def test_one_for_somebody_else(
    base_url: str, key: str, claims: Claims, header: dict[str, Any], change: Claims
) -> None:
    await assert_refused(base_url, jwt.encode({**claims, **change}, key, "HS256", headers=header))


async def test_a_refresh_token(base_url: str, somebody: Player) -> None:
    await assert_refused(base_url, somebody.refresh)


@pytest.mark.parametrize("token", ["x", "a.b.c", "....", "%00", "%ff"])
async def test_nonsense(base_url: str, token: str) -> None:
    await assert_refused(base_url, token)


@pytest.mark.parametrize("token", ["x" * 20_000, b"\xff\xfe", "\N{SNOWMAN}"])
async def test_nonsense_that_fits_into_a_header_only(base_url: str, token: str | bytes) -> None:
    assert (await answer_to(base_url, token)).status_code == 401
