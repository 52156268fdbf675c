import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.domain.bots.conftest import Receiver

from app import outbound as outbound_module
from app.domain.bots.services.couriers import Courier
from app.outbound import BODY_BYTES, open_outbound

pytestmark = pytest.mark.anyio


async def test_a_delivery_arrives_as_it_was_written(receiver: Receiver) -> None:
    async with open_outbound(private_hosts=True) as outbound:
        answer = await Courier(outbound).carry(receiver.url, '{"text":"Привіт"}', {"webhook-id": "x"})
    assert (answer.status, answer.problem, answer.is_good) == (204, None, True)
    [received] = receiver.got
    assert received.body.decode() == '{"text":"Привіт"}'
    assert received.headers["user-agent"].startswith("Parlour/")


async def test_nothing_is_sent_to_an_address_of_our_own_network(receiver: Receiver) -> None:
    for url in (receiver.url, receiver.url.replace("http://127.0.0.1", "https://localhost")):
        async with open_outbound(private_hosts=False) as outbound:
            answer = await Courier(outbound).carry(url, "{}", {})
        assert (answer.status, answer.problem) == (None, "The host has no public address.")
    assert receiver.got == []


async def test_a_redirect_is_an_answer_and_not_followed(receiver: Receiver) -> None:
    receiver.answers, receiver.location = [307], receiver.url
    async with open_outbound(private_hosts=True) as outbound:
        answer = await Courier(outbound).carry(receiver.url, "{}", {})
    assert (answer.status, answer.is_good, len(receiver.got)) == (307, False, 1)


async def test_what_goes_wrong_is_said_in_words_that_tell_nothing_about_our_network() -> None:
    async with open_outbound(private_hosts=True) as outbound:
        courier = Courier(outbound)
        refused = await courier.carry("http://127.0.0.1:1/", "{}", {})
        unknown = await courier.carry("http://nowhere.invalid/", "{}", {})
    assert refused.problem == unknown.problem == "The host could not be reached."


@asynccontextmanager
async def speaking(words: bytes) -> AsyncIterator[str]:
    """A server that says the same to everybody, and nothing more; its URL."""
    writers = list[asyncio.StreamWriter]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(words)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    for writer in writers:
        writer.close()
    server.close()


@pytest.mark.parametrize(
    ("words", "status", "problem"),
    [
        (b"HELLO\r\n\r\n", None, "The connection broke, or the answer was not HTTP."),
        (b"", None, "No answer within 10 seconds."),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n" + b"x" * (BODY_BYTES + 70_000), 200, None),
    ],
    ids=["no HTTP", "silence", "no end"],
)
async def test_a_strange_receiver_is_done_with_soon(
    monkeypatch: pytest.MonkeyPatch, words: bytes, status: int | None, problem: str | None
) -> None:
    if not words:
        monkeypatch.setattr(outbound_module, "PATIENCE_SECONDS", 0.2)
    async with speaking(words) as url, open_outbound(private_hosts=True) as outbound:
        answer = await Courier(outbound).carry(url, "{}", {})
    assert (answer.status, answer.problem) == (status, problem)


async def test_a_certificate_that_is_not_good_is_said_to_be(receiver: Receiver) -> None:
    """Plain HTTP where TLS was expected is as little a good certificate as a false one."""
    async with open_outbound(private_hosts=True) as outbound:
        answer = await Courier(outbound).carry(receiver.url.replace("http", "https"), "{}", {})
    assert answer.problem == "The host's certificate is not good."
