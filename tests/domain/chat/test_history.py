"""Redis never answers differently from PostgreSQL."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from sqlalchemy import text

from app.domain.chat.rules import CACHED_MESSAGES, NotAMember
from app.domain.chat.schemas import Draft, MessageFrame
from app.domain.chat.services import history, recent
from app.domain.chat.services.messages import Messages
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ALICE = 1
STEPS = ["store", "store and cache", "expire", "evict one", "read"]


async def store(sessions: Sessions, conversation: int, first: int, count: int) -> list[MessageFrame]:
    drafts = [Draft(conversation, ALICE, f"id-{n}", f"message {n}") for n in range(first, first + count)]
    async with sessions.begin() as session:
        outcomes = await Messages(session=session).record([msgspec.msgpack.encode(draft) for draft in drafts])
    return [outcome.fact for outcome in outcomes if outcome.fact]


async def cache(redis: "Redis", messages: list[MessageFrame]) -> None:
    pipeline = redis.pipeline(transaction=False)
    recent.remember(pipeline, messages)
    await pipeline.execute()


async def test_the_last_hundred_come_from_redis(conversation: int, sessions: Sessions, redis: "Redis") -> None:
    await cache(redis, await store(sessions, conversation, 1, 250))
    page = await history.latest(sessions, redis, conversation, ALICE, 100)
    assert page.source == "redis"
    assert [message.message_id for message in page.messages] == list(range(151, 251))
    assert await redis.zcard(recent.key(conversation)) == CACHED_MESSAGES
    assert 86_000 < await redis.ttl(recent.key(conversation)) <= 86_400


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


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.sampled_from(["store", "store and cache", "expire", "evict one", "read"]), min_size=1, max_size=12
    ),
    limit=st.integers(1, 100),
)
async def test_whatever_becomes_of_the_cache_it_answers_as_the_database_does(
    conversation: int, sessions: Sessions, redis: "Redis", steps: list[str], limit: int
) -> None:
    async with sessions.begin() as session:
        await session.execute(text("TRUNCATE messages"))
        await session.execute(text("UPDATE conversations SET last_seq = 0"))
    await redis.flushall()
    total = 0
    for step in [*steps, "read"]:
        if step.startswith("store"):
            messages = await store(sessions, conversation, total + 1, 7)
            total += 7
            if step.endswith("cache"):
                await cache(redis, messages)
        elif step == "expire":
            await redis.delete(recent.key(conversation))
        elif step == "evict one":
            await redis.zremrangebyrank(recent.key(conversation), 1, 1)
        else:
            page = await history.latest(sessions, redis, conversation, ALICE, limit)
            async with sessions() as session:
                truth = await Messages(session=session).before(conversation, total + 1, limit)
            assert page.messages == truth
