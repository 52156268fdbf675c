"""Whatever a socket's client sends, it is told what is wrong, in the socket's own form; and the next frame works."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from tests.clients import Player
from tests.people import Registry
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.frames import Close, Opcode

from app.hub.outbox import CLOSE_INTERNAL, Outbox

pytestmark = pytest.mark.anyio

Frame = dict[str, Any]
DEEP = "[" * 5000 + "]" * 5000
LARGEST = 16 * 1024
UNKNOWN = 2**62


@pytest.fixture(scope="module")
async def ann(base_url: str, registry: Registry) -> AsyncIterator[Player]:
    player = Player.let_in(base_url, await registry.enter("ann"))
    yield player
    await player.http.aclose()


@pytest.fixture(scope="module")
async def conversation(base_url: str, registry: Registry, ann: Player) -> int:
    ben = Player.let_in(base_url, await registry.enter("ben"))
    await ben.http.aclose()
    return await ann.talk_to(ben)


@pytest.fixture(params=["/ws", "/ws/game/", "/ws/chat/"])
def path(request: pytest.FixtureRequest, conversation: int) -> str:
    kind = str(request.param)
    return f"{kind}{conversation}/" if kind.endswith("chat/") else kind


GOOD = {
    "/ws": {"type": "play", "number": 842},
    "/ws/game/": {"number": 842},
    "/ws/chat/": {"action": "retrieve_message", "number": 1},
}
"""A frame that each socket takes, and answers with something that is no error."""


def good(path: str) -> str:
    return json.dumps(next(frame for kind, frame in GOOD.items() if path.rstrip("0123456789/") == kind.rstrip("/")))


@asynccontextmanager
async def opened(player: Player, path: str) -> AsyncIterator[ClientConnection]:
    base = str(player.http.base_url).replace("http", "ws", 1).rstrip("/")
    joint = "&" if "?" in path else "?"
    async with connect(f"{base}{path}{joint}token={player.access}", compression=None) as socket:
        if path == "/ws":
            assert json.loads(await socket.recv())["type"] == "ready"
        yield socket


async def ask(socket: ClientConnection, frame: str | bytes) -> Frame:
    await socket.send(frame)
    answer: Frame = json.loads(await socket.recv())
    return answer


async def assert_the_next_frame_works(socket: ClientConnection, path: str) -> None:
    assert "error" not in await ask(socket, good(path))


async def read_on(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


async def close_of(socket: ClientConnection) -> Close:
    with pytest.raises(ConnectionClosedError) as closed:
        await read_on(socket)
    assert closed.value.rcvd is not None
    return closed.value.rcvd


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "x",
        "null",
        "842",
        '"842"',
        "[]",
        "{",
        '{"number": 1e400}',
        '{"number": "842"}',
        '{"number": 10000000000000000000000}',
        '{"number": 0, "type": "play"}',
        '{"number": 842.5, "type": "play"}',
        '{"message": 1, "type": "send"}',
        '{"type": "nope", "action": "nope"}',
        '{"message": "\x01", "type": "send"}',
        '{"message": "\\ud800", "type": "send"}',
        '{"message": "' + "x" * 8001 + '"}',
        DEEP,
        '{"message": ' + DEEP + "}",
        '{"unknown": ' + DEEP + "}",
        '{"unknown": {"' * 1000,
        '{"positions": ' * 1000,
        b"\x00\xff\xfe",
        b'{"message": "\xff"}',
        b'{"number": "\xed\xa0\x80"}',
    ],
)
async def test_a_frame_that_does_not_fit_is_answered_with_an_error(ann: Player, path: str, frame: str | bytes) -> None:
    async with opened(ann, path) as socket:
        error = await ask(socket, frame)
        assert isinstance(error["error"], str)
        if not path.startswith("/ws/chat"):  # Document C's errors are a sentence and nothing else.
            assert (error["type"], error["code"]) == ("error", "unreadable_frame")
        await assert_the_next_frame_works(socket, path)


def head(opcode: Opcode, size: int, *, bits: int = 0x80) -> bytes:
    """A frame's own beginning, with a mask of zeros, which leaves what follows as it is (RFC 6455, 5.2)."""
    return bytes([bits | opcode, 0x80 | 127]) + size.to_bytes(8, "big") + bytes(4)


@pytest.mark.parametrize("size", [LARGEST + 1, 17_000_000, 2**62])
async def test_a_frame_beyond_the_limit_closes_the_socket_before_it_is_read(ann: Player, path: str, size: int) -> None:
    async with opened(ann, path) as socket:
        socket.transport.write(head(Opcode.TEXT, size))
        assert (await close_of(socket)).code == 1009
    async with opened(ann, path) as socket:
        await assert_the_next_frame_works(socket, path)


async def test_a_message_in_fragments_is_measured_as_a_whole(ann: Player, path: str) -> None:
    async with opened(ann, path) as socket:
        socket.transport.write(head(Opcode.TEXT, LARGEST, bits=0) + b"x" * LARGEST + head(Opcode.CONT, 1))
        assert (await close_of(socket)).code == 1009


async def test_a_frame_of_the_largest_size_is_read(ann: Player, path: str) -> None:
    async with opened(ann, path) as socket:
        assert "error" not in await ask(socket, good(path).ljust(LARGEST))


async def test_text_that_is_no_utf8_closes_the_socket(ann: Player, path: str) -> None:
    async with opened(ann, path) as socket:
        await socket.send(b'{"message": "\xff"}', text=True)
        assert (await close_of(socket)).code == 1007


async def test_a_compressed_frame_that_nobody_agreed_to_closes_the_socket(ann: Player, path: str) -> None:
    """There is no deflate to bomb: the bit that says "compressed" is a violation of the protocol."""
    async with opened(ann, path) as socket:
        socket.transport.write(head(Opcode.TEXT, 4, bits=0x80 | 0x40) + b"\x00\x00\xff\xff")
        assert (await close_of(socket)).code == 1002


@pytest.mark.parametrize("suffix", ["token=x", "token=a.b.c", "token=", "token=%00%ff", "ticket=x", "ticket=%00"])
async def test_a_wrong_credential_is_refused_at_once(base_url: str, path: str, suffix: str) -> None:
    async with connect(f"{base_url.replace('http', 'ws', 1)}{path}?{suffix}") as socket:
        assert (await close_of(socket)).code == 4401


async def test_a_first_frame_that_brings_no_token_is_the_last(base_url: str) -> None:
    for frame in ("x", DEEP, '{"type": "ping"}', '{"type": "authenticate", "token": "x"}', b"\xff"):
        async with connect(f"{base_url.replace('http', 'ws', 1)}/ws") as socket:
            await socket.send(frame)
            assert (await close_of(socket)).code == 4401


@pytest.mark.parametrize("name", [0, -1, UNKNOWN, 2**63, 10**22])
async def test_a_conversation_that_is_not_there_is_none_of_yours(ann: Player, name: int) -> None:
    async with opened(ann, f"/ws/chat/{name}") as socket:
        assert (await close_of(socket)).code == 4403


async def test_nor_is_other_peoples(base_url: str, registry: Registry, conversation: int) -> None:
    stranger = Player.let_in(base_url, await registry.enter("stranger"))
    await stranger.http.aclose()
    async with opened(stranger, f"/ws/chat/{conversation}/") as socket:
        assert (await close_of(socket)).code == 4403
    async with opened(stranger, "/ws") as socket:
        for frame in (
            {"type": "subscribe", "conversation_id": conversation},
            {"type": "send", "conversation_id": conversation, "message": "Hello?", "client_id": "1"},
            {"type": "typing", "conversation_id": conversation},
            {"type": "resume", "positions": {conversation: 0}},
        ):
            assert (await ask(socket, json.dumps(frame)))["code"] == "no_such_conversation"
        await assert_the_next_frame_works(socket, "/ws")


@pytest.mark.parametrize("after", ["x", "-1", "1.5", str(2**63), "9" * 5000, "%00", "%ff", ""])
async def test_a_place_to_resume_from_is_a_number(ann: Player, conversation: int, after: str) -> None:
    async with opened(ann, f"/ws/chat/{conversation}/?after={after}") as socket:
        assert (await close_of(socket)).code == 4400


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"type": "send", "conversation_id": UNKNOWN, "message": "x", "client_id": "1"}, "no_such_conversation"),
        ({"type": "subscribe", "conversation_id": UNKNOWN}, "no_such_conversation"),
        ({"type": "send", "conversation_id": 2**63, "message": "x", "client_id": "1"}, "unreadable_frame"),
        ({"type": "subscribe", "conversation_id": 1, "after": 10**22}, "unreadable_frame"),
        ({"type": "resume", "positions": {"x": 1}}, "unreadable_frame"),
        ({"type": "resume", "positions": {str(n): 0 for n in range(1, 1002)}}, "unreadable_frame"),
        ({"type": "play", "number": 842, "idempotency_key": "a\n"}, "unreadable_frame"),
        ({"type": "play", "number": 842, "idempotency_key": "\x00"}, "unreadable_frame"),
        ({"type": "play", "number": 842, "prize": 421}, "unreadable_frame"),
        ({"type": "authenticate", "token": "x"}, "not_logged_in"),
    ],
)
async def test_the_one_socket_names_what_is_wrong(ann: Player, frame: Frame, code: str) -> None:
    async with opened(ann, "/ws") as socket:
        assert (await ask(socket, json.dumps(frame)))["code"] == code
        await assert_the_next_frame_works(socket, "/ws")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("", "empty_message"),
        (" \n\u200b", "empty_message"),
        ("a\x00b", "unstorable_text"),
        ("x" * 4001, "message_too_long"),
    ],
)
async def test_a_message_that_cannot_be_stored_is_refused_by_its_name(
    ann: Player, conversation: int, message: str, code: str
) -> None:
    frame = {"type": "send", "conversation_id": conversation, "message": message, "client_id": "mine"}
    async with opened(ann, "/ws") as socket:
        error = await ask(socket, json.dumps(frame))
    assert (error["code"], error["client_id"], error["conversation_id"]) == (code, "mine", conversation)


@pytest.mark.parametrize("message", ["", " \n\u200b", "a\x00b", "x" * 4001])
async def test_the_conversations_own_socket_says_it_in_document_cs_words(
    ann: Player, conversation: int, message: str
) -> None:
    async with opened(ann, f"/ws/chat/{conversation}/") as socket:
        assert (await ask(socket, json.dumps({"message": message}))).keys() == {"error"}
    assert (await ann.http.get(f"/api/chat/conversations/{conversation}/messages")).json()["messages"] == []


@pytest.mark.parametrize("path", ["/ws/nope", "/ws/chat/abc", "/ws/chat/%00", "/api/game/play", "/"])
async def test_there_is_no_socket_anywhere_else(ann: Player, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with opened(ann, path):
            pass
    assert 400 <= refused.value.response.status_code < 500


async def test_a_socket_is_no_place_for_requests(ann: Player) -> None:
    for path in ("/ws", "/ws/game/", "/ws/chat/1/"):
        answer = await ann.http.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")


async def test_a_socket_that_breaks_on_our_side_says_so() -> None:
    """1000 would tell the client that all is done, and it would not come back."""
    closed: list[int] = []

    async def send(_frame: str) -> None:
        pass

    async def close(code: int, _reason: str) -> None:
        closed.append(code)

    with pytest.raises(ZeroDivisionError):
        async with Outbox(1, send, close).sending():
            raise ZeroDivisionError
    assert closed == [CLOSE_INTERNAL]


async def test_after_all_that_the_server_is_well(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as http:
        assert (await http.get("/health")).json()["status"] == "healthy"
