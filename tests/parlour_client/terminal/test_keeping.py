"""Who was logged in at this terminal still is when it is started again, until they log out."""

from pathlib import Path

import pytest
from tests.parlour_client.conftest import Chat
from tests.parlour_client.terminal.test_talk import at_the_terminal, log_in, open_first, say, text, until

from parlour_client import Client, LoggedOut
from parlour_client.terminal.app import ParlourChat
from parlour_client.terminal.entry import EntryScreen
from parlour_client.terminal.keeping import KeptSession
from parlour_client.terminal.talk import TalkScreen

pytestmark = pytest.mark.anyio


def files(kept: Path) -> list[Path]:
    return [one for one in kept.iterdir() if one.suffix != ".lock"]


def token_in(kept: Path) -> str:
    (file,) = files(kept)
    return file.read_text()


def modes(*paths: Path) -> list[str]:
    return [f"{path.stat().st_mode & 0o777:o}" for path in paths]


async def test_it_stays_logged_in_between_starts(chat: Chat, base_url: str, kept: Path) -> None:
    tokens = set()
    async with at_the_terminal(base_url, chat.people[0].username) as pilot:
        await open_first(pilot)
        tokens.add(token_in(kept))
    for _ in range(2):
        async with ParlourChat(base_url).run_test() as pilot:
            await until(pilot, lambda: isinstance(pilot.app.screen, TalkScreen))
            tokens.add(token_in(kept))
    assert len(tokens) == 3
    assert modes(*files(kept), kept) == ["600", "700"]


async def test_who_logs_out_is_asked_who_they_are_then_and_at_the_next_start(
    chat: Chat, base_url: str, kept: Path
) -> None:
    async with at_the_terminal(base_url, chat.people[0].username) as pilot:
        await open_first(pilot)
        refresh = token_in(kept)
        await say(pilot, "/logout")
        await until(pilot, lambda: isinstance(pilot.app.screen, EntryScreen))
        assert not files(kept)
        await log_in(pilot, chat.people[1].username)
        await open_first(pilot)
        await say(pilot, "/logout")
        await until(pilot, lambda: isinstance(pilot.app.screen, EntryScreen))
    async with Client(base_url, refresh=refresh) as client:
        with pytest.raises(LoggedOut):
            await client.me()
    async with ParlourChat(base_url).run_test() as pilot:
        await pilot.pause()
        assert text(pilot, "#why") == ""


async def test_a_session_that_was_ended_elsewhere_is_told_and_forgotten(chat: Chat, base_url: str, kept: Path) -> None:
    async with at_the_terminal(base_url, chat.people[0].username) as pilot:
        await open_first(pilot)
    for session in await chat.ada.get("/api/users/sessions"):
        if not session["current"]:
            await chat.ada.request("DELETE", f"/api/users/sessions/{session['id']}")
    async with ParlourChat(base_url).run_test() as pilot:
        await until(pilot, lambda: "log" in text(pilot, "#why").lower() and "before" not in text(pilot, "#why"))
        assert not files(kept)


async def test_a_second_terminal_leaves_the_session_of_the_first_alone(chat: Chat, base_url: str, kept: Path) -> None:
    async with at_the_terminal(base_url, chat.people[0].username) as first:
        await open_first(first)
        refresh = token_in(kept)
        async with ParlourChat(base_url).run_test() as second:
            await until(second, lambda: "Another terminal" in text(second, "#why"))
            await log_in(second, chat.people[1].username)
            await open_first(second)
        assert token_in(kept) == refresh


@pytest.fixture
def nowhere(kept: Path) -> None:
    kept.write_text("no directory")


@pytest.mark.usefixtures("nowhere")
async def test_where_nothing_can_be_kept_it_says_so_and_goes_on(chat: Chat, base_url: str) -> None:
    async with ParlourChat(base_url).run_test() as pilot:
        await until(pilot, lambda: "You will not stay logged in" in text(pilot, "#why"))
        await log_in(pilot, chat.people[0].username)
        await open_first(pilot)


def test_each_server_has_a_file_of_its_own(kept: Path) -> None:
    for number, url in enumerate(["http://one.example", "http://one.example:8000/a", "https://one.example"]):
        session = KeptSession(url)
        assert session.claim() is None
        session.keep(f"token {number}")
        session.release()
    again = KeptSession("HTTP://one.example:8000/a/")
    assert again.claim() == "token 1"
    again.keep(None)
    again.release()
    assert len(files(kept)) == 2
