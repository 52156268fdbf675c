"""Collecting what nobody needs."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.conftest import Newcomer
from tests.domain.files.conftest import Upload, kept
from tests.domain.files.samples import encoded, gradient

from app.domain.files.models import File
from app.domain.files.rules import ORPHANED_FOR, UNATTACHED_FOR
from app.domain.files.services.avatars import Avatars
from app.domain.files.services.files import Claim, Files
from app.domain.files.services.store import FileStore, new_key
from app.domain.files.tasks import BATCH, collect, sweep
from app.resources import Sessions

pytestmark = pytest.mark.anyio
CAT = encoded(gradient(), "PNG")
MOMENT = timedelta(minutes=1)


def from_now(span: timedelta) -> datetime:
    return datetime.now(UTC) + span


async def attach(sessions: Sessions, owner_id: int, message_id: int, file_id: UUID) -> None:
    async with sessions.begin() as session:
        await Files(session=session).claim([Claim(owner_id, 7, message_id, [file_id])])


async def rows(sessions: Sessions) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(File)) or 0


async def test_an_upload_that_no_message_came_for_is_collected_after_a_day(
    newcomer: Newcomer, upload: Upload, sessions: Sessions, store: FileStore
) -> None:
    alice = await newcomer("alice")
    await upload(alice, CAT)
    sent, worn = await upload(alice), await upload(alice, CAT)
    await attach(sessions, alice, 1, sent.id)
    async with sessions.begin() as session:
        await Avatars(session).choose(alice, worn.id)

    assert await collect(sessions, store, from_now(UNATTACHED_FOR - MOMENT)) == 0
    assert await collect(sessions, store, from_now(UNATTACHED_FOR + MOMENT)) == 1
    assert kept(store) == sorted([sent.key, worn.key, f"{worn.key}.thumbnail"])
    assert await collect(sessions, store, from_now(10 * UNATTACHED_FOR)) == 0


async def test_files_of_deleted_messages_and_old_avatars_are_collected_at_once(
    newcomer: Newcomer, upload: Upload, sessions: Sessions, store: FileStore
) -> None:
    alice = await newcomer("alice")
    sent, worn = await upload(alice), await upload(alice, CAT)
    await attach(sessions, alice, 1, sent.id)
    async with sessions.begin() as session:
        await Avatars(session).choose(alice, worn.id)
        await Avatars(session).drop(alice)
        await Files(session=session).release(7, [1])

    assert await collect(sessions, store, datetime.now(UTC)) == 2
    assert kept(store) == []
    assert await rows(sessions) == 0


async def test_two_collectors_share_the_work(
    newcomer: Newcomer, upload: Upload, sessions: Sessions, store: FileStore
) -> None:
    alice = await newcomer("alice")
    for _ in range(6):
        await upload(alice)
    later = from_now(2 * UNATTACHED_FOR)
    assert sum(await asyncio.gather(*(collect(sessions, store, later) for _ in range(3)))) == 6
    assert (await rows(sessions), kept(store)) == (0, [])


async def test_more_than_a_batch_is_collected(newcomer: Newcomer, sessions: Sessions, store: FileStore) -> None:
    alice = await newcomer("alice")
    async with sessions.begin() as session:
        for _ in range(BATCH + 1):
            session.add(
                File(
                    owner_id=alice,
                    sha256=b"",
                    name="lost.txt",
                    media_type="text/plain",
                    size=1,
                    footprint=1,
                    key=new_key(),
                )
            )
    assert await collect(sessions, store, from_now(2 * UNATTACHED_FOR)) == BATCH + 1, "bytes that are gone do no harm"


async def test_a_claim_and_the_collector_do_not_both_have_a_file(
    newcomer: Newcomer, upload: Upload, sessions: Sessions, store: FileStore
) -> None:
    alice = await newcomer("alice")
    file = await upload(alice)
    async with sessions.begin() as session:
        await Files(session=session).claim([Claim(alice, 7, 1, [file.id])])
        assert await collect(sessions, store, from_now(2 * UNATTACHED_FOR)) == 0
    assert kept(store) == [file.key]


async def test_old_objects_without_a_row_are_swept(
    newcomer: Newcomer, upload: Upload, sessions: Sessions, store: FileStore
) -> None:
    alice = await newcomer("alice")
    file, lost = await upload(alice, CAT), new_key()
    await store.put(lost, b"a worker died")
    await store.put(f"{lost}.thumbnail", b"a worker died")
    await store.put("somebody/elses.object", b"keep off")

    assert await sweep(sessions, store, from_now(ORPHANED_FOR - MOMENT)) == 0
    assert await sweep(sessions, store, from_now(ORPHANED_FOR + MOMENT)) == 1
    assert kept(store) == sorted([file.key, f"{file.key}.thumbnail", "somebody/elses.object"])
