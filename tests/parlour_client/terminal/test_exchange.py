"""Files between a terminal and whoever else is in the conversation."""

from pathlib import Path

import pytest
from tests.parlour_client.cable import Cable
from tests.parlour_client.conftest import Chat
from tests.parlour_client.terminal.test_talk import at_the_terminal, open_first, say, transcript, until

pytestmark = pytest.mark.anyio


@pytest.fixture
def note(tmp_path: Path) -> Path:
    file = tmp_path / "note.txt"
    file.write_text("hello")
    return file


@pytest.fixture
def too_large(tmp_path: Path) -> Path:
    with (tmp_path / "too-large").open("wb") as file:
        file.truncate(30 * 1024 * 1024)
    return tmp_path / "too-large"


async def test_a_file_is_sent_with_a_caption_and_saved_by_its_number(
    chat: Chat, cable: Cable, note: Path, tmp_path: Path
) -> None:
    async with at_the_terminal(cable.url, chat.people[0].username) as pilot:
        await open_first(pilot)
        await say(pilot, f"/file {note} look at this")
        await until(pilot, lambda: "look at this [note.txt, 5 B] /save 1 ✓" in transcript(pilot))
        uploaded = await chat.ben.upload(note, name="answer.txt")
        await chat.ben.send(chat.id, "", files=[uploaded.id])
        await until(pilot, lambda: "[answer.txt, 5 B] /save 2" in transcript(pilot))
        await say(pilot, f"/save 2 {tmp_path}")
        await until(pilot, (tmp_path / "answer.txt").exists)
        await say(pilot, f"/save 2 {tmp_path}")
        await until(pilot, (tmp_path / "answer (2).txt").exists)
    (first, _) = await chat.ben.history(chat.id)
    assert (first.message, [one.name for one in first.attachments]) == ("look at this", ["note.txt"])


async def test_one_that_is_too_large_says_how_large_it_may_be(chat: Chat, cable: Cable, too_large: Path) -> None:
    async with at_the_terminal(cable.url, chat.people[0].username) as pilot:
        await open_first(pilot)
        await say(pilot, f"/file {too_large}")
        await until(pilot, lambda: "[too-large] ✗ It is too large: 25 MiB are the most." in transcript(pilot))


async def test_a_file_that_did_not_arrive_is_sent_again_and_is_there_once(chat: Chat, cable: Cable, note: Path) -> None:
    async with at_the_terminal(cable.url, chat.people[0].username) as pilot:
        await open_first(pilot)
        await cable.cut()
        await say(pilot, f"/file {note}")
        await until(pilot, lambda: "[note.txt] ✗" in transcript(pilot))
        await cable.mend()
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "[note.txt, 5 B] /save 1 ✓" in transcript(pilot))
    assert len((await chat.ada.get("/api/files"))["files"]) == 1
