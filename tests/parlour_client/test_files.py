"""Files that go out from the disk and come back to it."""

import tracemalloc
from pathlib import Path

import pytest
from tests.parlour_client.conftest import Chat

from parlour_client import Message, Refused, Unreachable
from parlour_client import files as in_pieces

pytestmark = pytest.mark.anyio
LARGE = 20 * 1024 * 1024


@pytest.fixture
def large(tmp_path: Path) -> Path:
    file = tmp_path / "large.txt"
    file.write_bytes(b"12345678" * (LARGE // 8))
    return file


@pytest.fixture
def note(tmp_path: Path) -> Path:
    file = tmp_path / "note.txt"
    file.write_text("hello")
    return file


async def test_what_one_attaches_the_other_saves(chat: Chat, note: Path, tmp_path: Path) -> None:
    uploaded = await chat.ada.upload(note)
    assert (uploaded.name, uploaded.media_type, uploaded.size) == ("note.txt", "text/plain", 5)
    await chat.ada.send(chat.id, "", files=[uploaded.id])
    (message,) = await chat.ben.history(chat.id)
    assert isinstance(message, Message)
    assert message.attachments == [uploaded]
    to = tmp_path / "saved"
    await chat.ben.download(uploaded.id, to, conversation_id=chat.id)
    await chat.ada.download(uploaded.id, tmp_path / "mine")
    assert to.read_text() == (tmp_path / "mine").read_text() == "hello"
    with pytest.raises(FileExistsError):
        await chat.ben.download(uploaded.id, to, conversation_id=chat.id)


async def test_no_file_is_whole_in_memory(
    chat: Chat, large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_pieces, "PIECE_BYTES", 64 * 1024)
    tracemalloc.start()
    uploaded = await chat.ada.upload(large)
    await chat.ada.download(uploaded.id, tmp_path / "back")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert uploaded.size == LARGE
    assert most < LARGE / 2
    assert (tmp_path / "back").read_bytes() == large.read_bytes()  # noqa: ASYNC240  no server waits for it


async def test_an_upload_under_the_same_name_is_the_same_file(chat: Chat, note: Path) -> None:
    first = await chat.ada.upload(note, client_id="mine")
    assert await chat.ada.upload(note, client_id="mine") == first
    assert len((await chat.ada.get("/api/files"))["files"]) == 1


async def test_a_token_that_ran_out_under_way_costs_no_upload(chat: Chat, note: Path) -> None:
    chat.ada._api._access = "of yesterday"  # noqa: SLF001  as time would do it
    assert (await chat.ada.upload(note)).size == 5


async def test_what_is_too_large_or_of_no_use_is_refused_by_its_code(chat: Chat, tmp_path: Path) -> None:
    too_large, binary = tmp_path / "too-large", tmp_path / "a.out"
    with too_large.open("wb") as sparse:
        sparse.truncate(40 * 1024 * 1024)
    binary.write_bytes(b"\x7fELF\x00\x01")
    for file, code in ((too_large, "file_too_large"), (binary, "file_type_refused")):
        with pytest.raises(Refused) as refused:
            await chat.ada.upload(file)
        assert refused.value.code == code
    with pytest.raises(FileNotFoundError):
        await chat.ada.upload(tmp_path / "nothing")


async def test_what_cannot_be_had_leaves_nothing_on_the_disk(chat: Chat, note: Path, tmp_path: Path) -> None:
    uploaded = await chat.ada.upload(note)
    with pytest.raises(Refused) as refused:
        await chat.ben.download(uploaded.id, tmp_path / "not-yours")
    assert refused.value.status == 404
    await chat.ada.close()
    with pytest.raises((Unreachable, RuntimeError)):
        await chat.ada.download(uploaded.id, tmp_path / "not-yours")
    assert not (tmp_path / "not-yours").exists()
