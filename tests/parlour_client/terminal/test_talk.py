"""Somebody at a terminal, and somebody else at the same Parlour: Textual's pilot, the running server, a real cable."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from tests.parlour_client.cable import Cable
from tests.parlour_client.conftest import Chat
from tests.people import PASSWORD
from textual.pilot import Pilot
from textual.selection import SELECT_ALL
from textual.widgets import Input, OptionList, Static

from parlour_client import outbox
from parlour_client.telling import Typing
from parlour_client.terminal import house
from parlour_client.terminal.app import ParlourChat
from parlour_client.terminal.talk import TalkScreen
from parlour_client.terminal.transcript import Transcript

pytestmark = pytest.mark.anyio
PATIENCE_SECONDS = 30.0
Terminal = Pilot[None]


@asynccontextmanager
async def at_the_terminal(url: str, username: str, password: str = PASSWORD) -> AsyncIterator[Terminal]:
    async with ParlourChat(url).run_test(size=(100, 30)) as pilot:
        await log_in(pilot, username, password)
        yield pilot


async def log_in(pilot: Terminal, username: str, password: str = PASSWORD) -> None:
    pilot.app.screen.query_one("#name", Input).value = username
    pilot.app.screen.query_one("#password", Input).value = password
    await pilot.press("enter", "enter")


async def until(pilot: Terminal, true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true():
            await pilot.pause(0.05)


def text(pilot: Terminal, selector: str) -> str:
    return "\n".join(str(one.content) for one in pilot.app.screen.query(selector).results(Static))


def transcript(pilot: Terminal) -> str:
    return "\n".join(one.get_selection(SELECT_ALL)[0] for one in pilot.app.screen.query(Transcript))


def at_the_top(scrolling: Transcript) -> str:
    """The line that is drawn there."""
    return scrolling.render_line(0).text.rstrip()


def rooms(pilot: Terminal) -> list[str]:
    return [str(option.prompt) for option in pilot.app.screen.query_one(OptionList).options]


async def open_first(pilot: Terminal) -> None:
    await until(pilot, lambda: any(not one.disabled for one in pilot.app.screen.query("#say").results(Input)))


async def say(pilot: Terminal, words: str) -> None:
    pilot.app.screen.query_one("#say", Input).value = words
    await pilot.press("enter")


async def test_two_people_talk(chat: Chat, cable: Cable) -> None:
    her, his = chat.people
    await chat.ben.send(chat.id, "Are you there?")
    async with at_the_terminal(cable.url, her.username) as pilot:
        await open_first(pilot)
        await until(pilot, lambda: "Are you there?" in transcript(pilot))
        assert his.username in rooms(pilot)[0]
        await say(pilot, "yes I am")
        await until(pilot, lambda: "yes I am ✓" in transcript(pilot))
        assert [one.message for one in await chat.ben.history(chat.id)] == ["Are you there?", "yes I am"]
        await chat.ben.edit(chat.id, 1, "Were you there?")
        await chat.ben.react(chat.id, 2, "👍")
        await until(pilot, lambda: "Were you there? (edited)" in transcript(pilot) and "👍 1" in transcript(pilot))
    assert (await chat.ada.conversation(chat.id)).unread.messages == 0


async def test_a_message_is_shown_as_sending_until_it_is_stored_also_when_the_line_goes_meanwhile(
    chat: Chat, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "ANSWER_SECONDS", 1.0)
    async with at_the_terminal(cable.url, chat.people[0].username) as pilot:
        await open_first(pilot)
        await say(pilot, "before")
        await until(pilot, lambda: "before ✓" in transcript(pilot))
        cable.swallow_answers()
        await say(pilot, "under way")
        await until(pilot, lambda: "under way …" in transcript(pilot))
        await cable.cut()
        await until(pilot, lambda: text(pilot, "#link").startswith("Reconnecting"))
        await say(pilot, "into the dark")
        await until(pilot, lambda: "into the dark …" in transcript(pilot))
        await chat.ben.send(chat.id, "said meanwhile")
        await cable.mend()
        await until(pilot, lambda: "into the dark ✓" in transcript(pilot))
        assert text(pilot, "#link") == "Connected"
        shown = [line.split(" ")[2] for line in transcript(pilot).splitlines()]
    stored = [one.message for one in await chat.ben.history(chat.id)]
    assert sorted(stored) == ["before", "into the dark", "said meanwhile", "under way"]
    assert shown == [message.split(" ")[0] for message in stored]


async def test_what_is_refused_says_why_and_is_tried_again_under_the_same_name(chat: Chat, cable: Cable) -> None:
    """Blocked, she cannot reach him; and then she can."""
    her, _ = chat.people
    async with at_the_terminal(cable.url, her.username) as pilot:
        await open_first(pilot)
        await chat.ben.request("PUT", f"/api/blocks/{her.id}")
        await say(pilot, "hello")
        await until(pilot, lambda: "hello ✗" in transcript(pilot) and "Ctrl+R" in transcript(pilot))
        await chat.ben.request("DELETE", f"/api/blocks/{her.id}")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "hello ✓" in transcript(pilot))
    assert [one.message for one in await chat.ada.history(chat.id)] == ["hello"]


async def test_who_types_and_who_is_there_is_shown(chat: Chat, cable: Cable) -> None:
    her, his = chat.people
    async with at_the_terminal(cable.url, her.username) as pilot:
        await open_first(pilot)
        assert "○" in rooms(pilot)[0]
        await chat.ben.subscribe(chat.id)
        await chat.ben.tell(Typing(chat.id))
        await until(pilot, lambda: text(pilot, "#typing") == f"{his.username} is typing…")
        await until(pilot, lambda: "●" in rooms(pilot)[0])
        await chat.ben.tell(Typing(chat.id, typing=False))
        await until(pilot, lambda: text(pilot, "#typing") == "")
        heard = asyncio.create_task(anext(one async for one in chat.ben.events() if getattr(one, "typing", False)))
        await pilot.press("h")
        assert (await asyncio.wait_for(heard, PATIENCE_SECONDS)).user_id == her.id  # type: ignore[union-attr]  # it types


async def test_scrolling_up_brings_what_was_said_before_and_stays_where_it_is(
    chat: Chat, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "PAGE", 30)
    await asyncio.gather(*(chat.ben.send(chat.id, f"message {n}") for n in range(70)))
    async with at_the_terminal(cable.url, chat.people[0].username) as pilot:
        await open_first(pilot)
        await until(pilot, lambda: "message 69" in transcript(pilot))
        assert "message 39" not in transcript(pilot)
        scrolling = pilot.app.screen.query_one(Transcript)
        await until(pilot, lambda: scrolling.scroll_y == scrolling.max_scroll_y > 0)
        scrolling.scroll_home(animate=False)
        await until(pilot, lambda: "message 10" in transcript(pilot))
        assert (scrolling.scroll_y, at_the_top(scrolling).split("message ")[1]) == (30, "40")
        await pilot.press("pageup", "pageup")
        await until(pilot, lambda: len(transcript(pilot).splitlines()) == 70)
        assert (scrolling.scroll_y, at_the_top(scrolling).split("message ")[1]) == (10, "10")
        await chat.ben.send(chat.id, "message 70")
        await until(pilot, lambda: "message 70" in transcript(pilot))
        assert (scrolling.scroll_y, scrolling.follows) == (10, False)
        scrolling.scroll_end(animate=False)
        await until(pilot, lambda: scrolling.follows)
        await chat.ben.send(chat.id, "message 71")
        await until(pilot, lambda: "message 71" in transcript(pilot) and scrolling.scroll_y == scrolling.max_scroll_y)
        lines = [line.split("message ")[1] for line in transcript(pilot).splitlines()]
    assert lines == [str(n) for n in range(72)]


async def test_conversations_show_what_is_unread_and_are_walked_through_by_keys(chat: Chat, cable: Cable) -> None:
    her, his = chat.people
    group = (await chat.ben.talk_to(her.id, name="Chess")).id
    await chat.ben.send(chat.id, "the newest")
    async with at_the_terminal(cable.url, her.username) as pilot:
        await open_first(pilot)
        assert his.username in rooms(pilot)[0]
        await chat.ben.send(group, "in the group")
        await until(pilot, lambda: rooms(pilot)[0] == "# Chess 1")
        await pilot.press(*"draft", "ctrl+n")
        await until(pilot, lambda: "in the group" in transcript(pilot))
        await until(pilot, lambda: rooms(pilot)[0] == "# Chess")
        assert pilot.app.screen.query_one("#say", Input).value == ""
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "the newest" in transcript(pilot))
        assert pilot.app.screen.query_one("#say", Input).value == "draft"


async def test_who_is_put_into_a_conversation_or_out_of_it_sees_that(chat: Chat, cable: Cable) -> None:
    her, _ = chat.people
    async with at_the_terminal(cable.url, her.username) as pilot:
        await open_first(pilot)
        group = (await chat.ben.talk_to(her.id, name="Chess")).id
        await until(pilot, lambda: len(rooms(pilot)) == 2)
        await chat.ben.request("DELETE", f"/api/chat/groups/{group}/members/{her.id}")
        await until(pilot, lambda: len(rooms(pilot)) == 1)


async def test_the_number_game_is_played_with_a_key(chat: Chat, cable: Cable) -> None:
    async with at_the_terminal(cable.url, chat.people[0].username) as pilot:
        await open_first(pilot)
        await pilot.press("ctrl+g", *"842", "enter")
        await until(pilot, lambda: text(pilot, "#result") == "842 wins 421.00!")
        await pilot.press(*"7", "enter")
        await until(pilot, lambda: text(pilot, "#result") == "7 loses.")
        await pilot.press(*"0", "enter")
        await until(pilot, lambda: "from 1 to 9999" in text(pilot, "#result"))
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, TalkScreen)


async def test_what_others_write_is_text_and_no_command_to_the_terminal(chat: Chat, cable: Cable) -> None:
    await chat.ben.send(chat.id, "\x1b[2J[bold]gone[/] \u202eesrever")
    async with at_the_terminal(cable.url, chat.people[0].username) as pilot:
        await open_first(pilot)
        await until(pilot, lambda: "�[2J[bold]gone[/] �esrever" in transcript(pilot))


async def test_a_wrong_password_says_so(chat: Chat, cable: Cable) -> None:
    async with at_the_terminal(cable.url, chat.people[0].username, "not the one") as pilot:
        await until(pilot, lambda: text(pilot, "#why") == "The name or the password is wrong.")


async def test_who_is_logged_out_elsewhere_logs_in_again_and_goes_on(chat: Chat, cable: Cable) -> None:
    her, _ = chat.people
    async with at_the_terminal(cable.url, her.username) as pilot:
        await open_first(pilot)
        for session in await chat.ada.get("/api/users/sessions"):
            if not session["current"]:
                await chat.ada.request("DELETE", f"/api/users/sessions/{session['id']}")
        await until(pilot, lambda: bool(text(pilot, "#why")))
        await log_in(pilot, her.username)
        await open_first(pilot)
        await chat.ben.send(chat.id, "welcome back")
        await until(pilot, lambda: "welcome back" in transcript(pilot))


async def test_a_newcomer_registers_at_the_terminal(base_url: str) -> None:
    async with ParlourChat(base_url).run_test(size=(100, 30)) as pilot:
        await pilot.press(*f"cleo{id(pilot)}"[:20], "enter", *PASSWORD.replace(" ", ""))
        await pilot.click("#register")
        await until(pilot, lambda: isinstance(pilot.app.screen, TalkScreen))
        await until(pilot, lambda: text(pilot, "#link") == "Connected")
