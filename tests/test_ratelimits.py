import asyncio
from collections.abc import AsyncIterator
from time import perf_counter
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from litestar.connection import ASGIConnection
from redis.asyncio import Redis
from structlog.testing import capture_logs

from app.domain.accounts.guards import Actor
from app.errors import TooManyRequests
from app.ratelimits import LEASE_SHARE, RateLimits, client_address
from app.settings import Settings

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("clean")]
Handler: Any = SimpleNamespace(opt={})


def connection(
    *, address: str = "192.0.2.1", user: int | None = None, forwarded: str | None = None
) -> ASGIConnection[Any, Any, Any, Any]:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    scope: Any = {"type": "http", "method": "POST", "path": "/", "headers": headers, "client": (address, 1)}
    if user:
        scope["user"] = Actor(user, "alice", uuid4(), is_staff=False, expires_at=None)
    return ASGIConnection(scope)


def limits(settings: Settings, redis: "Redis", **changes: int) -> RateLimits:
    off = {"requests_per_minute": 0, "attempts_per_minute": 0, "searches_per_minute": 0}
    return RateLimits(settings.model_copy(update=off | changes), redis)


async def admitted(limit: RateLimits, times: int, **who: Any) -> int:  # noqa: ANN401  as `connection` takes them
    """Of so many requests at once, how many were let through."""
    outcomes = await asyncio.gather(
        *(limit.guard(connection(**who), Handler) for _ in range(times)), return_exceptions=True
    )
    assert {type(outcome) for outcome in outcomes} <= {type(None), TooManyRequests}
    return outcomes.count(None)


@pytest.fixture
async def nowhere() -> AsyncIterator["Redis"]:
    """A Redis that is away."""
    async with Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=1) as redis:
        yield redis


async def test_the_embedded_server_is_on_a_unix_socket_and_is_asked_there(settings: Settings, redis: "Redis") -> None:
    assert settings.redis_url.startswith("unix://")
    assert await admitted(limits(settings, redis, requests_per_minute=5), 8) == 5
    assert await redis.keys("LIMITS*")


async def test_no_more_than_the_limit_gets_through_however_many_come_at_once(
    settings: Settings, redis: "Redis"
) -> None:
    assert await admitted(limits(settings, redis, requests_per_minute=20), 200) == 20


async def test_two_processes_share_one_limit(settings: Settings, redis: "Redis") -> None:
    first, second = (limits(settings, redis, requests_per_minute=20) for _ in range(2))
    through = await asyncio.gather(admitted(first, 40, user=7), admitted(second, 40, user=7))
    assert sum(through) == 20


async def test_leases_never_let_more_through_and_cost_a_user_two_percent_a_process_at_most(
    settings: Settings, redis: "Redis"
) -> None:
    processes = [limits(settings, redis, requests_per_minute=1000) for _ in range(3)]
    through = sum(await asyncio.gather(*(admitted(process, 700, user=7) for process in processes)))
    assert 1000 - 3 * (1000 // LEASE_SHARE) <= through <= 1000


async def test_users_are_counted_apart_wherever_they_are_and_the_anonymous_by_address(
    settings: Settings, redis: "Redis"
) -> None:
    limit = limits(settings, redis, requests_per_minute=3)
    assert await admitted(limit, 5, user=7, address="192.0.2.1") == 3
    assert await admitted(limit, 5, user=7, address="192.0.2.2") == 0
    assert await admitted(limit, 5, user=8, address="192.0.2.1") == 3
    assert await admitted(limit, 5, address="192.0.2.1") == 3
    assert await admitted(limit, 5, address="192.0.2.2") == 3


async def test_one_household_is_one_address(settings: Settings, redis: "Redis") -> None:
    limit = limits(settings, redis, requests_per_minute=3)
    assert await admitted(limit, 3, address="2001:db8:1:2::1") == 3
    assert await admitted(limit, 3, address="2001:db8:1:2:ffff::9%eth0") == 0
    assert await admitted(limit, 3, address="2001:db8:1:3::1") == 3
    assert await admitted(limit, 2, address="::ffff:192.0.2.77") == 2
    assert await admitted(limit, 2, address="192.0.2.77") == 1


async def test_the_refused_are_told_when_to_come_back(settings: Settings, redis: "Redis") -> None:
    limit = limits(settings, redis, requests_per_minute=2)
    await admitted(limit, 2)
    with pytest.raises(TooManyRequests) as refused:
        await limit.guard(connection(), Handler)
    assert refused.value.retry_after
    assert 1 <= refused.value.retry_after <= 60


async def test_zero_switches_a_limit_off_without_asking_redis(settings: Settings, nowhere: "Redis") -> None:
    limit = limits(settings, nowhere)
    assert await admitted(limit, 100) == 100
    await limit.attempt(connection(), account="alice")
    assert limit.unchecked == 0


async def test_while_redis_is_away_everyone_is_let_through_and_it_is_said_once(
    settings: Settings, nowhere: "Redis"
) -> None:
    limit = limits(settings, nowhere, requests_per_minute=1, attempts_per_minute=1)
    with capture_logs() as logs:
        assert await admitted(limit, 50) == 50
        for _ in range(3):
            await limit.attempt(connection(), account="alice")
    assert len(logs) == 1
    assert limit.unchecked >= 9


async def test_a_redis_that_hangs_holds_a_request_up_for_a_moment_only(settings: Settings) -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    async with Redis.from_url(f"redis://127.0.0.1:{port}") as redis:
        limit = limits(settings, redis, requests_per_minute=1)
        start = perf_counter()
        assert await admitted(limit, 50) == 50
        assert perf_counter() - start < 1
    silent.close()
    await silent.wait_closed()


async def test_limits_are_back_when_redis_is(
    settings: Settings, redis: "Redis", nowhere: "Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ratelimits.OUTAGE_SECONDS", 0)
    limit = limits(settings, nowhere, attempts_per_minute=1)
    await limit.attempt(connection())
    limit._window = limits(settings, redis)._window  # noqa: SLF001  Redis is back
    await limit.attempt(connection())
    with pytest.raises(TooManyRequests):
        await limit.attempt(connection())


async def test_attempts_are_counted_by_address_and_by_account(settings: Settings, redis: "Redis") -> None:
    limit = limits(settings, redis, attempts_per_minute=2)
    for n in range(2):
        await limit.attempt(connection(address=f"192.0.2.{n}"), account="Alice")
    with pytest.raises(TooManyRequests, match="attempts"):
        await limit.attempt(connection(address="192.0.2.9"), account="aLICE")
    await limit.attempt(connection(address="192.0.2.10"), account="bob")
    assert not [key for key in await redis.keys("*") if b"alice" in key.lower()]


async def test_searches_are_counted_by_user_apart_from_all_else(settings: Settings, redis: "Redis") -> None:
    limit = limits(settings, redis, searches_per_minute=2)
    for _ in range(2):
        await limit.search(7)
    with pytest.raises(TooManyRequests, match="searches"):
        await limit.search(7)
    await limit.search(8)
    await limits(settings, redis).search(7)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.1", "192.0.2.1"),
        (1, "203.0.113.1", "203.0.113.1"),
        (1, "6.6.6.6, 203.0.113.1", "203.0.113.1"),
        (2, "6.6.6.6, 203.0.113.1 , 10.0.0.1", "203.0.113.1"),
        (2, "203.0.113.1", "192.0.2.1"),
        (1, None, "192.0.2.1"),
        (1, "x" * 10_000, "x" * 64),
    ],
)
async def test_only_what_our_own_proxies_added_is_believed(proxies: int, forwarded: str | None, expected: str) -> None:
    assert client_address(connection(forwarded=forwarded), proxies) == expected


async def test_health_checks_are_not_counted(settings: Settings, redis: "Redis") -> None:
    limit = limits(settings, redis, requests_per_minute=1)
    for _ in range(3):
        await limit.guard(connection(), SimpleNamespace(opt={"unlimited": True}))  # type: ignore[arg-type]  # only opt


async def test_most_requests_ask_nobody(settings: Settings, redis: "Redis") -> None:
    limit = limits(settings, redis, requests_per_minute=100_000)
    before = (await redis.info("commandstats")).get("cmdstat_evalsha", {"calls": 0})["calls"]
    await admitted(limit, 1000, user=7)
    after = (await redis.info("commandstats"))["cmdstat_evalsha"]["calls"]
    assert after - before <= 2
