"""One GET from an address that the operator has named."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.outbound.fetching import NotFetched, fetch

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_the_body_is_what_is_asked_for() -> None:
    async with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes") as url:
        assert await fetch(url, limit=3) == b"yes"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "answers 404"),
        (b"HTTP/1.1 302 There\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", "answers 302"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nmore than three", "more than 3 bytes"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nno", "ProtocolError"),
        (b"nonsense\r\n\r\n", "ProtocolError"),
        (b"", "Error"),
    ],
)
async def test_anything_else_is_told(answer: bytes, why: str) -> None:
    async with answering(answer) as url:
        with pytest.raises(NotFetched, match=why):
            await fetch(url, limit=3)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "ftp://127.0.0.1/"])
async def test_an_address_that_does_not_answer_is_told(url: str) -> None:
    with pytest.raises(NotFetched, match="127"):
        await fetch(url, limit=3)
