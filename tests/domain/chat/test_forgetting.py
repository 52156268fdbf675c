"""What is past its time is gone, and everything else goes on as if it had never been."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from tests.conftest import settings_for

from app.domain.chat.rules import NoSuchMessage
from app.domain.chat.schemas.entries import Draft, Edit, Entry, Reaction
from app.domain.chat.schemas.events import EventFrame, MessageFrame, Withheld
from app.domain.chat.schemas.groups import GroupChange
from app.domain.chat.services import forgetting, history, recent
from app.domain.chat.services.announcing import announce
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.groups import Groups
from app.domain.chat.services.journal import MessageJournal
from app.domain.chat.services.ledger import number_of
from app.domain.chat.services.messages import Messages
from app.domain.chat.tasks import forget_what_is_due
from app.errors import AppError
from app.hub import events
from app.hub.fanout import Hub
from app.hub.outbox import Outbox
from app.resources import Resources, Sessions, running

pytestmark = pytest.mark.anyio
ALICE, BOB = 1, 2
NOW = datetime.now(UTC)


async def record(sessions: Sessions, *entries: Entry) -> list[EventFrame | AppError]:
    async with sessions.begin() as session:
        outcomes = await Messages(session=session).record([msgspec.msgpack.encode(entry) for entry in entries])
    return [outcome.fact or outcome.refusal or AppError() for outcome in outcomes]


def said(conversation: int, first: int, last: int) -> list[Draft]:
    return [Draft(conversation, ALICE, f"id-{n}", f"message {n}!") for n in range(first, last + 1)]


async def make_older(sessions: Sessions, conversation: int, until: int, days: int = 40) -> None:
    """What has happened up to a number, so many days ago."""
    asked = {"id": conversation, "until": until, "then": NOW - timedelta(days=days)}
    async with sessions.begin() as session:
        for sql in ("messages SET sent_at", "changes SET made_at"):
            await session.execute(text(f"UPDATE {sql} = :then WHERE conversation_id = :id AND seq <= :until"), asked)


async def forget(resources: Resources, days: int | None = 30) -> None:
    kept = settings_for("postgresql://-", "redis://-", retention_days=days)
    await forget_what_is_due(Resources(kept, resources.engine, resources.sessions, resources.redis), NOW)


async def left(sessions: Sessions, conversation: int, after: int = 0, limit: int = 100) -> list[int]:
    found = await history.events(sessions, conversation, ALICE, after, limit)
    return [number_of(one) for one in found.events if not isinstance(one, Withheld)]


@pytest.mark.parametrize("step", [3, 1000])
async def test_what_is_older_than_the_retention_is_read_by_nobody_and_its_text_is_gone(
    conversation: int, sessions: Sessions, resources: Resources, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "EVENTS_AT_ONCE", step)
    await record(sessions, *said(conversation, 1, 7), Edit(conversation, ALICE, "e", 2, "a secret"))
    await record(sessions, Reaction(conversation, BOB, "r", 3, "👍", on=True), *said(conversation, 10, 12))
    await make_older(sessions, conversation, 7)
    for _ in range(2):
        await forget(resources)
        page = await history.latest(sessions, resources.redis, conversation, ALICE, 100)
        assert [one.message_id for one in page.messages] == [10, 11, 12]
    assert await left(sessions, conversation) == [8, 9, 10, 11, 12]
    async with sessions() as session:
        kept = (await session.execute(text("SELECT m::text FROM messages m UNION SELECT c::text FROM changes c"))).all()
        assert await Messages(session=session).newest([conversation])
    assert not any(f"message {n}!" in str(kept) for n in range(1, 8))
    assert "secret" not in str(kept)
    assert "message 12!" in str(kept)


async def test_a_message_that_was_forgotten_is_still_not_stored_twice(
    conversation: int, sessions: Sessions, resources: Resources
) -> None:
    first, *_ = await record(sessions, *said(conversation, 1, 3))
    await make_older(sessions, conversation, 3)
    await forget(resources)
    again, edit, new = await record(
        sessions,
        Draft(conversation, ALICE, "id-1", "message 1!"),
        Edit(conversation, ALICE, "e", 1, "back again"),
        Draft(conversation, ALICE, "id-4", "message 4"),
    )
    assert isinstance(first, MessageFrame)
    assert isinstance(again, MessageFrame)
    assert (again.message_id, again.message, again.deleted) == (first.message_id, "", True)
    assert isinstance(edit, NoSuchMessage)
    assert isinstance(new, MessageFrame)
    assert new.message_id == 4


async def test_the_cache_does_not_remember_what_is_forgotten(
    conversation: int, sessions: Sessions, resources: Resources, redis: "Redis"
) -> None:
    """Also when a reader who was slow puts it back."""
    await record(sessions, *said(conversation, 1, 5))
    page = await history.latest(sessions, redis, conversation, ALICE, 100)
    await make_older(sessions, conversation, 3)
    await forget(resources)
    assert not await redis.exists(*recent.keys(conversation))
    await recent.refill(redis, conversation, 5, page.messages)
    page = await history.latest(sessions, redis, conversation, ALICE, 100)
    assert (page.source, [one.message_id for one in page.messages]) == ("redis", [4, 5])


@pytest.mark.parametrize(("after", "numbers"), [(0, [601, 602]), (300, [601, 602]), (601, [602]), (602, [])])
async def test_who_resumes_from_what_is_forgotten_gets_what_is_left(
    conversation: int, sessions: Sessions, resources: Resources, after: int, numbers: list[int]
) -> None:
    await record(sessions, *said(conversation, 1, 602))
    await make_older(sessions, conversation, 600)
    await forget(resources)
    assert await left(sessions, conversation, after, 2) == numbers
    heard: list[Any] = []

    async def hear(frame: str) -> None:
        heard.append(msgspec.json.decode(frame)["message_id"])

    async def close(code: int, reason: str) -> None:
        raise AssertionError(f"{code} {reason}")

    hub, outbox = Hub(resources.redis, MessageJournal(sessions)), Outbox(ALICE, hear, close)
    async with running(hub.run()), outbox.sending():
        assert await hub.join(events.conversation(conversation), outbox, after=after) == 602
        await hub.connected()
        new = [one for one in await record(sessions, *said(conversation, 603, 603)) if not isinstance(one, AppError)]
        pipeline = resources.redis.pipeline()
        announce(pipeline, new)
        await pipeline.execute()
        async with asyncio.timeout(5):
            while not heard or heard[-1] != 603:
                await asyncio.sleep(0.005)
    assert heard == [*numbers, 603]


async def test_without_a_retention_nothing_is_forgotten_and_a_group_may_have_its_own(
    conversation: int, sessions: Sessions, resources: Resources
) -> None:
    async with sessions.begin() as session:
        group = (await Conversations(session=session).open_group(ALICE, {BOB}, "chess", joinable=False)).id
        await Groups(session=session).change(group, ALICE, GroupChange(retention_days=7))
    for one in (conversation, group):
        await record(sessions, *said(one, 1, 3))
        await make_older(sessions, one, 2, days=10)
    await forget(resources, None)
    assert (await left(sessions, conversation), await left(sessions, group)) == ([1, 2, 3], [3, 4])
    await forget(resources, 5)
    assert await left(sessions, conversation) == [3]


async def test_of_a_group_that_has_ended_nothing_is_left_but_its_number(
    conversation: int, sessions: Sessions, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "EVENTS_AT_ONCE", 2)
    async with sessions.begin() as session:
        group = (await Conversations(session=session).open_group(ALICE, {BOB}, "chess", joinable=False)).id
    await record(sessions, *said(group, 1, 5), Edit(group, ALICE, "e", 1, "better"), *said(conversation, 1, 1))
    async with sessions.begin() as session:
        await Groups(session=session).end(group, ALICE)
    await forget(resources, None)
    async with sessions() as session:
        for table in ("messages", "changes", "invites", "bans"):
            count = text(f"SELECT count(*) FROM {table} WHERE conversation_id = :group")
            assert await session.scalar(count, {"group": group}) == 0
        found = text("SELECT name, last_seq, forgotten_until FROM conversations WHERE id = :group")
        assert tuple((await session.execute(found, {"group": group})).one()) == (None, 7, 7)
    assert await left(sessions, conversation) == [1]
