"""Telling what is new, after its commit. Best effort: the list has it, and the minute's round pushes it."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError
from taskiq import TaskiqMessage, async_shared_broker

from app.domain.notices.schemas import NotificationFrame, NotificationsRead
from app.domain.notices.services.notifications import Notified
from app.domain.notices.tasks.pushes import DELIVER_PUSHES
from app.hub import events
from app.hub.events import Event
from app.inbox.accept import BELL_STREAM, BELLS_KEPT

PATIENCE_SECONDS = 1.0
"""How long a request that PostgreSQL has carried out waits for a Redis that does not answer."""

encode = msgspec.json.Encoder().encode
log = structlog.get_logger()


def announce(pipeline: "Pipeline", notified: Sequence[Notified]) -> None:
    """Queue the frames of what is listed, to all sockets of their readers, and the bell if anything is to be pushed."""
    by_reader: defaultdict[int, list[Event]] = defaultdict(list)
    for one in notified:
        if one.listed:
            frame = NotificationFrame(**msgspec.structs.asdict(one.notification))
            by_reader[one.user_id].append(_event(frame))
    for user_id, batch in by_reader.items():
        events.publish(pipeline, events.user(user_id), batch)
    if any(one.pushed for one in notified):
        pipeline.xadd(BELL_STREAM, {"data": bell()}, maxlen=BELLS_KEPT, approximate=True)


async def tell(redis: "Redis", notified: Sequence[Notified]) -> None:
    """`announce` for those without a pipeline of their own. Never fails its caller."""
    if notified:
        pipeline = redis.pipeline(transaction=False)
        announce(pipeline, notified)
        await _send(pipeline)


async def tell_read(redis: "Redis", user_id: int, read: NotificationsRead) -> None:
    """To all sockets of a reader, so that every device shows the same. Never fails its caller."""
    pipeline = redis.pipeline(transaction=False)
    events.publish(pipeline, events.user(user_id), [_event(read)])
    await _send(pipeline)


def bell() -> bytes:
    """The task's message in taskiq's own encoding, so that it can ride on the pipeline of whoever announces."""
    message = TaskiqMessage(task_id=DELIVER_PUSHES, task_name=DELIVER_PUSHES, labels={}, args=[], kwargs={})
    return async_shared_broker.formatter.dumps(message).message


def _event(frame: msgspec.Struct) -> Event:
    return Event(events.EPHEMERAL, encode(frame).decode())


async def _send(pipeline: "Pipeline") -> None:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await pipeline.execute()
    except (RedisError, OSError) as error:
        log.warning("Notifications were not told; they are in the list", error=repr(error))
