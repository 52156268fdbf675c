"""Redis never answers differently from PostgreSQL."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from sqlalchemy import text

from app.domain.chat.rules import CACHED_MESSAGES, NotAMember
from app.domain.chat.schemas.entries import Deletion, Draft, Edit, Entry, Reaction
from app.domain.chat.schemas.events import EventFrame, MessageFrame
from app.domain.chat.services import history, recent
from app.domain.chat.services.messages import Messages
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ALICE = 1
STEPS = ["store", "edit", "react", "delete", "announce", "announce again", "expire", "read"]


async def record(sessions: Sessions, *entries: Entry) -> list[EventFrame]:
    async with sessions.begin() as session:
        outcomes = await Messages(session=session).record([msgspec.msgpack.encode(entry) for entry in entries])
    return [outcome.fact for outcome in outcomes if outcome.fact]


async def store(sessions: Sessions, conversation: int, first: int, count: int) -> list[MessageFrame]:
    drafts = [Draft(conversation, ALICE, f"id-{n}", f"message {n}") for n in range(first, first + count)]
    return [event for event in await record(sessions, *drafts) if isinstance(event, MessageFrame)]


async def cache(redis: "Redis", events: Sequence[EventFrame]) -> None:
    pipeline = redis.pipeline(transaction=False)
    recent.remember(pipeline, events[0].conversation_id, events)
    await pipeline.execute()


async def test_the_last_hundred_come_from_redis(conversation: int, sessions: Sessions, redis: "Redis") -> None:
    await cache(redis, await store(sessions, conversation, 1, 250))
    page = await history.latest(sessions, redis, conversation, ALICE, 100)
    assert page.source == "redis"
    assert [message.message_id for message in page.messages] == list(range(151, 251))
    assert await redis.zcard(recent.keys(conversation)[0]) == CACHED_MESSAGES
    assert 86_000 < await redis.ttl(recent.keys(conversation)[0]) <= 86_400


async def test_after_expiry_the_newest_hundred_are_read_again_not_the_oldest(
    conversation: int, sessions: Sessions, redis: "Redis"
) -> None:
    """Document C's server answered with the oldest hundred here."""
    await store(sessions, conversation, 1, 250)
    first = await history.latest(sessions, redis, conversation, ALICE, 100)
    second = await history.latest(sessions, redis, conversation, ALICE, 100)
    assert (first.source, second.source) == ("database", "redis")
    assert first.messages == second.messages
    assert first.messages[0].message_id == 151


async def test_one_message_after_expiry_does_not_pass_for_the_whole_history(
    conversation: int, sessions: Sessions, redis: "Redis"
) -> None:
    """Document C's server showed a history of one message here."""
    await store(sessions, conversation, 1, 30)
    await cache(redis, await store(sessions, conversation, 31, 1))
    page = await history.latest(sessions, redis, conversation, ALICE, 100)
    assert page.source == "database"
    assert len(page.messages) == 31


async def test_without_redis_history_is_read_all_the_same(conversation: int, sessions: Sessions) -> None:
    await store(sessions, conversation, 1, 3)
    away = Redis.from_url("unix:///nowhere.sock")
    page = await history.latest(sessions, away, conversation, ALICE, 100)
    assert (page.source, len(page.messages)) == ("database", 3)


async def test_an_outsider_reads_nothing(conversation: int, sessions: Sessions, redis: "Redis") -> None:
    with pytest.raises(NotAMember):
        await history.latest(sessions, redis, conversation, 99, 100)


async def test_pages_before_and_after_a_message_are_complete(conversation: int, sessions: Sessions) -> None:
    await store(sessions, conversation, 1, 30)
    before = await history.earlier(sessions, conversation, ALICE, 11, 5)
    after = await history.later(sessions, conversation, ALICE, 11, 5)
    assert [message.message_id for message in before.messages] == [6, 7, 8, 9, 10]
    assert [message.message_id for message in after.messages] == [12, 13, 14, 15, 16]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=14),
    limit=st.integers(1, 100),
)
async def test_whatever_becomes_of_the_cache_it_answers_as_the_database_does(
    conversation: int, sessions: Sessions, redis: "Redis", steps: list[str], limit: int
) -> None:
    async with sessions.begin() as session:
        await session.execute(text("TRUNCATE messages, changes"))
        await session.execute(text("UPDATE conversations SET last_seq = 0"))
    await redis.flushall()
    stored: list[EventFrame] = []
    unannounced: list[EventFrame] = []
    for place, step in enumerate([*steps, "read"]):
        first = next((event.message_id for event in stored if isinstance(event, MessageFrame)), None)
        if step == "store":
            new: Sequence[EventFrame] = await store(sessions, conversation, 100 * place, 7)
        elif step in {"edit", "react", "delete"} and first:
            change: Entry = Edit(conversation, ALICE, f"c{place}", first, f"edit {place}")
            if step == "react":
                change = Reaction(conversation, ALICE, f"c{place}", first, "👍", on=True)
            elif step == "delete":
                change = Deletion(conversation, ALICE, f"c{place}", first)
            new = await record(sessions, change)
        elif step == "announce" and unannounced:
            await cache(redis, unannounced)
            unannounced = []
            continue
        elif step == "announce again" and stored:
            await cache(redis, stored[-3:])
            continue
        elif step == "expire":
            await redis.delete(*recent.keys(conversation))
            continue
        else:
            page = await history.latest(sessions, redis, conversation, ALICE, limit)
            async with sessions() as session:
                truth = await Messages(session=session).before(conversation, 10**9, limit)
            assert page.messages == truth
            continue
        stored += new
        unannounced += new
