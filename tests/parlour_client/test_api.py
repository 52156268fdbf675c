"""Requests in somebody's name: their errors by code, tokens that are renewed, and repetitions that change nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.parlour_client.cable import Cable
from tests.parlour_client.conftest import Chat, Enter
from tests.people import PASSWORD

from parlour_client import Client, LoggedOut, Refused, Unreachable

pytestmark = pytest.mark.anyio


async def test_a_refusal_says_why(base_url: str) -> None:
    async with Client(base_url) as client:
        with pytest.raises(Refused) as refused:
            await client.log_in("nobody", PASSWORD)
    assert (refused.value.code, refused.value.status, refused.value.passing) == ("wrong_credentials", 401, False)
    assert (refused.value.title, refused.value.detail) == ("Not logged in", "The name or the password is wrong.")


async def test_who_has_not_logged_in_is_told_so_before_anything_is_asked() -> None:
    async with Client("http://127.0.0.1:1") as client:
        with pytest.raises(LoggedOut):
            await client.conversations()
        with pytest.raises(LoggedOut):
            await client.send(1, "hello")
        with pytest.raises(LoggedOut):
            await client.subscribe(1)


async def test_where_nobody_answers_it_is_not_known_what_happened() -> None:
    async with Client("http://127.0.0.1:1") as client:
        with pytest.raises(Unreachable):
            await client.log_in("ada", PASSWORD)


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[str]:
    """Somebody else at an address."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 " + answer)
        writer.close()

    async with await asyncio.start_server(reply, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("answer", "code", "passing"),
    [
        (b"200 OK\r\nContent-Length: 2\r\n\r\nhi", "not_parlour", False),
        (b"404 Not Found\r\nContent-Length: 0\r\n\r\n", "http_404", False),
        (b"502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "http_502", True),
    ],
)
async def test_what_is_no_answer_of_a_parlour_is_refused(answer: bytes, code: str, passing: bool) -> None:
    async with answering(answer) as url, Client(url) as client:
        with pytest.raises(Refused) as refused:
            await client.log_in("ada", PASSWORD)
    assert (refused.value.code, refused.value.passing) == (code, passing)


async def test_a_token_that_ran_out_is_renewed_once_for_all_who_ask(chat: Chat) -> None:
    api = chat.ada._api  # noqa: SLF001  nobody else has to know it
    refresh = api._refresh  # noqa: SLF001
    api._access = "of yesterday"  # noqa: SLF001  as time would do it
    await asyncio.gather(*(chat.ada.conversations() for _ in range(5)))
    assert api._refresh != refresh  # noqa: SLF001


async def test_a_renewal_whose_answer_got_lost_is_asked_for_again(
    chat: Chat, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the ten seconds in which the server takes that for what it is."""
    monkeypatch.setattr("parlour_client.api.RENEWAL_SECONDS", 0.3)
    chat.ada._api._access = "of yesterday"  # noqa: SLF001  as time would do it
    cable.swallow_answers()
    renewing = asyncio.create_task(chat.ada._api.renew("of yesterday"))  # noqa: SLF001
    await asyncio.sleep(0.2)
    await cable.mend()
    await renewing
    assert [one.id for one in await chat.ada.conversations()] == [chat.id]


async def test_who_stops_waiting_for_a_renewal_does_not_end_the_session(chat: Chat) -> None:
    chat.ada._api._access = "of yesterday"  # noqa: SLF001  as time would do it
    asking = asyncio.create_task(chat.ada.conversations())
    await asyncio.sleep(0)
    asking.cancel()
    assert [one.id for one in await chat.ada.conversations()] == [chat.id]


async def test_a_play_is_repeated_until_it_is_stored_and_counts_once(
    chat: Chat, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat.ada._api._http, "timeout", 0.3)  # noqa: SLF001
    cable.swallow_answers()
    playing = asyncio.create_task(chat.ada.play(842, key="mine"))
    await asyncio.sleep(0.6)
    await cable.break_lines()
    await cable.mend()
    result = await playing
    assert (result.prize, result.idempotency_key) == (421.0, "mine")
    assert await chat.ada.play(842, key="mine") == result
    assert (await chat.ada.get("/api/game/statistics"))["total_games"] == 1
    with pytest.raises(Refused) as refused:
        await chat.ada.play(1, key="mine")
    assert refused.value.code == "idempotency_conflict"


async def test_ballots_under_one_key_are_the_same_ballots(chat: Chat) -> None:
    submitted = await chat.ada.submit_ballots(2, key="mine")
    assert len(submitted.ballots) == 2
    assert await chat.ada.submit_ballots(2, key="mine") == submitted
    assert submitted.ballots[0].receipt["format"] == "fairdraw-receipt/1"


async def test_history_is_read_backwards_in_pages(chat: Chat) -> None:
    for n in range(5):
        await chat.ada.send(chat.id, f"{n}")
    last = await chat.ben.history(chat.id, limit=3)
    before = await chat.ben.history(chat.id, before=last[0].seq, limit=3)
    assert [message.message for message in [*before, *last]] == ["0", "1", "2", "3", "4"]


async def test_a_conversation_says_what_is_unread_until_it_is_read(chat: Chat) -> None:
    await chat.ada.send(chat.id, "Hello")
    (listed,) = await chat.ben.conversations()
    assert listed.last_message
    assert (listed.last_message.message, listed.unread.messages) == ("Hello", 1)
    await chat.ben.read_up_to(chat.id, 1)
    assert (await chat.ben.conversation(chat.id)).unread.messages == 0


async def test_any_other_request_can_be_made_as_it_is(enter: Enter) -> None:
    ada, her = await enter("ada")
    assert (await ada.get("/api/users/profile"))["username"] == her.username
    assert (await ada.request("PATCH", "/api/users/profile", {"first_name": "Ada"}))["first_name"] == "Ada"
