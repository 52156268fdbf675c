"""Whatever becomes of the line, a message is stored once, under the name that it was given before the first attempt."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from tests.parlour_client.cable import Cable
from tests.parlour_client.conftest import Chat

from parlour_client import Refused, Stored, outbox
from parlour_client.frames import Problem
from parlour_client.outbox import Outbox
from parlour_client.telling import Entry, Send

pytestmark = pytest.mark.anyio
LONGEST = 4000


@dataclass
class Line:
    """Here the server is the test."""

    closed: bool = False

    async def close(self) -> None:
        self.closed = True


async def said(chat: Chat) -> list[str]:
    return [message.message for message in await chat.ben.history(chat.id)]


async def test_an_acknowledgement_that_got_lost_is_asked_for_again_under_the_same_name(
    chat: Chat, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "ANSWER_SECONDS", 0.3)
    await chat.ada.send(chat.id, "before")
    cable.swallow_answers()
    sending = asyncio.create_task(chat.ada.send(chat.id, "into the dark"))
    async with asyncio.timeout(5):
        while await said(chat) != ["before", "into the dark"]:
            await asyncio.sleep(0.05)
    assert not sending.done()
    await cable.mend()
    assert (await sending).message_id == 2
    assert await said(chat) == ["before", "into the dark"]


async def test_what_is_sent_without_a_line_goes_when_there_is_one(chat: Chat, cable: Cable) -> None:
    await cable.cut()
    sending = [asyncio.create_task(chat.ada.send(chat.id, f"{n}")) for n in range(3)]
    await asyncio.sleep(0.1)
    assert await said(chat) == []
    await cable.mend()
    assert [stored.seq for stored in await asyncio.gather(*sending)] == [1, 2, 3]
    assert await said(chat) == ["0", "1", "2"]


async def test_hearing_it_said_is_an_acknowledgement_too(
    chat: Chat, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line goes after it was stored; on the next one the resumption tells of it, before any answer."""
    monkeypatch.setattr(outbox, "ANSWER_SECONDS", 60.0)
    await chat.ada.subscribe(chat.id)
    cable.swallow_answers()
    sending = asyncio.create_task(chat.ada.send(chat.id, "hello"))
    async with asyncio.timeout(5):
        while await said(chat) != ["hello"]:
            await asyncio.sleep(0.05)
    await cable.break_lines()
    await cable.mend()
    assert (await sending).seq == 1


async def test_the_same_name_is_the_same_message_and_with_another_text_a_mistake(chat: Chat) -> None:
    first = await chat.ada.send(chat.id, "once", client_id="mine")
    assert await chat.ada.send(chat.id, "once", client_id="mine") == first
    with pytest.raises(Refused) as refused:
        await chat.ada.send(chat.id, "twice", client_id="mine")
    assert refused.value.code == "idempotency_conflict"
    assert await said(chat) == ["once"]


async def test_what_is_cancelled_can_be_asked_for_by_its_name(chat: Chat, cable: Cable) -> None:
    await chat.ada.send(chat.id, "before")
    cable.swallow_answers()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await chat.ada.send(chat.id, "perhaps", client_id="mine")
    await cable.break_lines()
    await cable.mend()
    assert (await chat.ada.send(chat.id, "perhaps", client_id="mine")).seq == 2
    assert await said(chat) == ["before", "perhaps"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_message"),
        ("x" * (LONGEST + 1), "message_too_long"),
        ("x" * (2 * LONGEST + 1), "unreadable_frame"),
        ("\a" * LONGEST, "frame_too_large"),
    ],
)
async def test_what_will_never_be_stored_is_refused_and_holds_up_nothing(chat: Chat, text: str, code: str) -> None:
    refused, stored = await asyncio.gather(
        chat.ada.send(chat.id, text), chat.ada.send(chat.id, "the next one"), return_exceptions=True
    )
    assert isinstance(refused, Refused)
    assert refused.code == code
    assert not isinstance(stored, BaseException)
    assert await said(chat) == ["the next one"]


async def test_what_is_refused_for_a_moment_goes_again_before_anything_after_it() -> None:
    """As `throttled` is."""
    said: list[Entry] = []

    async def put(entry: Entry) -> Line:
        said.append(entry)
        if len(said) == 1:
            assert ours.refused(Problem("throttled", "Too fast.", entry.client_id, entry.conversation_id, 0))
        else:
            ours.stored(Stored(entry.client_id, entry.conversation_id, len(said), len(said), datetime.now(UTC)))
        return Line()

    ours = Outbox(put)
    first, second = Send(1, "first", "a"), Send(1, "second", "b")
    stored = await asyncio.gather(ours.deliver(first), ours.deliver(second))
    assert said == [first, first, second]
    assert [one.seq for one in stored] == [2, 3]


async def test_a_line_that_says_nothing_is_given_up_for_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "ANSWER_SECONDS", 0.05)
    lines: list[Line] = []

    async def put(entry: Entry) -> Line:
        lines.append(Line())
        if len(lines) == 3:
            ours.stored(Stored(entry.client_id, entry.conversation_id, 1, 1, datetime.now(UTC)))
        return lines[-1]

    ours = Outbox(put)
    await ours.deliver(Send(1, "hello", "a"))
    assert [line.closed for line in lines] == [True, True, False]


async def test_conversations_do_not_wait_for_each_other() -> None:
    said: list[Entry] = []

    async def put(entry: Entry) -> Line:
        said.append(entry)
        if entry.conversation_id == 2:
            ours.stored(Stored(entry.client_id, entry.conversation_id, 1, 1, datetime.now(UTC)))
        return Line()

    ours = Outbox(put)
    unanswered = asyncio.create_task(ours.deliver(Send(1, "hello", "a")))
    await asyncio.sleep(0)
    await ours.deliver(Send(2, "hello", "a"))
    unanswered.cancel()
    await asyncio.wait({unanswered})
    assert len(said) == 2


async def test_edits_reactions_and_deletions_are_stored_in_the_same_way(chat: Chat) -> None:
    message = (await chat.ada.send(chat.id, "Helo")).message_id
    await chat.ada.edit(chat.id, message, "Hello")
    await chat.ben.react(chat.id, message, "👍")
    (shown,) = await chat.ada.history(chat.id)
    assert (shown.message, shown.reactions) == ("Hello", {"👍": [chat.people[1].id]})
    await chat.ben.react(chat.id, message, "👍", on=False)
    await chat.ada.delete(chat.id, message)
    (shown,) = await chat.ada.history(chat.id)
    assert (shown.message, shown.reactions, shown.deleted) == ("", {}, True)
    with pytest.raises(Refused) as refused:
        await chat.ben.edit(chat.id, message, "mine now")
    assert refused.value.code == "no_such_message"
