"""What waits in Redis, and who is at work on it: two round trips."""

import asyncio
from typing import Any, cast, get_args

import msgspec
from msgspec import Struct
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app import health
from app.inbox import streams
from app.inbox.accept import BELL_STREAM
from app.inbox.streams import PARTITIONS, Kind
from app.workers.broker import GROUP
from app.workers.errands import FAILED_TASKS, LAST_FAILURES, Failure

KINDS: tuple[Kind, ...] = get_args(Kind)


class Partition(Struct):
    """One stream of an inbox."""

    kind: Kind
    partition: int
    waiting: int
    """Entries that no worker has stored yet."""
    oldest_seconds: float
    """How long the first of them has waited; 0 when nothing waits. Beyond half a second, sweeps make good lost bells.
    """
    rung: bool
    """A worker has been called, and has not found it empty yet."""


class TaskFailures(Struct):
    """A task that has failed since Redis was last emptied. What it did not do, its next run does."""

    task: str
    times: int
    last_at: str
    last_error: str


class Inboxes(Struct):
    partitions: list[Partition]
    bells_waiting: int
    """Tasks that no worker has taken yet."""
    workers: list[health.Process]
    schedulers: list[health.Process]
    failures: list[TaskFailures]
    redis_bytes: int
    redis_limit_bytes: int
    """What Redis may take; 0 without a limit. When it is reached, sends are refused."""


async def read_inboxes(redis: "Redis") -> Inboxes:
    """Raises RedisError, OSError and TimeoutError."""
    places = [(kind, partition) for kind in KINDS for partition in range(PARTITIONS)]
    pipeline = redis.pipeline(transaction=False)
    for kind, partition in places:
        stream = streams.stream(kind, partition)
        pipeline.xlen(stream)
        pipeline.xrange(stream, count=1)
        pipeline.exists(streams.dirty_mark(kind, partition))
    pipeline.xinfo_groups(BELL_STREAM)
    pipeline.hgetall(FAILED_TASKS)
    pipeline.hgetall(LAST_FAILURES)
    pipeline.info("memory")
    pipeline.time()
    async with asyncio.timeout(health.PATIENCE_SECONDS):
        answers = await pipeline.execute(raise_on_error=False)
        workers, schedulers = await asyncio.gather(health.at_work(redis, "worker"), health.at_work(redis, "scheduler"))
    *of_partitions, groups, times, last, memory, (seconds, microseconds) = answers
    now_ms = seconds * 1000 + microseconds // 1000
    return Inboxes(
        partitions=[
            Partition(kind, number, waiting, age_of(head, now_ms), bool(rung))
            for (kind, number), (waiting, head, rung) in zip(places, in_threes(of_partitions), strict=True)
        ],
        bells_waiting=bells_in(groups),
        workers=workers,
        schedulers=schedulers,
        failures=[failures_of(task, int(count), last.get(task)) for task, count in sorted(times.items())],
        redis_bytes=memory["used_memory"],
        redis_limit_bytes=memory["maxmemory"],
    )


def in_threes(answers: list[Any]) -> "zip[tuple[Any, Any, Any]]":
    return zip(answers[::3], answers[1::3], answers[2::3], strict=True)


def age_of(head: list[tuple[bytes, Any]], now_ms: int) -> float:
    """Seconds since the entry was taken in, which its id says."""
    return max(0, now_ms - int(head[0][0].split(b"-")[0])) / 1000 if head else 0.0


def bells_in(groups: "list[dict[str, Any]] | RedisError") -> int:
    """0 while there is no stream of bells yet, as in an emptied Redis."""
    if isinstance(groups, RedisError):
        return 0
    return next((int(group["lag"] or 0) for group in groups if group["name"] == GROUP.encode()), 0)


def failures_of(task: bytes, times: int, last: bytes | None) -> TaskFailures:
    failure = msgspec.json.decode(last, type=Failure) if last else None
    at = cast("str", msgspec.to_builtins(failure.at)) if failure else ""
    return TaskFailures(task.decode(), times, at, failure.error if failure else "")
