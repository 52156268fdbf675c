"""Requests to addresses that users have named reach the public internet, and nothing of ours."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.outbound import posting
from app.outbound.posting import ANSWER_BYTES, Answer, NoPublicAddress, open_outbound

pytestmark = pytest.mark.anyio


@pytest.fixture
async def heard() -> list[bytes]:
    return []


@pytest.fixture
async def port(heard: list[bytes]) -> AsyncIterator[int]:
    """A server on this machine that answers with more than anybody wants to read."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 429 Slowly\r\nRetry-After: 7\r\nContent-Length: 10000000\r\n\r\n")
        writer.write(b"x" * 2 * ANSWER_BYTES)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001", "127.0.0.1", "[::ffff:127.0.0.1]"])
async def test_a_name_that_leads_to_us_is_not_followed(host: str, port: int, heard: list[bytes]) -> None:
    async with open_outbound(inside=False) as outbound:
        with pytest.raises(NoPublicAddress):
            await outbound.post(f"https://{host}:{port}/", headers={}, content=b"secret")
    assert heard == []


async def test_the_answers_head_is_enough(port: int, heard: list[bytes]) -> None:
    async with open_outbound(inside=True) as outbound:
        answer = await outbound.post(f"http://127.0.0.1:{port}/a", headers={"X-Name": "b"}, content=b"c")
    assert answer == Answer(429, "7")
    assert heard[0].startswith(b"POST /a HTTP/1.1\r\n")
    assert b"X-Name: b\r\n" in heard[0]


async def test_whoever_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def be_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    monkeypatch.setattr(posting, "PATIENCE_SECONDS", 0.1)
    server = await asyncio.start_server(be_silent, "127.0.0.1", 0)
    async with open_outbound(inside=True) as outbound:
        with pytest.raises(TimeoutError):
            await outbound.post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", headers={}, content=b"")
    server.close()
