"""What a client sends is judged while it comes."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from tests.domain.files.conftest import LIMIT, kept
from tests.domain.files.samples import HTML, PDF, SCRIPT, SVG, ZIP, encoded, gradient, in_pieces

from app.domain.files.rules import (
    IMAGE_BYTES,
    EmptyFile,
    FileTooLarge,
    FileTypeRefused,
    ImageRefused,
    ImageTooLarge,
    QuotaExceeded,
    TooManyUploads,
    UploadInterrupted,
)
from app.domain.files.services.intake import UPLOADS_AT_ONCE, UPLOADS_OF_ONE, Intake
from app.domain.files.services.store import FileStore
from app.errors import AppError

pytestmark = pytest.mark.anyio


async def endless(first: bytes) -> AsyncIterator[bytes]:
    """Must not be read to its end, since it has none."""
    yield first
    while True:
        yield b"a" * 65_536


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("nothing.txt", b"", EmptyFile),
        ("program", b"\x7fELF\x02\x01\x01" + bytes(100), FileTypeRefused),
        ("notes.txt", b"all is well\x00", FileTypeRefused),
        ("notes.txt", b"all is well\xff", FileTypeRefused),
        ("notes.txt", "half a letter: é".encode()[:-1], FileTypeRefused),
        ("notes.txt", b"a" * 300_000 + b"\x00", FileTypeRefused),
        ("picture.svg", SVG, FileTypeRefused),
        ("picture.png", SVG, FileTypeRefused),
        ("picture.PNG", HTML, FileTypeRefused),
        ("picture.jpg", ZIP, FileTypeRefused),
        ("picture.gif", PDF, FileTypeRefused),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + SCRIPT, ImageRefused),
        ("picture.gif", b"GIF89a/*" + HTML + b"*/=1;alert(1)", ImageRefused),
    ],
)
async def test_what_is_not_taken_leaves_nothing(
    intake: Intake, store: FileStore, name: str, content: bytes, refusal: type[AppError]
) -> None:
    with pytest.raises(refusal):
        async with intake.shelve(1, name, None, in_pieces(content)):
            pass
    assert kept(store) == []


async def test_an_endless_body_ends_at_the_limit(intake: Intake, store: FileStore) -> None:
    for first, refusal in ((b"Dear diary", FileTooLarge), (encoded(gradient(), "PNG"), ImageTooLarge)):
        with pytest.raises(refusal):
            async with intake.shelve(1, "", None, endless(first)):
                pass
    assert kept(store) == []


async def test_what_is_announced_too_large_is_not_read(intake: Intake) -> None:
    async def unread() -> AsyncIterator[bytes]:
        pytest.fail("It was read")
        yield b""

    with pytest.raises(FileTooLarge):
        async with intake.shelve(1, "", LIMIT + 1, unread()):
            pass


async def test_an_image_may_have_less_than_other_files(intake: Intake) -> None:
    assert LIMIT > IMAGE_BYTES
    async with intake.shelve(1, "long.txt", None, in_pieces(b"a" * (IMAGE_BYTES + 1), 65_536)) as shelved:
        assert shelved.size == IMAGE_BYTES + 1


async def test_an_upload_that_breaks_off_leaves_nothing(intake: Intake, store: FileStore) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield PDF
        raise UploadInterrupted

    with pytest.raises(UploadInterrupted):
        async with intake.shelve(1, "", None, broken()):
            pass
    assert kept(store) == []


async def test_what_the_database_refuses_is_taken_off_the_shelf(intake: Intake, store: FileStore) -> None:
    async def full(key: str) -> None:
        assert kept(store) == [key, f"{key}.thumbnail"]
        raise QuotaExceeded

    with pytest.raises(QuotaExceeded):
        async with intake.shelve(1, "cat.png", None, in_pieces(encoded(gradient(), "PNG"))) as shelved:
            await full(shelved.key)
    assert kept(store) == []


async def test_what_the_database_may_have_stored_stays(intake: Intake, store: FileStore) -> None:
    with pytest.raises(ConnectionError):
        async with intake.shelve(1, "report.pdf", None, in_pieces(PDF)) as shelved:
            raise ConnectionError
    assert kept(store) == [shelved.key]


async def test_text_may_be_in_any_language_wherever_it_is_cut(intake: Intake, store: FileStore) -> None:
    text = "Привіт, 世界! 👋🏽 " * 20_000
    async with intake.shelve(1, "notes", None, in_pieces(text.encode(), 65_537)) as shelved:
        assert (shelved.media_type, shelved.name) == ("text/plain", "notes")
        assert await store.read(shelved.key, 0, shelved.size) == text.encode()


async def test_nobody_takes_all_the_places(intake: Intake) -> None:
    async with AsyncExitStack() as under_way:

        async def begin(user_id: int) -> None:
            await under_way.enter_async_context(intake.shelve(user_id, "", None, in_pieces(PDF)))

        for _ in range(UPLOADS_OF_ONE):
            await begin(1)
        with pytest.raises(TooManyUploads):
            await begin(1)
        for user_id in range(2, UPLOADS_AT_ONCE - UPLOADS_OF_ONE + 2):
            await begin(user_id)
        with pytest.raises(TooManyUploads):
            await begin(1000)
    async with intake.shelve(1000, "", None, in_pieces(PDF)):
        pass
