"""How much is stored, minute by minute."""

import msgspec
import pytest
from redis.asyncio import Redis

from app.domain.chat.schemas.entries import Draft
from app.inbox import streams, tempo
from app.inbox.accept import Inbox
from app.workers.drains import Drains

pytestmark = pytest.mark.anyio
ALICE, STRANGER = 1, 17


async def test_what_is_stored_is_counted_in_its_minute_and_what_is_refused_is_not(
    inbox: Inbox, drains: Drains, conversation: int, redis: "Redis"
) -> None:
    assert await tempo.read(redis, "chat") == [0] * tempo.MINUTES
    for sender, times in ((ALICE, 3), (STRANGER, 2)):
        for n in range(times):
            draft = Draft(conversation, sender, f"id-{n}", "hello")
            await inbox.submit("chat", conversation, msgspec.msgpack.encode(draft))
    await drains["chat"].run(streams.partition_of(conversation))
    minutes = await tempo.read(redis, "chat")
    assert sum(minutes) == sum(minutes[-2:]) == 3  # The minute may have ended meanwhile.
    assert sum(await tempo.read(redis, "game")) == 0


async def test_it_is_forgotten_after_an_hour(redis: "Redis", clean: None) -> None:
    pipeline = redis.pipeline(transaction=False)
    for _ in range(2):
        tempo.count(pipeline, "game", 2)
    await pipeline.execute()
    assert sum(await tempo.read(redis, "game")) == 4
    assert 0 < await redis.ttl(tempo.mark("game", tempo.this_minute())) <= tempo.KEPT_SECONDS
