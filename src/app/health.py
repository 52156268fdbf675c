"""Is it alive, can it serve, is anybody at work? Liveness, readiness, and heartbeats of workers and schedulers."""

import asyncio
import os
from datetime import UTC, datetime
from socket import gethostname
from typing import Literal, TypeVar, cast

import msgspec
import structlog
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE
from msgspec import Struct
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text

from app.domain.lottery.services.alerts import count_overdue
from app.outages import is_outage
from app.resources import Resources

BEAT_SECONDS = 5
BEAT_KEPT_SECONDS = 15
"""A process that has been silent for three beats counts as gone."""

PATIENCE_SECONDS = 2.0
Role = Literal["worker", "scheduler"]
log = structlog.get_logger()


class Alive(Struct):
    status: Literal["alive"] = "alive"


class Ready(Struct):
    """What an API process needs to serve."""

    status: Literal["ready", "not ready"]
    database: bool
    redis: bool


class Health(Struct):
    """The whole installation: `healthy` when everything it needs is there."""

    status: Literal["healthy", "unhealthy"]
    database: bool
    redis: bool
    workers: int
    schedulers: int
    draws_overdue: int | None
    """Draws that should have been held by now; null while PostgreSQL cannot tell. They alone make nothing unhealthy."""


Answer = TypeVar("Answer", Ready, Health)


class Process(Struct):
    """One that is at work."""

    host: str
    pid: int
    started_at: datetime


async def beat(redis: "Redis", role: Role) -> None:
    """Say that this process is at work, for as long as it is. By Redis's clock, for ours may differ."""
    ourselves = msgspec.json.encode(Process(gethostname(), os.getpid(), datetime.now(UTC)))
    while True:
        try:
            now, _ = await redis.time()
            pipeline = redis.pipeline(transaction=False)
            pipeline.zadd(beats(role), {ourselves: now})
            pipeline.zremrangebyscore(beats(role), "-inf", now - BEAT_KEPT_SECONDS)
            await pipeline.execute()
        except (RedisError, OSError) as error:
            log.debug("No heartbeat while Redis is away", error=repr(error))
        await asyncio.sleep(BEAT_SECONDS)


def beats(role: Role) -> str:
    """A sorted set of processes, by the second of their last beat."""
    return f"heartbeats:{role}"


async def at_work(redis: "Redis", role: Role) -> list[Process]:
    """The processes of a role that have been heard of lately. Raises RedisError, OSError and TimeoutError."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        now, _ = await redis.time()
        # redis-py's annotation spans every protocol and option; ours gives bytes.
        found = cast("list[bytes]", await redis.zrangebyscore(beats(role), now - BEAT_KEPT_SECONDS, "+inf"))
    return [msgspec.json.decode(one, type=Process) for one in found]


async def count_beats(redis: "Redis", role: Role) -> int:
    """How many processes of a role are at work. 0 while Redis cannot tell."""
    try:
        return len(await at_work(redis, role))
    except (RedisError, OSError, TimeoutError):
        return 0


async def database_answers(resources: Resources) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), resources.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except Exception as error:
        if isinstance(error, TimeoutError) or is_outage(error):
            return False
        raise
    return True


async def redis_answers(resources: Resources) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return bool(await resources.redis.ping())
    except (RedisError, OSError, TimeoutError):
        return False


async def overdue_draws(resources: Resources) -> int | None:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS), resources.sessions() as session:
            return await count_overdue(session, datetime.now(UTC))
    except Exception as error:
        if isinstance(error, TimeoutError) or is_outage(error):
            return None
        raise


class HealthController(Controller):
    path = "/health"
    tags = ("Operation",)
    opt = {"exclude_from_auth": True, "unlimited": True}  # noqa: RUF012  Litestar reads it from the class.

    @get("/live")
    async def check_liveness(self) -> Alive:
        """The process runs. Restart it when this does not answer."""
        return Alive()

    @get(
        "/ready",
        responses={
            HTTP_503_SERVICE_UNAVAILABLE: ResponseSpec(
                Ready, generate_examples=False, description="One of them does not answer."
            )
        },
    )
    async def check_readiness(self, resources: NamedDependency[Resources]) -> Response[Ready]:
        """PostgreSQL and Redis answer. Send no requests here while this is 503."""
        database, redis = await asyncio.gather(database_answers(resources), redis_answers(resources))
        good = database and redis
        return answer(Ready("ready" if good else "not ready", database, redis), good=good)

    @get(
        responses={
            HTTP_503_SERVICE_UNAVAILABLE: ResponseSpec(
                Health, generate_examples=False, description="Something is missing."
            )
        }
    )
    async def check_health(self, resources: NamedDependency[Resources]) -> Response[Health]:
        """The whole installation: also whether a worker and a scheduler have been heard of in the last 15 seconds."""
        database, redis, workers, schedulers, overdue = await asyncio.gather(
            database_answers(resources),
            redis_answers(resources),
            count_beats(resources.redis, "worker"),
            count_beats(resources.redis, "scheduler"),
            overdue_draws(resources),
        )
        good = database and redis and workers > 0 and schedulers > 0
        status: Literal["healthy", "unhealthy"] = "healthy" if good else "unhealthy"
        return answer(Health(status, database, redis, workers, schedulers, overdue), good=good)


def answer(content: Answer, *, good: bool) -> Response[Answer]:
    return Response(content, status_code=HTTP_200_OK if good else HTTP_503_SERVICE_UNAVAILABLE)
