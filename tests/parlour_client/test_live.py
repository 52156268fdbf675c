"""One socket after the other: nothing is missed, nothing is told twice, and nothing is left when the client goes."""

import asyncio
from typing import TypeVar

import pytest
from tests.parlour_client.cable import Cable
from tests.parlour_client.conftest import Chat, Enter
from tests.people import PASSWORD

from parlour_client import Client, Disconnected, Event, LoggedOut, Message, Ready, Refused, Unreachable, live, socket
from parlour_client.frames import Problem, Result, Unsubscribed
from parlour_client.telling import Typing

pytestmark = pytest.mark.anyio
Kind = TypeVar("Kind", bound=Event)
PATIENCE_SECONDS = 30.0
BREAKS = 5


async def heard(client: Client, kind: type[Kind], count: int = 1) -> list[Kind]:
    """The next events of a kind; others before them are passed over."""
    found: list[Kind] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for event in client.events():
            if isinstance(event, kind):
                found.append(event)
                if len(found) == count:
                    break
    return found


def texts(messages: list[Message]) -> list[str]:
    return [message.message for message in messages]


async def test_what_one_says_the_other_hears(chat: Chat) -> None:
    assert await chat.ben.subscribe(chat.id) == 0
    stored = await chat.ada.send(chat.id, "Hello, Ben!")
    (message,) = await heard(chat.ben, Message)
    assert (message.seq, message.message, message.sender) == (stored.seq, "Hello, Ben!", chat.people[0].username)


async def test_everything_since_a_number_is_heard_first(chat: Chat) -> None:
    for n in range(4):
        await chat.ada.send(chat.id, f"message {n}")
    assert await chat.ben.subscribe(chat.id, after=1) == 4
    await chat.ada.send(chat.id, "a new one")
    assert texts(await heard(chat.ben, Message, 4)) == ["message 1", "message 2", "message 3", "a new one"]


async def test_a_lost_line_is_dialled_anew_and_nothing_was_missed(chat: Chat, cable: Cable) -> None:
    await chat.ada.subscribe(chat.id)
    await cable.cut()
    for n in range(5):
        await chat.ben.send(chat.id, f"while she is away {n}")
    (loss,) = await heard(chat.ada, Disconnected)
    await cable.mend()
    assert loss.code == socket.NO_CODE
    await heard(chat.ada, Ready)
    await chat.ben.send(chat.id, "back")
    said = await heard(chat.ada, Message, 6)
    assert [message.seq for message in said] == [1, 2, 3, 4, 5, 6]


async def test_over_many_lines_every_message_is_told_once_and_in_order(chat: Chat, cable: Cable) -> None:
    await chat.ada.subscribe(chat.id)

    async def break_again_and_again() -> None:
        for _ in range(BREAKS):
            await asyncio.sleep(0.15)
            await cable.break_lines()

    both = [asyncio.gather(*(who.send(chat.id, f"{n}") for n in range(40))) for who in (chat.ada, chat.ben)]
    await break_again_and_again()
    acknowledged = [stored.seq for sent in both for stored in await sent]
    said = await heard(chat.ada, Message, 80)
    assert [message.seq for message in said] == list(range(1, 81)) == sorted(acknowledged)
    for person in chat.people:
        assert texts([one for one in said if one.sender_id == person.id]) == [str(n) for n in range(40)]


async def test_a_conversation_that_one_is_not_in_is_refused(chat: Chat, enter: Enter) -> None:
    stranger, _ = await enter("cleo")
    with pytest.raises(Refused) as refused:
        await stranger.subscribe(chat.id)
    assert refused.value.code == "no_such_conversation"
    with pytest.raises(Refused):
        await stranger.subscribe(-1)


async def test_who_is_put_out_is_told_so_also_when_it_happens_while_they_are_away(enter: Enter, cable: Cable) -> None:
    (ada, _), (ben, his) = await enter("ada"), await enter("ben", cable.url)
    group = (await ada.talk_to(his.id, name="Chess")).id
    await ben.subscribe(group)
    await cable.cut()
    await ada.request("DELETE", f"/api/chat/groups/{group}/members/{his.id}")
    await cable.mend()
    (gone,) = await heard(ben, Unsubscribed)
    assert gone.conversation_id == group


async def test_what_is_not_wanted_any_more_is_not_told(chat: Chat) -> None:
    await chat.ada.subscribe(chat.id)
    await chat.ada.unsubscribe(chat.id)
    await chat.ben.send(chat.id, "unheard")
    await chat.ada.subscribe(chat.id)
    await chat.ben.send(chat.id, "heard")
    assert texts(await heard(chat.ada, Message)) == ["heard"]


async def test_more_than_is_kept_is_asked_for_again_once_there_is_room(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever answers within the loop has the acknowledgement meanwhile."""
    monkeypatch.setattr(live, "KEPT", 5)
    await asyncio.gather(*(chat.ada.send(chat.id, f"{n}") for n in range(23)))
    await chat.ben.subscribe(chat.id, after=0)
    seen = []
    async with asyncio.timeout(20):
        async for event in chat.ben.events():
            if isinstance(event, Message) and event.sender_id == chat.people[0].id:
                seen.append(event.seq)
                await chat.ben.send(chat.id, f"to {event.seq}")
                if len(seen) == 23:
                    break
    assert seen == list(range(1, 24))


async def test_a_newer_token_goes_over_the_line_before_the_old_one_runs_out(
    chat: Chat, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "AHEAD_SECONDS", 900)
    monkeypatch.setattr(socket, "SOONEST_SECONDS", 0.2)
    await chat.ada.subscribe(chat.id)
    before, lines = chat.ada._api._access, cable.lines  # noqa: SLF001  nobody else has to know it
    async with asyncio.timeout(5):
        while chat.ada._api._access == before:  # noqa: SLF001
            await asyncio.sleep(0.05)
    await chat.ben.send(chat.id, "still there?")
    assert texts(await heard(chat.ada, Message)) == ["still there?"]
    assert cable.lines <= lines + 1, "a request, and no other socket"


async def test_a_token_that_ran_out_is_renewed_for_the_line(chat: Chat) -> None:
    chat.ada._api._access = "of yesterday"  # noqa: SLF001  as time would do it
    assert await chat.ada.subscribe(chat.id) == 0


async def test_a_session_that_ended_ends_the_events(chat: Chat, enter: Enter) -> None:
    await chat.ben.subscribe(chat.id)
    await chat.ben.log_out()
    with pytest.raises(LoggedOut):
        await heard(chat.ben, Message)
    with pytest.raises(LoggedOut):
        await chat.ben.send(chat.id, "from outside")
    with pytest.raises(LoggedOut):
        await chat.ben.conversations()
    await chat.ben.log_in(chat.people[1].username, PASSWORD)
    await chat.ada.send(chat.id, "welcome back")
    assert texts(await heard(chat.ben, Message)) == ["welcome back"]


async def test_a_key_that_is_revoked_ends_the_events_of_its_bot(base_url: str, enter: Enter) -> None:
    ada, her = await enter("ada")
    bot = await ada.request("POST", "/api/bots", {"username": f"bot-{her.id}", "name": "A bot"})
    key = await ada.request("POST", f"/api/bots/{bot['id']}/keys", {"name": "k", "scopes": ["messages:read"]})
    async with Client(base_url, token=key["key"]) as client:
        await heard(client, Ready)
        await ada.request("DELETE", f"/api/bots/{bot['id']}/keys/{key['id']}")
        with pytest.raises(LoggedOut):
            await heard(client, Message)


async def test_frames_about_this_moment_are_told_now_or_never(chat: Chat, cable: Cable) -> None:
    await chat.ada.subscribe(chat.id)
    assert await chat.ada.tell(Typing(chat.id))
    assert await chat.ada.tell({"type": "ping"})
    await chat.ada.tell(Typing(2**50))
    (problem,) = await heard(chat.ada, Problem)
    assert problem.code == "no_such_conversation"
    await cable.cut()
    await heard(chat.ada, Disconnected)
    assert not await chat.ada.tell(Typing(chat.id))


async def test_results_come_over_the_socket_as_well(chat: Chat) -> None:
    await chat.ben.subscribe(chat.id)
    result = await chat.ben.play(842)
    assert await heard(chat.ben, Result) == [result]
    assert (result.result, result.prize) == ("win", 421.0)


async def test_a_client_leaves_no_task_behind_and_whoever_waits_is_told(base_url: str, chat: Chat) -> None:
    token = chat.ada._api._access  # noqa: SLF001  a second client of hers
    before = asyncio.all_tasks()
    async with Client(base_url, token=token) as other:
        await other.subscribe(chat.id)
        waiting = asyncio.create_task(heard(other, Message))
        await asyncio.sleep(0)
    with pytest.raises(Unreachable):
        await waiting
    assert asyncio.all_tasks() <= before
    with pytest.raises(Unreachable):
        await other.send(chat.id, "too late")
