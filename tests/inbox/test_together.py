"""Partitions that wait for a turn take it together, and none of them suffers from another."""

import asyncio
from itertools import combinations

import pytest
from sqlalchemy import text
from tests.conftest import Newcomer

from app.domain.chat.schemas.entries import Draft
from app.domain.chat.services import sending
from app.domain.chat.services.conversations import Conversations
from app.inbox import streams
from app.inbox.accept import Inbox
from app.inbox.batches import NotStorable
from app.inbox.drain import AT_ONCE, BATCH
from app.inbox.streams import LOCK_CLASS
from app.resources import Sessions
from app.workers.drains import Drains

pytestmark = pytest.mark.anyio


@pytest.fixture
async def chats(newcomer: Newcomer, sessions: Sessions) -> list[int]:
    """One-to-one, of each partition one; by the id of whoever writes first in it, who is in no other's."""
    people = [await newcomer(f"person{n}") for n in range(7)]
    pairs = list(combinations(people, 2))[: streams.PARTITIONS]
    async with sessions.begin() as session:
        opened = [await Conversations(session=session).open_direct(*pair) for pair in pairs]
    chats = [conversation.id for conversation, _ in opened]
    assert {streams.partition_of(chat) for chat in chats} == set(range(streams.PARTITIONS))
    return chats


async def send(inbox: Inbox, sessions: Sessions, chat: int, content: str) -> "asyncio.Future[bytes]":
    async with sessions() as session:
        sender = await session.scalar(
            text("SELECT min(user_id) FROM members WHERE conversation_id = :chat"), {"chat": chat}
        )
    return await sending.send(inbox, Draft(chat, sender or 0, content, content), throttle_ms=0)


async def transactions(sessions: Sessions) -> dict[int, set[str]]:
    """In which ones each conversation's messages were stored."""
    found: dict[int, set[str]] = {}
    async with sessions() as session:
        for chat, number in await session.execute(text("SELECT conversation_id, xmin::text FROM messages")):
            found.setdefault(chat, set()).add(number)
    return found


async def contents(sessions: Sessions, chat: int) -> list[str]:
    async with sessions() as session:
        found = await session.scalars(
            text("SELECT content FROM messages WHERE conversation_id = :chat ORDER BY seq"), {"chat": chat}
        )
        return [str(content) for content in found]


async def test_what_waits_in_several_partitions_is_stored_in_as_few_transactions(
    inbox: Inbox, drains: Drains, chats: list[int], sessions: Sessions
) -> None:
    futures = [await send(inbox, sessions, chat, f"{n}") for chat in chats for n in range(3)]
    await drains["chat"].run(*range(streams.PARTITIONS))
    await asyncio.gather(*futures)
    stored = await transactions(sessions)
    assert stored.keys() == set(chats)
    assert len(set.union(*stored.values())) == streams.PARTITIONS // AT_ONCE
    assert all([await contents(sessions, chat) == ["0", "1", "2"] for chat in chats])


async def test_bells_that_ring_during_a_turn_share_the_next(
    inbox: Inbox, drains: Drains, chats: list[int], sessions: Sessions
) -> None:
    futures = [await send(inbox, sessions, chat, "hello") for chat in chats]
    await asyncio.gather(*[drains["chat"].run(streams.partition_of(chat)) for chat in chats])
    await asyncio.gather(*futures)
    stored = await transactions(sessions)
    assert len(set.union(*stored.values())) < len(chats) / 2


async def test_a_long_backlog_beside_a_short_one_keeps_its_order(
    inbox: Inbox, drains: Drains, chats: list[int], sessions: Sessions
) -> None:
    long, short = chats[:2]
    futures = [await send(inbox, sessions, long, f"{n}") for n in range(BATCH)]
    futures += [await send(inbox, sessions, short, "hello")]
    await drains["chat"].run(streams.partition_of(long), streams.partition_of(short))
    await asyncio.gather(*futures)
    assert await contents(sessions, long) == [f"{n}" for n in range(BATCH)]
    assert await contents(sessions, short) == ["hello"]
    assert len((await transactions(sessions))[long]) == 2, "half of a batch was the other's to take"


async def test_a_partition_that_another_worker_is_at_is_left_to_it_and_the_others_are_drained(
    inbox: Inbox, drains: Drains, chats: list[int], sessions: Sessions
) -> None:
    theirs, ours = chats[:2]
    held, free = await send(inbox, sessions, theirs, "held"), await send(inbox, sessions, ours, "free")
    partitions = [streams.partition_of(chat) for chat in (theirs, ours)]
    async with sessions.begin() as other:
        lock = {"kind": LOCK_CLASS["chat"], "partition": partitions[0]}
        await other.execute(text("SELECT pg_advisory_xact_lock(:kind, :partition)"), lock)
        await drains["chat"].run(*partitions)
        await free
        assert not held.done()
    assert await contents(sessions, theirs) == []
    await drains["chat"].run(*partitions)
    await held


async def test_an_entry_that_cannot_be_stored_refuses_nothing_of_the_partitions_beside_it(
    inbox: Inbox, drains: Drains, chats: list[int], sessions: Sessions
) -> None:
    spoilt, sound = chats[:2]
    async with sessions.begin() as session:
        await session.execute(text("ALTER TABLE messages ADD CONSTRAINT no_poison CHECK (content <> 'poison')"))
    try:
        good = [await send(inbox, sessions, chat, f"{n}") for n in range(3) for chat in (spoilt, sound)]
        bad = await send(inbox, sessions, spoilt, "poison")
        good += [await send(inbox, sessions, chat, f"{n}") for n in range(3, 6) for chat in (spoilt, sound)]
        await drains["chat"].run(streams.partition_of(spoilt), streams.partition_of(sound))
        await asyncio.gather(*good)
        with pytest.raises(NotStorable):
            await bad
    finally:
        async with sessions.begin() as session:
            await session.execute(text("ALTER TABLE messages DROP CONSTRAINT no_poison"))
    assert await contents(sessions, spoilt) == await contents(sessions, sound) == [f"{n}" for n in range(6)]
    again = [await send(inbox, sessions, chat, "after it") for chat in (spoilt, sound)]
    await drains["chat"].run(streams.partition_of(spoilt), streams.partition_of(sound))
    await asyncio.gather(*again)
    stored = await transactions(sessions)
    assert stored[spoilt] & stored[sound], "what is over is taken together again"
