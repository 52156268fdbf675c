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


Chats = dict[int, int]
"""One-to-one, one of each partition; and who writes in it."""


@pytest.fixture
async def chats(newcomer: Newcomer, sessions: Sessions) -> Chats:
    people = [await newcomer(f"person{n}") for n in range(7)]
    pairs = list(combinations(people, 2))[: streams.PARTITIONS]
    async with sessions.begin() as session:
        opened = [await Conversations(session=session).open_direct(*pair) for pair in pairs]
    chats = {conversation.id: sender for (conversation, _), (sender, _) in zip(opened, pairs, strict=True)}
    assert {streams.partition_of(chat) for chat in chats} == set(range(streams.PARTITIONS))
    return chats


async def send(inbox: Inbox, chats: Chats, chat: int, content: str) -> "asyncio.Future[bytes]":
    return await sending.send(inbox, Draft(chat, chats[chat], content, content), throttle_ms=0)


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
    inbox: Inbox, drains: Drains, chats: Chats, sessions: Sessions
) -> None:
    futures = [await send(inbox, chats, chat, f"{n}") for chat in chats for n in range(3)]
    await drains["chat"].run(*range(streams.PARTITIONS))
    await asyncio.gather(*futures)
    stored = await transactions(sessions)
    assert stored.keys() == set(chats)
    assert len(set.union(*stored.values())) == streams.PARTITIONS // AT_ONCE
    assert all([await contents(sessions, chat) == ["0", "1", "2"] for chat in chats])


async def test_bells_that_ring_during_a_turn_share_the_next(
    inbox: Inbox, drains: Drains, chats: Chats, sessions: Sessions
) -> None:
    futures = [await send(inbox, chats, chat, "hello") for chat in chats]
    await asyncio.gather(*[drains["chat"].run(streams.partition_of(chat)) for chat in chats])
    await asyncio.gather(*futures)
    stored = await transactions(sessions)
    assert len(set.union(*stored.values())) < len(chats) / 2


async def test_a_long_backlog_beside_a_short_one_keeps_its_order(
    inbox: Inbox, drains: Drains, chats: Chats, sessions: Sessions
) -> None:
    long, short = list(chats)[:2]
    futures = [await send(inbox, chats, long, f"{n}") for n in range(BATCH)]
    futures += [await send(inbox, chats, short, "hello")]
    await drains["chat"].run(streams.partition_of(long), streams.partition_of(short))
    await asyncio.gather(*futures)
    assert await contents(sessions, long) == [f"{n}" for n in range(BATCH)]
    assert await contents(sessions, short) == ["hello"]
    assert len((await transactions(sessions))[long]) == 2, "half of a batch was the other's to take"


async def test_a_partition_that_another_worker_is_at_is_left_to_it_and_the_others_are_drained(
    inbox: Inbox, drains: Drains, chats: Chats, sessions: Sessions
) -> None:
    theirs, ours = list(chats)[:2]
    held, free = await send(inbox, chats, theirs, "held"), await send(inbox, chats, ours, "free")
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
    inbox: Inbox, drains: Drains, chats: Chats, sessions: Sessions, poison: str
) -> None:
    spoilt, sound = list(chats)[:2]
    partitions = [streams.partition_of(chat) for chat in (spoilt, sound)]
    good = [await send(inbox, chats, chat, f"{n}") for n in range(3) for chat in (spoilt, sound)]
    bad = await send(inbox, chats, spoilt, poison)
    good += [await send(inbox, chats, chat, f"{n}") for n in range(3, 6) for chat in (spoilt, sound)]
    await drains["chat"].run(*partitions)
    await asyncio.gather(*good)
    with pytest.raises(NotStorable):
        await bad
    assert await contents(sessions, spoilt) == await contents(sessions, sound) == [f"{n}" for n in range(6)]
    again = [await send(inbox, chats, chat, "after it") for chat in (spoilt, sound)]
    await drains["chat"].run(*partitions)
    await asyncio.gather(*again)
    stored = await transactions(sessions)
    assert stored[spoilt] & stored[sound], "what is over is taken together again"
