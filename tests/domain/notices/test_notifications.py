import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.notices.services.notifications import Kind, Notice, NoticeBody, Notifications
from app.resources import Sessions

if TYPE_CHECKING:
    from tests.domain.notices.conftest import Browser, NewReader, Reader

pytestmark = pytest.mark.anyio


async def write(sessions: Sessions, *notices: Notice) -> list[int]:
    async with sessions.begin() as session:
        return [one.notification.id for one in await Notifications(session=session).notify(notices)]


async def unread(sessions: Sessions, reader: "Reader") -> int:
    async with sessions() as session:
        return await Notifications(session=session).unread_count(reader.id)


async def test_the_same_notice_given_again_is_no_news(ada: "Reader", sessions: Sessions) -> None:
    first = ada.notice("message:7:1")
    assert await write(sessions, first, replace(first, body=NoticeBody(username="mallory"))) == [1]
    assert await write(sessions, first) == []
    async with sessions() as session:
        page = await Notifications(session=session).page(ada.id, before=None, limit=10, unread=False)
    assert [(one.id, one.kind, one.conversation_id, one.read_at) for one in page.notifications] == [
        (1, "mention", 7, None)
    ]
    assert page.notifications[0].body.username == "mallory", "the last of those given at once"


async def test_hundreds_are_written_at_once_each_with_its_own_words(
    new_reader: "NewReader", sessions: Sessions
) -> None:
    ada, ben = await new_reader("ada"), await new_reader("ben")
    notices = [reader.notice(f"m:{n}", excerpt=f"{n} for {reader.id}") for n in range(250) for reader in (ben, ada)]
    async with sessions.begin() as session:
        notified = await Notifications(session=session).notify(notices)
    assert len(notified) == 500
    assert len({one.notification.id for one in notified}) == 500
    assert all(one.listed and not one.pushed for one in notified)
    for one in notified:
        assert (one.notification.body.excerpt or "").endswith(f"for {one.user_id}")
    async with sessions() as session:
        assert await Notifications(session=session).unread_count(ada.id) == 250


async def test_two_who_notify_the_same_people_in_different_orders_do_not_block_each_other(
    new_reader: "NewReader", sessions: Sessions
) -> None:
    readers = [await new_reader(name) for name in ("ada", "ben", "cid")]
    notices = [reader.notice(f"m:{n}") for n in range(100) for reader in readers]
    written = await asyncio.gather(write(sessions, *notices), write(sessions, *reversed(notices)))
    assert sum(map(len, written)) == len(notices)


async def test_a_notice_whose_cause_was_rolled_back_never_was(ada: "Reader", sessions: Sessions) -> None:
    async with sessions() as session:
        await Notifications(session=session).notify([ada.notice("m:1")])
        await session.rollback()
    assert await unread(sessions, ada) == 0


async def test_what_is_only_to_be_pushed_is_not_listed_and_not_kept_without_a_device(
    ada: "Reader", phone: "Browser", new_reader: "NewReader", sessions: Sessions
) -> None:
    ben = await new_reader("ben")
    async with sessions.begin() as session:
        notified = await Notifications(session=session).notify(
            [
                ada.notice("d:1", Kind.DIRECT_MESSAGE, listed=False),
                ben.notice("d:1", Kind.DIRECT_MESSAGE, listed=False),
            ]
        )
    assert [(one.user_id, one.listed, one.pushed) for one in notified] == [(ada.id, False, True)]
    async with sessions() as session:
        page = await Notifications(session=session).page(ada.id, before=None, limit=10, unread=False)
    assert (page.notifications, page.unread) == ([], 0)


async def test_reading_up_to_one_leaves_what_came_after_it(ada: "Reader", sessions: Sessions) -> None:
    ids = await write(sessions, *(ada.notice(f"m:{n}") for n in range(5)))
    async with sessions.begin() as session:
        notifications = Notifications(session=session)
        assert await notifications.mark_read(ada.id, up_to_id=ids[2]) == 3
        assert await notifications.mark_read(ada.id, up_to_id=ids[2]) == 0
        assert await notifications.mark_read(ada.id, ids=[ids[4], ids[0]]) == 1
        page = await notifications.page(ada.id, before=None, limit=10, unread=True)
    assert [one.id for one in page.notifications] == [ids[3]]


async def test_nobody_reads_or_deletes_for_somebody_else(new_reader: "NewReader", sessions: Sessions) -> None:
    ada, ben = await new_reader("ada"), await new_reader("ben")
    [id_] = await write(sessions, ada.notice("m:1"))
    async with sessions.begin() as session:
        notifications = Notifications(session=session)
        assert await notifications.mark_read(ben.id, ids=[id_]) == 0
        assert not await notifications.discard(ben.id, id_)
        assert await notifications.discard_all(ben.id) is None
    assert await unread(sessions, ada) == 1


async def test_pages_lead_from_the_newest_to_the_oldest(ada: "Reader", sessions: Sessions) -> None:
    ids = await write(sessions, *(ada.notice(f"m:{n:02}") for n in range(7)))
    seen: list[int] = []
    before: int | None = None
    async with sessions() as session:
        notifications = Notifications(session=session)
        for _ in range(3):
            page = await notifications.page(ada.id, before=before, limit=3, unread=False)
            seen += [one.id for one in page.notifications]
            before = page.before
    assert seen == ids[::-1]
    assert before is None


async def test_what_was_deleted_does_not_come_back_while_others_stay(ada: "Reader", sessions: Sessions) -> None:
    ids = await write(sessions, *(ada.notice(f"m:{n}") for n in range(3)))
    async with sessions.begin() as session:
        notifications = Notifications(session=session)
        assert await notifications.discard(ada.id, ids[1])
        assert not await notifications.discard(ada.id, ids[1])
        assert await notifications.discard_all(ada.id) == ids[2]
        assert await notifications.unread_count(ada.id) == 0
