"""The API's side of the inbox: take an entry in, and let its request wait for the reply.

*Taken in* is not *stored*: the only acknowledgement is the reply, which a worker sends after PostgreSQL has committed.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import count
from uuid import uuid4

import msgspec
from redis.asyncio import Redis
from redis.exceptions import OutOfMemoryError, RedisError

from app import metrics, origins, tracing
from app.errors import AppError, TooManyRequests, Unavailable
from app.inbox import streams
from app.inbox.scripts import Script
from app.inbox.streams import Kind

BELL_STREAM = "bell"
"""taskiq's own stream, through which drains and all other tasks reach the workers."""

BELLS_KEPT = 10_000
"""The bell's stream is trimmed to about so many; a bell that is lost is made good by the workers' sweep."""

MS_PER_SECOND = 1000


class Throttled(TooManyRequests):
    """The sentence is document C's, to the letter."""

    code = "throttled"
    detail = "You are sending messages too fast. Please wait a moment."


class InboxFull(Unavailable):
    code = "inbox_full"
    detail = "Too much is waiting to be stored. Nothing was accepted; try again in a moment."


@dataclass(frozen=True, slots=True)
class Slot:
    """One entry for this name in so many milliseconds; further ones are refused."""

    name: str
    milliseconds: int


class Unconfirmed(Unavailable):
    code = "unconfirmed"
    detail = "This was accepted, but not confirmed in time. Send it again under the same id: it is stored once."


class Reply(msgspec.Struct, array_like=True):
    """What became of one entry: the code of an error, or nothing and what the slice answers."""

    ticket: str
    refusal: str | None
    body: bytes


decode_replies = msgspec.msgpack.Decoder(list[Reply]).decode


class Inbox:
    """One per API process. Whatever listens on `channel` hands its payloads to `deliver`."""

    def __init__(
        self, redis: "Redis", bells: Mapping[tuple[Kind, int], bytes], *, backlog: int, patience: float
    ) -> None:
        """`bells` holds the encoded taskiq message for each partition; `backlog` limits the entries in one.

        `patience` is how many seconds a reply may take.
        """
        self.channel = streams.replies(uuid4().hex)
        self._bells = bells
        self._backlog = backlog
        self._patience = patience
        self._accept = Script(redis, files("app.inbox") / "accept.lua", patience=patience)
        self._waiting: dict[str, asyncio.Future[bytes]] = {}
        self._tickets = count(1)

    async def submit(self, kind: Kind, key: int, entry: bytes, slot: Slot | None = None) -> "asyncio.Future[bytes]":
        """Take an entry in; the future becomes the worker's answer, or raises the error that it named.

        Entries with the same `key` submitted one after the other are stored in that order. Without a reply in time,
        as when Redis loses the entry, the future raises Unconfirmed.

        Raises Throttled or InboxFull when the entry is not taken in, and Unavailable when nobody can know. Sending it
        again under the same idempotency key is right in every case.
        """
        ticket = str(next(self._tickets))
        loop = asyncio.get_running_loop()
        future = self._waiting[ticket] = loop.create_future()
        timer = loop.call_later(self._patience, give_up, future)

        def forget(settled: "asyncio.Future[bytes]") -> None:
            timer.cancel()
            del self._waiting[ticket]
            if not settled.cancelled():
                settled.exception()  # asyncio would warn of one that nobody asks for; whoever sent it may be gone.

        future.add_done_callback(forget)
        try:
            await self._take_in(kind, streams.partition_of(key), entry, f"{self.channel}/{ticket}", slot)
        except BaseException:
            future.cancel()
            raise
        return future

    async def _take_in(self, kind: Kind, partition: int, entry: bytes, reply: str, slot: Slot | None) -> None:
        keys = [streams.stream(kind, partition), streams.dirty_mark(kind, partition), BELL_STREAM]
        if slot and slot.milliseconds:
            keys.append(streams.throttle_mark(kind, partition, slot.name))
        bell, pause_ms = self._bells[kind, partition], slot.milliseconds if slot else 0
        try:
            with tracing.span("inbox accept", "PRODUCER"):
                arguments = (entry, reply, bell, self._backlog, pause_ms, BELLS_KEPT, origins.current())
                wait_ms: int = await self._accept(keys, *arguments)
        except OutOfMemoryError as error:
            metrics.refused.labels(kind, "redis_full").inc()
            raise InboxFull from error
        except (RedisError, OSError) as error:
            metrics.refused.labels(kind, "redis_away").inc()
            raise Unavailable from error
        if wait_ms < 0:
            metrics.refused.labels(kind, "backlog").inc()
            raise InboxFull
        if wait_ms > 0:
            metrics.refused.labels(kind, "throttle").inc()
            raise Throttled(retry_after=-(-wait_ms // MS_PER_SECOND))
        metrics.accepted.labels(kind).inc()

    def deliver(self, payload: bytes) -> None:
        """Settle the futures that a batch of replies answers. Replies nobody waits for any more are dropped."""
        for reply in decode_replies(payload):
            future = self._waiting.get(reply.ticket)
            if future is None or future.done():
                continue
            if reply.refusal is None:
                future.set_result(reply.body)
            else:
                future.set_exception(AppError.named(reply.refusal, reply.body.decode()))


def give_up(future: "asyncio.Future[bytes]") -> None:
    if not future.done():
        metrics.replies_late.inc()
        future.set_exception(Unconfirmed())
