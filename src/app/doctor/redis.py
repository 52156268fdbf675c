"""Redis: is it there, does it keep what it is given and refuse what it cannot, and who is at work?"""

from collections.abc import AsyncIterator
from time import time
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.doctor.findings import Finding, fine, judged, note, wrong
from app.operation.inboxes import Inboxes, read_inboxes
from app.resources import open_redis
from app.settings import MIB, Settings

CLOCKS_APART_SECONDS = 2.0
FULL = 0.8
LATE_SECONDS = 5.0


async def examine_redis(settings: Settings) -> AsyncIterator[Finding]:
    redis = open_redis(settings)
    try:
        inboxes = await read_inboxes(redis)
        yield await version(redis)
        yield await clock(redis)
        async for finding in keeping(redis):
            yield finding
    except (RedisError, OSError, TimeoutError) as error:
        yield wrong("Redis", repr(error), "Start it, and compare REDIS_URL with its address and password.")
        return
    finally:
        await redis.aclose()
    yield memory(inboxes)
    yield at_work(inboxes)
    yield backlog(inboxes)
    if inboxes.failures:
        worst = max(inboxes.failures, key=lambda one: one.times)
        seen = f"{worst.task} {worst.times} times, last {worst.last_at}: {worst.last_error}"
        yield note("failed tasks", seen, "The workers' logs have the traceback.")


async def version(redis: "Redis") -> Finding:
    about: dict[str, Any] = await redis.info("server")
    name = "Valkey" if "valkey_version" in about else "Redis"
    return fine("Redis", f"{name} {about.get('valkey_version') or about['redis_version']}")


async def clock(redis: "Redis") -> Finding:
    begun = time()
    seconds, microseconds = await redis.time()
    apart = abs(seconds + microseconds / 1e6 - (begun + time()) / 2)
    return judged(
        "clocks",
        f"{apart:.2f} s between here and Redis",
        good=apart <= CLOCKS_APART_SECONDS,
        advice="Set both by NTP.",
    )


async def keeping(redis: "Redis") -> AsyncIterator[Finding]:
    """Hosted services often hide their configuration: then their INFO has to do."""
    about: dict[str, Any] = await redis.info()
    policy = about.get("maxmemory_policy", "unknown")
    yield judged(
        "eviction",
        f"maxmemory-policy {policy}",
        good=policy == "noeviction",
        advice="Set maxmemory-policy noeviction: what waits to be stored must not be forgotten on its own.",
    )
    if about.get("aof_enabled"):
        yield fine("append-only file", "on")
    else:
        yield note("append-only file", "off", "Set appendonly yes: a restart then keeps what was on its way.")


def memory(inboxes: Inboxes) -> Finding:
    used, limit = inboxes.redis_bytes / MIB, inboxes.redis_limit_bytes / MIB
    if not limit:
        return note("memory of Redis", f"{used:.0f} MiB, no limit", "Set maxmemory, so that it refuses and not swaps.")
    return judged(
        "memory of Redis",
        f"{used:.0f} of {limit:.0f} MiB",
        good=used < limit * FULL,
        advice="Raise maxmemory, or find out what fills it: docs/operations.md.",
    )


def at_work(inboxes: Inboxes) -> Finding:
    seen = f"{len(inboxes.workers)} workers, {len(inboxes.schedulers)} schedulers"
    return judged(
        "at work",
        seen,
        good=bool(inboxes.workers and inboxes.schedulers),
        advice="Start parlour worker and parlour scheduler: without, nothing is stored, and no draw is held.",
    )


def backlog(inboxes: Inboxes) -> Finding:
    waiting = sum(one.waiting for one in inboxes.partitions)
    oldest = max(one.oldest_seconds for one in inboxes.partitions)
    return judged(
        "backlog",
        f"{waiting} entries, the oldest {oldest:.1f} s old",
        good=oldest < LATE_SECONDS,
        advice="More workers, or a faster PostgreSQL; their logs say if something fails.",
    )
