"""The worker's side of the inbox: everything that waits in a partition, in one PostgreSQL transaction.

Order of events, which the guarantee rests on: read, record, COMMIT, announce, delete. A worker that dies anywhere in
between leaves the entries in the stream; the next drain records them again, finds them already stored, and announces
the same outcome.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from time import time_ns
from typing import Generic, TypeVar, cast

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import NoScriptError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app import metrics, origins, tracing
from app.errors import AppError
from app.inbox import streams, tempo
from app.inbox.accept import Reply
from app.inbox.scripts import Script
from app.inbox.streams import LOCK_CLASS, Kind
from app.outages import is_outage

BATCH = 500
"""Entries in one transaction. Batches grow by themselves: what arrives during one commit is the next batch."""

TURNS = 2
"""Batches of one kind that a worker process stores at once, the partitions taking turns. While some wait, their batches
grow, which stores more with less: 4,000 messages a second on two cores, where sixteen at once stored 2,800."""

SETTLE_SECONDS = 5.0
OVERDUE_MS = 500
"""An entry older than this has lost its bell, and the sweep drains it."""

T = TypeVar("T")
log = structlog.get_logger()
encode_replies = msgspec.msgpack.Encoder().encode
take_lock = text("SELECT pg_try_advisory_xact_lock(:kind, :partition)")


class NotStorable(AppError):
    """An entry that passed validation and that PostgreSQL still refuses: a defect of ours, named to its sender."""

    status = 422
    code = "not_storable"
    detail = "This could not be stored, and would not be if sent again."


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of one entry: the fact that was recorded (now or earlier), or the error that refused it."""

    reply: bytes = b""
    fact: T | None = None
    refusal: AppError | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    id: bytes
    body: bytes
    reply_to: str
    origin: str


Stored = tuple[Sequence[Entry], Sequence[Outcome[T]]]


@dataclass(frozen=True)
class Recorder(Generic[T]):
    """What a slice brings to the drain of its kind.

    `record` stores a batch in order, inside the transaction it is given, and returns one outcome for each entry.
    `announce` queues what others should hear onto a pipeline that is sent after the commit; it may run twice.
    """

    kind: Kind
    record: Callable[[AsyncSession, Sequence[bytes]], Awaitable[Sequence[Outcome[T]]]]
    announce: Callable[["Pipeline", Sequence[T]], None]


class Drain(Generic[T]):
    def __init__(self, redis: "Redis", sessions: async_sessionmaker[AsyncSession], recorder: Recorder[T]) -> None:
        self.kind = recorder.kind
        self._redis = redis
        self._sessions = sessions
        self._recorder = recorder
        self._settle = Script(redis, files("app.inbox") / "settle.lua", patience=SETTLE_SECONDS)
        self._turns = asyncio.Semaphore(TURNS)

    async def run(self, partition: int) -> None:
        """Drain a partition until it is empty, or until another worker turns out to be at it.

        A batch that PostgreSQL refuses is gone through again entry by entry, so that one bad entry refuses only itself.
        During an outage this raises and leaves everything where it is; the sweep comes back to it.
        """
        more, singly = True, 0
        while more:
            async with self._turns:
                more, singly = await self._take_turn(partition, singly)

    async def _take_turn(self, partition: int, singly: int) -> tuple[bool, int]:
        """Store and announce one batch. Whether there is more, and how many further entries to take one by one."""
        size, begun = 1 if singly else BATCH, time_ns()
        try:
            stored = await self._store(partition, size)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("A batch could not be stored", kind=self.kind, partition=partition, size=size)
            if size > 1:
                return True, BATCH
            stored = await self._refuse_first(partition)
        if stored is None:
            return False, 0
        entries, outcomes = stored
        committed = time_ns()
        empty = await self._announce(partition, entries, outcomes, looks_empty=len(entries) < size)
        if entries:
            self._tell(entries, outcomes, begun, committed)
        return not empty, max(0, singly - 1)

    async def overdue(self) -> list[int]:
        """The partitions whose oldest entry has waited longer than a bell can take."""
        pipeline = self._redis.pipeline(transaction=False)
        for partition in range(streams.PARTITIONS):
            pipeline.xrange(streams.stream(self.kind, partition), count=1)
        pipeline.time()
        *heads, (seconds, microseconds) = await pipeline.execute()
        due = seconds * 1000 + microseconds // 1000 - OVERDUE_MS
        return [partition for partition, head in enumerate(heads) if head and int(head[0][0].split(b"-")[0]) < due]

    async def _store(self, partition: int, size: int) -> Stored[T] | None:
        """Record up to `size` entries and commit. None when another worker holds the partition.

        The lock fences off a twin for the length of the transaction. A twin that read the same entries before and was
        frozen since does no harm: recording is idempotent, and listeners drop what they have seen.
        """
        async with self._sessions.begin() as session:
            if not await session.scalar(take_lock, {"kind": LOCK_CLASS[self.kind], "partition": partition}):
                return None
            entries = await self._read(partition, size)
            if not entries:
                return entries, []
            with origins.doing_work_of([entry.origin for entry in entries]):
                return entries, await self._recorder.record(session, [entry.body for entry in entries])

    async def _refuse_first(self, partition: int) -> Stored[T]:
        entries = await self._read(partition, 1)
        with origins.doing_work_of([entry.origin for entry in entries]):
            log.error("An entry cannot be stored, and is refused", kind=self.kind, partition=partition)
        return entries, [Outcome(refusal=NotStorable()) for _ in entries]

    async def _read(self, partition: int, size: int) -> list[Entry]:
        # redis-py's annotation spans every protocol and option; ours gives bytes.
        raw = cast(
            "list[tuple[bytes, dict[bytes, bytes]]]",
            await self._redis.xrange(streams.stream(self.kind, partition), count=size),
        )
        return [
            # An entry that a process of the version before has taken in has no origin.
            Entry(entry_id, fields[b"entry"], fields[b"reply"].decode(), fields.get(b"origin", b"").decode())
            for entry_id, fields in raw
        ]

    async def _announce(
        self, partition: int, entries: Sequence[Entry], outcomes: Sequence[Outcome[T]], *, looks_empty: bool
    ) -> bool:
        """Tell everyone concerned, then delete the entries: in one round trip, in that order.

        Whether the partition is empty and its mark taken off; asked only if it looks so.
        """
        stream, mark = streams.stream(self.kind, partition), streams.dirty_mark(self.kind, partition)
        pipeline = self._redis.pipeline(transaction=False)
        if entries:
            tempo.count(pipeline, self.kind, partition, sum(outcome.refusal is None for outcome in outcomes))
            self._recorder.announce(pipeline, [outcome.fact for outcome in outcomes if outcome.fact is not None])
            queue_replies(pipeline, entries, outcomes)
            pipeline.xdel(stream, *[entry.id for entry in entries])
        if looks_empty:
            self._settle.queue(pipeline, [stream, mark])
        # A full Redis refuses the cache's writes and still takes the rest, so one error is not everybody's.
        results = await pipeline.execute(raise_on_error=False)
        settled = results.pop() if looks_empty else False
        if isinstance(settled, NoScriptError):
            settled = await self._settle([stream, mark])
        # Entries that could not be deleted would be drained over and over: that waits for the sweep.
        for essential in (*results[-1:], settled):
            if isinstance(essential, Exception):
                raise essential
        return bool(settled)

    def _tell(self, entries: Sequence[Entry], outcomes: Sequence[Outcome[T]], begun: int, committed: int) -> None:
        """What the batch was, in figures, and in the traces of those whose entries it stored. Times in nanoseconds."""
        ended, refused = time_ns(), sum(outcome.refusal is not None for outcome in outcomes)
        metrics.drain_entries.labels(self.kind).observe(len(entries))
        metrics.drain_seconds.labels(self.kind).observe((ended - begun) / 1e9)
        metrics.recorded.labels(self.kind, "stored").inc(len(entries) - refused)
        metrics.recorded.labels(self.kind, "refused").inc(refused)
        for entry in entries:
            if trace := origins.trace_in(entry.origin):
                tracing.tell("inbox store", trace, begun, committed, kind=self.kind, batch=len(entries))
                tracing.tell("inbox announce", trace, committed, ended, kind=self.kind)


def queue_replies(pipeline: "Pipeline", entries: Sequence[Entry], outcomes: Sequence[Outcome[T]]) -> None:
    """One message to each API process, with all that its clients wait for."""
    replies: defaultdict[str, list[Reply]] = defaultdict(list)
    for entry, outcome in zip(entries, outcomes, strict=True):
        channel, _, ticket = entry.reply_to.partition("/")
        replies[channel].append(as_reply(ticket, outcome))
    for channel, batch in replies.items():
        pipeline.publish(channel, encode_replies(batch))


def as_reply(ticket: str, outcome: Outcome[T]) -> Reply:
    if outcome.refusal:
        return Reply(ticket, outcome.refusal.code, outcome.refusal.detail.encode())
    return Reply(ticket, None, outcome.reply)
