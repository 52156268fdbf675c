"""What never becomes a request of the application, byte by byte."""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.conftest import Register

pytestmark = pytest.mark.anyio

SOCKET = (
    b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


async def send(base_url: str, *pieces: bytes) -> bytes:
    """All that the server says before it hangs up."""
    address = urlsplit(base_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        for piece in pieces:
            writer.write(piece)
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


def read(answer: bytes) -> tuple[int, dict[str, Any]]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize(
    "request_",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nIdempotency-Key: a\x01b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nIdempotency-Key: a\x00b\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["garbage", "bad path", "method", "control character", "NUL", "negative length", "two lengths"],
)
async def test_what_is_not_http_is_told_so(base_url: str, request_: bytes) -> None:
    status, problem = read(await send(base_url, request_))
    assert (status, problem["code"]) == (400, "not_http")


@pytest.mark.parametrize(
    "pieces",
    [
        [b"GET / HTTP/1.1\r\nHost: x\r\nX: ", b"a" * 33_000, b"\r\n\r\n"],
        [b"GET /", b"a" * 33_000, b" HTTP/1.1\r\nHost: x\r\n\r\n"],
        [b"GET / HTTP/1.1\r\n", b"".join(b"X-%d: y\r\n" % n for n in range(6000)), b"\r\n"],
        [b"GET / HTTP/1.1\r\nX: ", *([b"a" * 4096] * 8)],
        [SOCKET, b"X: ", b"a" * 9000, b"\r\n\r\n"],
        [SOCKET, b"".join(b"X-%d: y\r\n" % n for n in range(200)), b"\r\n"],
    ],
    ids=["a header", "a path", "many headers", "an endless header", "a socket's header", "a socket's many headers"],
)
async def test_a_head_that_is_too_long_is_told_so(base_url: str, pieces: list[bytes]) -> None:
    status, problem = read(await send(base_url, *pieces))
    assert (status, problem["code"]) == (431, "head_too_long")


async def test_a_long_head_below_the_limit_is_read(base_url: str) -> None:
    head = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: " + b"a" * 32_000 + b"\r\n\r\n"
    assert (await send(base_url, head)).startswith(b"HTTP/1.1 200")


async def test_what_follows_on_the_same_connection_is_measured_by_itself(player: Register) -> None:
    ann = await player("ann")
    for _ in range(3):
        answer = await ann.http.post("/api/users/token/verify", json={"token": ann.access}, headers={"X": "a" * 20_000})
        assert answer.status_code == 200
