"""The worker's side of the inbox: everything that waits, in some partitions at once, in one PostgreSQL transaction.

Order of events, which the guarantee rests on: read, record, COMMIT, announce, delete. A worker that dies anywhere in
between leaves the entries in the stream; the next drain records them again, finds them already stored, and announces
the same outcome.
"""

import asyncio
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
from sqlalchemy import ARRAY, Integer, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app import metrics, origins, tracing
from app.inbox import streams, tempo
from app.inbox.batches import Batch, Entry, NotStorable, Outcome
from app.inbox.scripts import Script
from app.inbox.streams import LOCK_CLASS, Kind
from app.outages import is_outage

BATCH = 500
"""Entries in one transaction. Batches grow by themselves: what arrives during one commit is the next batch."""

TURNS = 2
"""Batches of one kind that a worker process stores at once. While one waits for PostgreSQL, the other is made."""

AT_ONCE = streams.PARTITIONS // TURNS
"""Partitions in one batch, at most. Those that wait for a turn take it together: the fewer and larger batches are, the
less each entry costs."""

SETTLE_SECONDS = 5.0
OVERDUE_MS = 500
"""An entry older than this has lost its bell, and the sweep drains it."""

T = TypeVar("T")
log = structlog.get_logger()
encode_replies = msgspec.msgpack.Encoder().encode
take_locks = text("""
    SELECT partition FROM unnest(:partitions) AS wanted (partition) WHERE pg_try_advisory_xact_lock(:kind, partition)
""").bindparams(bindparam("partitions", type_=ARRAY(Integer)))


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
        self._waiting: dict[int, None] = {}
        """Partitions that wait for a turn, in the order in which they came."""
        self._singly: dict[int, int] = {}
        """How many further entries of a partition are taken one by one."""

    async def run(self, *partitions: int) -> None:
        """Drain partitions until they are empty, or until another worker turns out to be at them.

        Whoever gets a turn takes all that wait for one along, so a partition may be drained by another's run. A batch
        that PostgreSQL refuses is gone through again entry by entry, so that one bad entry refuses only itself. During
        an outage this raises and leaves everything where it is; the sweep comes back to it.
        """
        self._waiting |= dict.fromkeys(partitions)
        while self._waiting:
            async with self._turns:
                if those := self._whose_turn():
                    await self._take_turn(those)

    def _whose_turn(self) -> list[int]:
        """Those that have waited longest; one that is gone through entry by entry goes alone."""
        those = list(self._waiting)[:1]
        if those and those[0] not in self._singly:
            those = [partition for partition in self._waiting if partition not in self._singly][:AT_ONCE]
        for partition in those:
            del self._waiting[partition]
        return those

    async def _take_turn(self, partitions: Sequence[int]) -> None:
        """Store and announce one batch. What is left of it waits for its next turn."""
        singly, begun = partitions[0] in self._singly, time_ns()
        share = 1 if singly else BATCH // len(partitions)
        try:
            batch = await self._store(partitions, share)
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("A batch could not be stored", kind=self.kind, partitions=partitions, share=share)
            if not singly:
                self._singly |= dict.fromkeys(partitions, BATCH)
                self._waiting |= dict.fromkeys(partitions)
                return
            batch = await self._refuse_first(partitions)
        committed = time_ns()
        self._waiting |= dict.fromkeys(await self._announce(batch, share))
        if singly:
            self._count_down(partitions[0])
        if batch.entries:
            self._tell(batch, begun, committed)

    def _count_down(self, partition: int) -> None:
        self._singly[partition] -= 1
        if not self._singly[partition] or partition not in self._waiting:
            del self._singly[partition]

    async def overdue(self) -> list[int]:
        """The partitions whose oldest entry has waited longer than a bell can take."""
        pipeline = self._redis.pipeline(transaction=False)
        for partition in range(streams.PARTITIONS):
            pipeline.xrange(streams.stream(self.kind, partition), count=1)
        pipeline.time()
        *heads, (seconds, microseconds) = await pipeline.execute()
        due = seconds * 1000 + microseconds // 1000 - OVERDUE_MS
        return [partition for partition, head in enumerate(heads) if head and int(head[0][0].split(b"-")[0]) < due]

    async def _store(self, partitions: Sequence[int], share: int) -> Batch[T]:
        """Record up to `share` entries of each partition that no other worker holds, and commit.

        The lock fences off a twin for the length of the transaction. A twin that read the same entries before and was
        frozen since does no harm: recording is idempotent, and listeners drop what they have seen.
        """
        async with self._sessions.begin() as session:
            wanted = {"kind": LOCK_CLASS[self.kind], "partitions": partitions}
            held = (await session.scalars(take_locks, wanted)).all()
            entries = await self._read(held, share)
            if not entries:
                return Batch(held)
            with origins.doing_work_of([entry.origin for entry in entries]):
                outcomes = await self._recorder.record(session, [entry.body for entry in entries])
        return Batch(held, entries, outcomes)

    async def _refuse_first(self, partitions: Sequence[int]) -> Batch[T]:
        entries = await self._read(partitions, 1)
        with origins.doing_work_of([entry.origin for entry in entries]):
            log.error("An entry cannot be stored, and is refused", kind=self.kind, partitions=partitions)
        return Batch(partitions, entries, [Outcome(refusal=NotStorable()) for _ in entries])

    async def _read(self, partitions: Sequence[int], share: int) -> list[Entry]:
        """The oldest of each, one partition after the other."""
        pipeline = self._redis.pipeline(transaction=False)
        for partition in partitions:
            pipeline.xrange(streams.stream(self.kind, partition), count=share)
        # redis-py's annotation spans every protocol and option; ours gives bytes.
        found = cast("list[list[tuple[bytes, dict[bytes, bytes]]]]", await pipeline.execute())
        return [
            Entry.read(partition, entry_id, fields)
            for partition, waiting in zip(partitions, found, strict=True)
            for entry_id, fields in waiting
        ]

    async def _announce(self, batch: Batch[T], share: int) -> list[int]:
        """Tell everyone concerned, then delete the entries: in one round trip, in that order.

        The partitions in which more waits. Of the others the mark is taken off; asked only where it looks so.
        """
        pipeline = self._redis.pipeline(transaction=False)
        if batch.entries:
            tempo.count(pipeline, self.kind, len(batch.entries) - batch.refused)
            self._recorder.announce(pipeline, batch.facts)
            for channel, replies in batch.replies().items():
                pipeline.publish(channel, encode_replies(replies))
        taken = batch.by_partition()
        deletions = [(streams.stream(self.kind, partition), ids) for partition, ids in taken.items() if ids]
        for stream, ids in deletions:
            pipeline.xdel(stream, *ids)
        looks_empty = [partition for partition, ids in taken.items() if len(ids) < share]
        for partition in looks_empty:
            self._settle.queue(pipeline, self._keys_of(partition))
        # A full Redis refuses the cache's writes and still takes the rest, so one error is not everybody's.
        results = await pipeline.execute(raise_on_error=False)
        essential = results[len(results) - len(deletions) - len(looks_empty) :]
        # Entries that could not be deleted would be drained over and over: that waits for the sweep.
        for result in essential:
            if isinstance(result, Exception) and not isinstance(result, NoScriptError):
                raise result
        settled = {
            partition: await self._settle(self._keys_of(partition)) if isinstance(result, NoScriptError) else result
            for partition, result in zip(looks_empty, essential[len(deletions) :], strict=True)
        }
        return [partition for partition in taken if not settled.get(partition)]

    def _keys_of(self, partition: int) -> list[str]:
        return [streams.stream(self.kind, partition), streams.dirty_mark(self.kind, partition)]

    def _tell(self, batch: Batch[T], begun: int, committed: int) -> None:
        """What the batch was, in figures, and in the traces of those whose entries it stored. Times in nanoseconds."""
        entries, refused, ended = batch.entries, batch.refused, time_ns()
        metrics.drain_entries.labels(self.kind).observe(len(entries))
        metrics.drain_seconds.labels(self.kind).observe((ended - begun) / 1e9)
        metrics.recorded.labels(self.kind, "stored").inc(len(entries) - refused)
        metrics.recorded.labels(self.kind, "refused").inc(refused)
        for entry in entries:
            if trace := origins.trace_in(entry.origin):
                tracing.tell("inbox store", trace, begun, committed, kind=self.kind, batch=len(entries))
                tracing.tell("inbox announce", trace, committed, ended, kind=self.kind)
