"""Accept and drain together, on real servers: the guarantee, one sentence at a time."""

import asyncio
from collections.abc import Sequence

import msgspec
import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from tests.conftest import BACKLOG

from app.domain.chat.rules import NotAMember
from app.domain.chat.schemas.entries import Draft
from app.domain.chat.schemas.events import MessageFrame
from app.domain.chat.services import sending
from app.errors import IdempotencyConflict
from app.inbox import streams
from app.inbox.accept import BELL_STREAM, Inbox, InboxFull, Throttled, Unconfirmed
from app.inbox.batches import NotStorable
from app.resources import Resources, Sessions, running
from app.workers.drains import Drains, sweep

pytestmark = pytest.mark.anyio
ALICE, BOB = 1, 2


async def send(
    inbox: Inbox, conversation: int, content: str, client_id: str, sender: int = ALICE
) -> "asyncio.Future[bytes]":
    return await sending.send(inbox, Draft(conversation, sender, client_id, content), throttle_ms=0)


async def stored(future: "asyncio.Future[bytes]") -> MessageFrame:
    return msgspec.json.decode(await future, type=MessageFrame)


async def rows(sessions: Sessions) -> Sequence[tuple[int, str]]:
    async with sessions() as session:
        found = await session.execute(text("SELECT seq, content FROM messages ORDER BY seq"))
        return [(row.seq, row.content) for row in found]


async def test_messages_are_numbered_from_one_in_the_order_in_which_they_were_sent(
    inbox: Inbox, drains: Drains, conversation: int, sessions: Sessions
) -> None:
    futures = [await send(inbox, conversation, f"message {n}", f"id-{n}") for n in range(1, 1201)]
    await drains["chat"].run(streams.partition_of(conversation))
    assert [(await stored(future)).message_id for future in futures] == list(range(1, 1201))
    assert await rows(sessions) == [(n, f"message {n}") for n in range(1, 1201)]


async def test_nothing_is_acknowledged_before_it_is_drained(inbox: Inbox, drains: Drains, conversation: int) -> None:
    future = await send(inbox, conversation, "hello", "a")
    await asyncio.sleep(0.1)
    assert not future.done()
    await drains["chat"].run(streams.partition_of(conversation))
    assert (await stored(future)).message == "hello"


async def test_the_same_client_id_gives_the_same_message_and_creates_nothing(
    inbox: Inbox, drains: Drains, conversation: int, sessions: Sessions
) -> None:
    partition = streams.partition_of(conversation)
    together = [await send(inbox, conversation, "hello", "a") for _ in range(3)]
    await drains["chat"].run(partition)
    later = await send(inbox, conversation, "hello", "a")
    await drains["chat"].run(partition)
    answers = {await future for future in [*together, later]}
    assert len(answers) == 1
    assert await rows(sessions) == [(1, "hello")]


async def test_the_same_client_id_with_another_text_is_a_conflict(
    inbox: Inbox, drains: Drains, conversation: int, sessions: Sessions
) -> None:
    first = await send(inbox, conversation, "hello", "a")
    second = await send(inbox, conversation, "goodbye", "a")
    await drains["chat"].run(streams.partition_of(conversation))
    await first
    with pytest.raises(IdempotencyConflict):
        await second
    assert await rows(sessions) == [(1, "hello")]


async def test_two_people_may_use_the_same_client_id(
    inbox: Inbox, drains: Drains, conversation: int, sessions: Sessions
) -> None:
    await send(inbox, conversation, "from alice", "1", ALICE)
    await send(inbox, conversation, "from bob", "1", BOB)
    await drains["chat"].run(streams.partition_of(conversation))
    assert await rows(sessions) == [(1, "from alice"), (2, "from bob")]


async def test_an_outsider_is_refused_and_uses_up_no_number(
    inbox: Inbox, drains: Drains, conversation: int, sessions: Sessions
) -> None:
    outsider = await send(inbox, conversation, "let me in", "x", sender=99)
    member = await send(inbox, conversation, "hello", "a")
    await drains["chat"].run(streams.partition_of(conversation))
    with pytest.raises(NotAMember):
        await outsider
    assert (await stored(member)).message_id == 1
    assert await rows(sessions) == [(1, "hello")]


async def test_a_worker_that_died_between_commit_and_delete_leaves_no_double(
    inbox: Inbox, drains: Drains, conversation: int, redis: "Redis", sessions: Sessions
) -> None:
    partition = streams.partition_of(conversation)
    stream = streams.stream("chat", partition)
    first = await send(inbox, conversation, "hello", "a")
    entries = await redis.xrange(stream)
    await drains["chat"].run(partition)
    number = (await stored(first)).message_id
    # What a worker leaves behind that dies right after its commit: the entry, as if never drained.
    await redis.xadd(stream, entries[0][1])  # type: ignore[index, arg-type]  # redis-py: any protocol
    await drains["chat"].run(partition)
    second = await send(inbox, conversation, "again", "b")
    await drains["chat"].run(partition)
    assert (number, (await stored(second)).message_id) == (1, 2)
    assert await rows(sessions) == [(1, "hello"), (2, "again")]
    assert await redis.xlen(stream) == 0


async def test_two_drains_of_one_partition_at_once_store_everything_once(
    inbox: Inbox, drains: Drains, conversation: int, sessions: Sessions
) -> None:
    futures = [await send(inbox, conversation, f"message {n}", f"id-{n}") for n in range(1, 701)]
    partition = streams.partition_of(conversation)
    await asyncio.gather(*[drains["chat"].run(partition) for _ in range(4)])
    assert [(await stored(future)).message_id for future in futures] == list(range(1, 701))
    assert len(await rows(sessions)) == 700


async def test_an_entry_that_cannot_be_stored_refuses_only_itself(
    inbox: Inbox, drains: Drains, conversation: int, poison: str
) -> None:
    good = [await send(inbox, conversation, f"before {n}", f"b{n}") for n in range(3)]
    bad = await send(inbox, conversation, poison, "p")
    good += [await send(inbox, conversation, f"after {n}", f"a{n}") for n in range(3)]
    await drains["chat"].run(streams.partition_of(conversation))
    assert [(await stored(future)).message_id for future in good] == [1, 2, 3, 4, 5, 6]
    with pytest.raises(NotStorable):
        await bad


async def test_a_bell_rings_once_until_its_partition_was_found_empty(
    inbox: Inbox, drains: Drains, conversation: int, redis: "Redis"
) -> None:
    for n in range(3):
        await send(inbox, conversation, "hello", f"{n}")
    assert await redis.xlen(BELL_STREAM) == 1
    await drains["chat"].run(streams.partition_of(conversation))
    await send(inbox, conversation, "hello", "later")
    assert await redis.xlen(BELL_STREAM) == 2


async def test_a_lost_bell_is_made_good_by_the_sweep(
    inbox: Inbox, drains: Drains, conversation: int, redis: "Redis"
) -> None:
    future = await send(inbox, conversation, "hello", "a")
    await redis.delete(BELL_STREAM)
    async with running(sweep(drains.values())), asyncio.timeout(3):
        assert (await stored(future)).message_id == 1


async def test_a_second_message_within_the_throttle_is_refused(inbox: Inbox, conversation: int) -> None:
    await sending.send(inbox, Draft(conversation, ALICE, "a", "hello"), throttle_ms=1000)
    with pytest.raises(Throttled, match=r"^You are sending messages too fast\. Please wait a moment\.$") as refusal:
        await sending.send(inbox, Draft(conversation, ALICE, "b", "hello"), throttle_ms=1000)
    assert refusal.value.retry_after == 1
    await sending.send(inbox, Draft(conversation, BOB, "c", "hello"), throttle_ms=1000)


async def test_a_full_partition_refuses_without_using_up_the_slot(
    inbox: Inbox, conversation: int, redis: "Redis"
) -> None:
    stream = streams.stream("chat", streams.partition_of(conversation))
    pipeline = redis.pipeline(transaction=False)
    for _ in range(BACKLOG):
        pipeline.xadd(stream, {"entry": b"", "reply": b"/"})
    await pipeline.execute()
    with pytest.raises(InboxFull):
        await sending.send(inbox, Draft(conversation, ALICE, "a", "hello"), throttle_ms=60_000)
    await redis.delete(stream)
    await sending.send(inbox, Draft(conversation, ALICE, "a", "hello"), throttle_ms=60_000)


async def test_a_reply_that_never_comes_ends_the_wait(resources: Resources, conversation: int) -> None:
    bells = {("chat", streams.partition_of(conversation)): b"bell"}
    impatient = Inbox(resources.redis, bells, backlog=10, patience=0.05)  # type: ignore[arg-type]  # Literal keys
    future = await send(impatient, conversation, "hello", "a")
    with pytest.raises(Unconfirmed):
        await future


async def test_a_full_redis_refuses_instead_of_losing(inbox: Inbox, conversation: int, redis: "Redis") -> None:
    used = (await redis.info("memory"))["used_memory"]
    before = str((await redis.config_get("maxmemory"))["maxmemory"])
    await redis.config_set("maxmemory", used // 2)
    try:
        with pytest.raises(InboxFull):
            await send(inbox, conversation, "hello", "a")
    finally:
        await redis.config_set("maxmemory", before)
    await send(inbox, conversation, "hello", "a")
