"""Fan-out on real servers: whatever pub/sub loses, doubles or jumbles, a socket hears each once and in order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from sqlalchemy import text
from tests.conftest import Newcomer

from app.domain.chat.schemas.entries import Draft
from app.domain.chat.schemas.events import MessageFrame
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.journal import as_event
from app.domain.chat.services.messages import Messages
from app.hub import events, fanout
from app.hub.events import Event
from app.hub.fanout import Hub
from app.hub.outbox import Outbox
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ALICE, BOB = 1, 2


class Listener:
    """A socket's far end: what arrived, by number."""

    def __init__(self, owner: int = ALICE) -> None:
        self.frames: list[str] = []
        self.closed: tuple[int, str] | None = None
        self.outbox = Outbox(owner, self._receive, self._close)

    async def _receive(self, frame: str) -> None:
        self.frames.append(frame)

    async def _close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)

    @property
    def numbers(self) -> list[int]:
        return [msgspec.json.decode(frame, type=MessageFrame).message_id for frame in self.frames]

    async def heard(self, count: int, seconds: float = 5) -> None:
        async with asyncio.timeout(seconds):
            while len(self.frames) < count:
                await asyncio.sleep(0.005)


OpenListener = Callable[[], Awaitable[Listener]]
Store = Callable[[int], Awaitable[list[Event]]]


@pytest.fixture
async def listener() -> AsyncIterator[OpenListener]:
    async with AsyncExitStack() as stack:

        async def open_one() -> Listener:
            opened = Listener()
            await stack.enter_async_context(opened.outbox.sending())
            return opened

        yield open_one


@pytest.fixture
async def channel(newcomer: Newcomer, sessions: Sessions) -> str:
    async with sessions.begin() as session:
        opened, _ = await Conversations(session=session).open_direct(await newcomer("alice"), await newcomer("bob"))
    return events.conversation(opened.id)


@pytest.fixture
def store(sessions: Sessions, channel: str) -> Store:
    """Stores so many further messages, and announces none of them."""
    stored = 0

    async def store_more(count: int) -> list[Event]:
        nonlocal stored
        conversation = int(channel.split(":")[1])
        drafts = [Draft(conversation, ALICE, f"id-{stored + n}", f"message {stored + n}") for n in range(count)]
        stored += count
        async with sessions.begin() as session:
            outcomes = await Messages(session=session).record([msgspec.msgpack.encode(draft) for draft in drafts])
        return [as_event(outcome.fact) for outcome in outcomes if outcome.fact]

    return store_more


async def announce(redis: "Redis", channel: str, batch: list[Event]) -> None:
    pipeline = redis.pipeline(transaction=False)
    events.publish(pipeline, channel, batch)
    await pipeline.execute()


async def test_a_socket_hears_what_is_announced_after_it_joined(
    hub: Hub, listener: OpenListener, channel: str, store: Store, redis: "Redis"
) -> None:
    await store(3)
    alice = await listener()
    assert await hub.join(channel, alice.outbox) == 3
    await announce(redis, channel, await store(2))
    await alice.heard(2)
    assert alice.numbers == [4, 5]


async def test_with_a_position_it_first_gets_what_it_missed(
    hub: Hub, listener: OpenListener, channel: str, store: Store, redis: "Redis"
) -> None:
    await store(450)
    alice = await listener()
    assert await hub.join(channel, alice.outbox, after=7) == 450
    await announce(redis, channel, await store(1))
    await alice.heard(444)
    assert alice.numbers == list(range(8, 452))


async def test_a_gap_is_read_from_the_journal_before_what_came_after_it(
    hub: Hub, listener: OpenListener, channel: str, store: Store, redis: "Redis"
) -> None:
    alice = await listener()
    await hub.join(channel, alice.outbox)
    batch = await store(5)
    await announce(redis, channel, batch[3:])
    await alice.heard(5)
    assert alice.numbers == [1, 2, 3, 4, 5]


async def test_a_repeat_is_dropped(
    hub: Hub, listener: OpenListener, channel: str, store: Store, redis: "Redis"
) -> None:
    alice = await listener()
    await hub.join(channel, alice.outbox)
    batch = await store(3)
    for _ in range(3):
        await announce(redis, channel, batch)
    await announce(redis, channel, await store(1))
    await alice.heard(4)
    assert alice.numbers == [1, 2, 3, 4]


async def test_what_was_never_announced_is_found_by_the_regular_check(
    hub: Hub, listener: OpenListener, channel: str, store: Store
) -> None:
    alice = await listener()
    await hub.join(channel, alice.outbox)
    await store(2)
    await alice.heard(2, fanout.CHECK_SECONDS + 2)
    assert alice.numbers == [1, 2]


async def test_what_was_announced_while_redis_dropped_us_is_made_good(
    hub: Hub, listener: OpenListener, channel: str, store: Store, redis: "Redis"
) -> None:
    alice = await listener()
    await hub.join(channel, alice.outbox)
    await redis.client_kill_filter(_type="pubsub")
    await announce(redis, channel, await store(1))
    await alice.heard(1, fanout.CHECK_SECONDS + 2)
    await announce(redis, channel, await store(1))
    await alice.heard(2)
    assert alice.numbers == [1, 2]


async def test_many_sockets_joining_at_once_while_messages_pour_in_all_hear_everything(
    hub: Hub, listener: OpenListener, channel: str, store: Store, redis: "Redis"
) -> None:
    """The fault that ruled out Litestar's ChannelsPlugin: concurrent first subscriptions lost most of what was sent."""
    listeners = [await listener() for _ in range(50)]

    async def pour() -> None:
        for _ in range(40):
            await announce(redis, channel, await store(5))

    await asyncio.gather(pour(), *[hub.join(channel, one.outbox, after=0) for one in listeners])
    for one in listeners:
        await one.heard(200)
        assert one.numbers == list(range(1, 201))


async def test_an_event_outside_the_sequence_reaches_everyone_there(
    hub: Hub, listener: OpenListener, channel: str, redis: "Redis"
) -> None:
    alice, bob = await listener(), await listener()
    await hub.join(channel, alice.outbox)
    await hub.join(channel, bob.outbox)
    await announce(redis, channel, [Event(events.EPHEMERAL, "typing")])
    await alice.heard(1)
    await bob.heard(1)
    assert alice.frames == bob.frames == ["typing"]


async def test_who_left_a_channel_hears_no_more_of_it(
    hub: Hub, listener: OpenListener, channel: str, store: Store, redis: "Redis"
) -> None:
    alice, bob = await listener(), await listener()
    await hub.join(channel, alice.outbox)
    await hub.join(channel, bob.outbox)
    await hub.leave(channel, alice.outbox)
    await announce(redis, channel, await store(1))
    await bob.heard(1)
    assert alice.frames == []


async def test_the_last_socket_to_leave_ends_the_subscription(
    hub: Hub, listener: OpenListener, channel: str, redis: "Redis"
) -> None:
    alice = await listener()
    await hub.join(channel, alice.outbox)
    assert (await redis.pubsub_numsub(channel))[0][1] == 1
    await hub.leave(channel, alice.outbox)
    async with asyncio.timeout(2):
        while (await redis.pubsub_numsub(channel))[0][1]:
            await asyncio.sleep(0.01)


async def test_who_is_no_longer_a_member_is_put_off_the_channel(
    hub: Hub, listener: OpenListener, channel: str, sessions: Sessions
) -> None:
    alice = await listener()
    evicted: list[str] = []
    await hub.join(channel, alice.outbox, evicted=evicted.append)
    async with sessions.begin() as session:
        await session.execute(text("UPDATE members SET left_at = now() WHERE user_id = 1"))
    async with asyncio.timeout(fanout.CHECK_SECONDS + 2):
        while not evicted:
            await asyncio.sleep(0.02)
    assert evicted == [channel]


@pytest.mark.parametrize("whom", [ALICE, None])
async def test_who_is_put_off_hears_nothing_of_what_is_announced_right_after(
    hub: Hub, listener: OpenListener, channel: str, store: Store, redis: "Redis", whom: int | None
) -> None:
    """Neither those who were on it, nor who was still reading what they missed."""
    await store(3)
    alice, resuming, bob = await listener(), await listener(), await listener()
    bob.outbox.owner = BOB
    evicted: list[str] = []
    await hub.join(channel, alice.outbox, evicted=evicted.append)
    await hub.join(channel, bob.outbox, evicted=evicted.append if whom is None else None)
    resuming.outbox._room.clear()  # noqa: SLF001  a reader who does not read on
    resumed = asyncio.create_task(hub.join(channel, resuming.outbox, after=0, evicted=evicted.append))
    await asyncio.sleep(0.1)
    pipeline = redis.pipeline(transaction=False)
    events.put_off(pipeline, channel, whom)
    events.publish(pipeline, channel, await store(1))
    events.publish(pipeline, "everybody else", [Event(events.EPHEMERAL, "after it")])
    await hub.join("everybody else", alice.outbox)
    await pipeline.execute()
    await alice.heard(1)
    resuming.outbox._room.set()  # noqa: SLF001
    await resumed
    await announce(redis, channel, await store(1))
    await announce(redis, "everybody else", [Event(events.EPHEMERAL, "after that")])
    await alice.heard(2)
    await bob.heard(0 if whom is None else 2)
    assert alice.frames == ["after it", "after that"]
    assert not {4, 5} & set(resuming.numbers)
    assert bob.numbers == ([] if whom is None else [4, 5])
    assert evicted == [channel] * (3 if whom is None else 2)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, 11), max_size=30))
async def test_however_announcements_are_lost_doubled_and_jumbled_each_comes_once_and_in_order(
    hub: Hub, listener: OpenListener, channel: str, store: Store, redis: "Redis", order: list[int]
) -> None:
    alice = await listener()
    start = await hub.join(channel, alice.outbox)
    batch = await store(12)
    for index in order:
        await announce(redis, channel, [batch[index]])
    await announce(redis, channel, [batch[-1]])
    await alice.heard(12)
    await hub.leave(channel, alice.outbox)
    assert alice.numbers == list(range(start + 1, start + 13))
