import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.domain.bots.conftest import Receiver

from app.domain.bots.services.couriers import Courier
from app.outbound import posting
from app.outbound.posting import ANSWER_BYTES

pytestmark = pytest.mark.anyio


async def test_a_delivery_arrives_as_it_was_written(receiver: Receiver) -> None:
    async with Courier.at_work(inside=True) as courier:
        answer = await courier.carry(receiver.url, '{"text":"Привіт"}', {"webhook-id": "x"})
    assert (answer.status, answer.problem, answer.is_good) == (204, None, True)
    [received] = receiver.got
    assert received.body.decode() == '{"text":"Привіт"}'
    assert received.headers["user-agent"].startswith("Parlour/")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433"])  # noqa: S104
async def test_nothing_is_sent_to_an_address_of_our_own_network(receiver: Receiver, host: str) -> None:
    port = receiver.url.rpartition(":")[2]
    async with Courier.at_work(inside=False) as courier:
        answer = await courier.carry(f"http://{host}:{port}", "{}", {})
    assert (answer.status, answer.problem) == (None, "The host has no public address.")
    assert receiver.got == []


async def test_a_redirect_is_an_answer_and_not_followed(receiver: Receiver) -> None:
    receiver.answers, receiver.location = [307], receiver.url
    async with Courier.at_work(inside=True) as courier:
        answer = await courier.carry(receiver.url, "{}", {})
    assert (answer.status, answer.is_good, len(receiver.got)) == (307, False, 1)


async def test_what_goes_wrong_is_said_in_words_that_tell_nothing_about_our_network() -> None:
    async with Courier.at_work(inside=True) as courier:
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
        (b"", None, "No answer within 0 seconds."),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n" + b"x" * (ANSWER_BYTES + 70_000), 200, None),
    ],
    ids=["no HTTP", "silence", "no end"],
)
async def test_a_strange_receiver_is_done_with_soon(
    monkeypatch: pytest.MonkeyPatch, words: bytes, status: int | None, problem: str | None
) -> None:
    if not words:
        monkeypatch.setattr(posting, "PATIENCE_SECONDS", 0.2)
    async with speaking(words) as url, Courier.at_work(inside=True) as courier:
        answer = await courier.carry(url, "{}", {})
    assert (answer.status, answer.problem) == (status, problem)


async def test_a_certificate_that_is_not_good_is_said_to_be(receiver: Receiver) -> None:
    """Plain HTTP where TLS was expected is as little a good certificate as a false one."""
    async with Courier.at_work(inside=True) as courier:
        answer = await courier.carry(receiver.url.replace("http", "https"), "{}", {})
    assert answer.problem == "The host's certificate is not good."
