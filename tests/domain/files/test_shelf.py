"""What somebody has uploaded, and may still upload."""

import asyncio

import pytest
from tests.conftest import Newcomer
from tests.domain.files.conftest import QUOTA, Upload, kept
from tests.domain.files.samples import PDF, encoded, gradient

from app.domain.files.models import File
from app.domain.files.rules import SMALLEST_FOOTPRINT, FileInUse, NoSuchFile, QuotaExceeded
from app.domain.files.services.files import Claim, Files
from app.domain.files.services.shelf import Shelf
from app.domain.files.services.store import FileStore
from app.errors import IdempotencyConflict
from app.resources import Sessions

pytestmark = pytest.mark.anyio


async def used(sessions: Sessions, owner_id: int) -> int:
    async with sessions() as session:
        return await Shelf(session=session).used(owner_id)


async def test_a_file_is_recorded_as_it_is_kept(newcomer: Newcomer, upload: Upload, store: FileStore) -> None:
    alice = await newcomer("alice")
    image = await upload(alice, encoded(gradient(), "PNG"), "cat.png")
    assert (image.media_type, image.width, image.height, image.name) == ("image/png", 400, 200, "cat.png")
    assert kept(store) == [image.key, f"{image.key}.thumbnail"]
    assert len(await store.read(image.key, 0, image.size)) == image.size
    assert image.thumbnail_size
    assert len(await store.read(f"{image.key}.thumbnail", 0, 10**6)) == image.thumbnail_size


async def test_a_resend_is_the_same_file(newcomer: Newcomer, upload: Upload, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    first = await upload(alice, client_id="mine")
    again = await upload(alice, client_id="mine", quota=SMALLEST_FOOTPRINT)
    assert again.id == first.id
    assert (await upload(bob, client_id="mine")).id != first.id
    with pytest.raises(IdempotencyConflict):
        await upload(alice, PDF + b"\n", client_id="mine")
    assert await used(sessions, alice) == first.footprint


async def test_resends_at_once_are_one_file(newcomer: Newcomer, upload: Upload) -> None:
    alice = await newcomer("alice")
    files = await asyncio.gather(*(upload(alice, client_id="mine") for _ in range(4)))
    assert len({file.id for file in files}) == 1


async def test_two_uploads_at_once_do_not_exceed_the_quota(
    newcomer: Newcomer, upload: Upload, sessions: Sessions, store: FileStore
) -> None:
    alice = await newcomer("alice")
    quota = 2 * SMALLEST_FOOTPRINT
    results = await asyncio.gather(*(upload(alice, quota=quota) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, File) for one in results) == 2
    assert sum(isinstance(one, QuotaExceeded) for one in results) == 2
    assert await used(sessions, alice) == quota
    assert len(kept(store)) == 2, "What was refused was removed"


async def test_what_will_not_fit_is_known_before_it_is_sent(
    newcomer: Newcomer, upload: Upload, sessions: Sessions
) -> None:
    alice = await newcomer("alice")
    await upload(alice, client_id="mine")
    async with sessions() as session:
        shelf = Shelf(session=session)
        await shelf.expect(alice, None, 10_000, quota=SMALLEST_FOOTPRINT + 10_000)
        await shelf.expect(alice, "mine", 10_000, quota=SMALLEST_FOOTPRINT)
        with pytest.raises(QuotaExceeded):
            await shelf.expect(alice, None, 10_000, quota=SMALLEST_FOOTPRINT + 9_999)


async def test_a_deleted_file_makes_room(newcomer: Newcomer, upload: Upload, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    file = await upload(alice)
    async with sessions.begin() as session:
        with pytest.raises(NoSuchFile):
            await Shelf(session=session).discard(bob, file.id)
        await Shelf(session=session).discard(alice, file.id)
    assert await used(sessions, alice) == 0
    async with sessions.begin() as session:
        with pytest.raises(NoSuchFile):
            await Shelf(session=session).discard(alice, file.id)


async def test_a_file_that_a_message_has_is_not_deleted(newcomer: Newcomer, upload: Upload, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    file = await upload(alice)
    async with sessions.begin() as session:
        await Files(session=session).claim([Claim(alice, 1, 1, [file.id])])
        with pytest.raises(FileInUse):
            await Shelf(session=session).discard(alice, file.id)


async def test_ones_files_are_listed_the_newest_first(newcomer: Newcomer, upload: Upload, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    files = [(await upload(alice)).id for _ in range(3)]
    await upload(bob, quota=QUOTA)
    async with sessions() as session:
        shelf = Shelf(session=session)
        assert [file.id for file in await shelf.list_of(alice, 2, 0)] == files[:0:-1]
        assert [file.id for file in await shelf.list_of(alice, 2, 2)] == files[:1]
