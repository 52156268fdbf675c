"""What one process holds open from its start to its end: settings, engine, sessions, Redis. API and worker alike."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self, cast

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sqlalchemy import AsyncAdaptedQueuePool
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from app import metrics
from app.settings import Settings

Sessions = async_sessionmaker[AsyncSession]
"""`async with sessions.begin() as session:` is one transaction, committed where it ends. Edges open it."""

STALLED_TRANSACTION_MS = 5000
"""PostgreSQL ends a transaction whose process has said nothing for so long, which frees the locks of a frozen twin."""

REDIS_CONNECTIONS = 1000
"""Commands that one process may have under way. One more is refused as if Redis were away: it is overloaded."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Resources:
    settings: Settings
    engine: AsyncEngine
    sessions: Sessions
    redis: "Redis"

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Connects to nothing yet: a process starts while PostgreSQL or Redis is away, and says so in its health."""
        engine = open_engine(settings)
        sessions = async_sessionmaker(engine, expire_on_commit=False)
        return cls(settings=settings, engine=engine, sessions=sessions, redis=open_redis(settings))

    async def aclose(self) -> None:
        await self.redis.aclose()
        await self.engine.dispose()


def open_engine(settings: Settings) -> AsyncEngine:
    caches = {"statement_cache_size": 0, "prepared_statement_cache_size": 0} if settings.pgbouncer else {}
    return create_async_engine(
        settings.database_url,
        pool_size=settings.database_pool,
        max_overflow=0,  # A connection beyond the pool is opened, asked about types and closed again: 20 ms each time.
        pool_timeout=5,
        hide_parameters=True,  # They are messages, addresses, digests: an error that is logged or reported has none.
        pool_pre_ping=True,  # A tenth of a drain's time, for which a restart of PostgreSQL costs nobody an error.
        connect_args={
            **caches,
            "server_settings": {
                "idle_in_transaction_session_timeout": str(STALLED_TRANSACTION_MS),
                "timezone": "UTC",
            },
        },
    )


def open_redis(settings: Settings) -> "Redis":
    return Redis.from_url(
        settings.redis_url,
        max_connections=REDIS_CONNECTIONS,
        socket_connect_timeout=2,
        socket_timeout=5,
        # Whoever asks Redis has an answer to its absence. redis-py's own retries would reopen a connection behind the
        # back of the task that reads it.
        retry=Retry(NoBackoff(), retries=0, supported_errors=()),
        protocol=2,  # RESP3's push types cost the parser a fifth more, and we use none of them.
    )


@asynccontextmanager
async def open_resources(settings: Settings) -> AsyncIterator[Resources]:
    resources = Resources.of(settings)
    try:
        yield resources
    finally:
        await resources.aclose()


async def measured(resources: Resources) -> None:
    """Keep this process's figures, until cancelled."""
    pool = cast("AsyncAdaptedQueuePool", resources.engine.pool)
    await metrics.watch(pool.checkedout, pool.size())


@asynccontextmanager
async def running(*loops: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run loops beside the block and cancel them with its end. One that fails is logged: it should have gone on."""
    tasks = [asyncio.create_task(loop, name=repr(loop)) for loop in loops]
    for task in tasks:
        task.add_done_callback(report)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def report(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("A background loop has ended", loop=task.get_name(), exc_info=error)
