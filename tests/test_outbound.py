"""Requests to addresses that users have named reach the public internet, and nothing of ours."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.outbound import BODY_BYTES, AddressRefused, Answer, Outbound, is_public, open_outbound, why_refused

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104  an address, nothing is bound to it
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.1",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "fc00::1",
        "fe80::1%eth0",
        "ff0e::1",
    ],
)
def test_an_address_of_ours_or_of_nobody_is_not_public(address: str) -> None:
    assert not is_public(address)
    host = f"[{address}]" if ":" in address else address
    assert why_refused(f"https://{host}/", private_hosts=False)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_of_everybody_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url", ["", "push.example", "ftp://push.example/", "file:///etc/passwd", "https://", "https://[::1", "https://a:b/"]
)
async def test_what_is_no_address_is_refused_before_anything_is_asked(url: str) -> None:
    for private_hosts in (False, True):
        assert why_refused(url, private_hosts=private_hosts)
        async with open_outbound(private_hosts=private_hosts) as outbound:
            with pytest.raises(AddressRefused):
                await outbound.post(url, headers={}, content=b"")


@pytest.fixture
async def heard() -> list[bytes]:
    return []


@pytest.fixture
async def port(heard: list[bytes]) -> AsyncIterator[int]:
    """A server on this machine that answers with more than anybody wants to read."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(
            b"HTTP/1.1 429 Slowly\r\nRetry-After: 7\r\nContent-Length: 10000000\r\n\r\n" + b"x" * 2 * BODY_BYTES
        )
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001"])
async def test_a_name_that_leads_to_us_is_not_followed(host: str, port: int, heard: list[bytes]) -> None:
    async with open_outbound(private_hosts=False) as outbound:
        with pytest.raises(AddressRefused):
            await outbound.post(f"https://{host}:{port}/", headers={}, content=b"secret")
    assert heard == []


async def test_the_answers_head_is_enough(port: int, heard: list[bytes]) -> None:
    async with open_outbound(private_hosts=True) as outbound:
        answer = await outbound.post(f"http://127.0.0.1:{port}/a", headers={"X-Name": "b"}, content=b"c")
    assert answer == Answer(429, "7")
    assert heard[0].startswith(b"POST /a HTTP/1.1\r\n")
    assert b"X-Name: b\r\n" in heard[0]


async def test_whoever_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def be_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    monkeypatch.setattr("app.outbound.PATIENCE_SECONDS", 0.1)
    server = await asyncio.start_server(be_silent, "127.0.0.1", 0)
    outbound = Outbound(private_hosts=True)
    with pytest.raises(TimeoutError):
        await outbound.post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", headers={}, content=b"")
    await outbound.aclose()
    server.close()
