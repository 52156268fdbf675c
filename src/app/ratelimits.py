"""Rate limits over all processes: a sliding window in Redis (`limits`), asked seldom, and open when it is away."""

import asyncio
from hashlib import blake2b
from ipaddress import IPv6Address
from math import ceil
from time import monotonic, time
from typing import Any

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.errors import TooManyRequests
from app.settings import Settings

LEASE_SHARE = 50
"""A process takes a fiftieth of a user's minute at a time and spends it from memory, so that most requests ask nobody.

No limit is ever exceeded by it, since what is taken is counted at once. A user may lose what one process has taken and
not spent: at most 2 % for each process.
"""
LEASE_SECONDS = 5.0
REFUSAL_SECONDS = 1.0
LEASES_KEPT = 50_000

PATIENCE_SECONDS = 0.25
"""How long a request waits for Redis to say whether it may go on, before it simply does."""
OUTAGE_SECONDS = 1.0
"""How long nobody asks again after Redis did not answer."""

IPV6_SITE_BITS = 64
"""What one household or server gets: within it, addresses are free for the taking."""
ADDRESS_MAX_LENGTH = 64

log = structlog.get_logger()


class Lease:
    """What one process may let through for one user or address before it has to ask again."""

    __slots__ = ("ends", "permits", "renewal", "retry_after")

    def __init__(self) -> None:
        self.ends = 0.0
        self.permits = 0
        self.retry_after = 0
        """Above 0: refused, and not worth asking again before the lease ends."""
        self.renewal = asyncio.Lock()
        """One question at a time: what arrives meanwhile spends the lease that it brings."""

    def decides(self) -> bool:
        return (self.permits > 0 or self.retry_after > 0) and self.ends > monotonic()


class RateLimits:
    """One per API process. A setting of 0 switches its limit off, and Redis is not asked."""

    def __init__(self, settings: Settings, redis: "Redis") -> None:
        storage = RedisStorage(
            # The scheme is all that is read of it: connections come from the process's own pool, unix sockets included.
            "async+redis://",
            implementation="redispy",
            connection_pool=redis.connection_pool,  # type: ignore[arg-type]  # typed for scalars, handed through
        )
        self._window = SlidingWindowCounterRateLimiter(storage)
        self._requests = _per_minute(settings.requests_per_minute, "requests")
        self._attempts = _per_minute(settings.attempts_per_minute, "attempts")
        self._searches = _per_minute(settings.searches_per_minute, "searches")
        self._trusted_proxies = settings.trusted_proxies
        self._leases: dict[str, Lease] = {}
        self._asking: dict[str, asyncio.Lock] = {}
        self._away_until = 0.0
        self.unchecked = 0
        """Requests and attempts let through because Redis was away."""

    async def guard(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """A Litestar guard for every HTTP request, by user or else by address. Raises TooManyRequests."""
        if self._requests is None or connection.scope["type"] != ScopeType.HTTP or handler.opt.get("unlimited"):
            return
        actor = connection.scope.get("user")
        key = f"user:{actor.id}" if actor else self._address(connection)
        lease = self._leases.get(key) or self._new_lease(key)
        if not lease.decides():
            async with lease.renewal:
                if not lease.decides():
                    await self._renew(lease, key, self._requests)
        if lease.retry_after:
            raise TooManyRequests(retry_after=lease.retry_after)
        lease.permits -= 1

    async def attempt(self, connection: ASGIConnection[Any, Any, Any, Any], account: str | None = None) -> None:
        """Count a login, registration or the like from this address, and on this account. Raises TooManyRequests.

        It frees itself as the minute moves on: nobody is ever locked out for good by someone else's guessing.
        """
        if self._attempts is None:
            return
        keys = [self._address(connection)]
        if account is not None:
            keys.append(f"account:{blake2b(account.lower().encode(), digest_size=16).hexdigest()}")
        for key in keys:
            await self._count(self._attempts, key)

    async def search(self, user_id: int) -> None:
        """Count a search of this user's: each may take PostgreSQL as long as a hundred other requests."""
        if self._searches is not None:
            await self._count(self._searches, f"user:{user_id}")

    async def _count(self, item: RateLimitItem, key: str) -> None:
        if not await self._take(item, key, 1):
            raise TooManyRequests(
                f"Too many {item.namespace}. Please wait a moment.", retry_after=await self._wait_for(item, key)
            )

    def _address(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str:
        return f"address:{_network(client_address(connection, self._trusted_proxies))}"

    async def _renew(self, lease: Lease, key: str, item: RateLimitItem) -> None:
        """A whole lease, or near the limit a single permit, or a refusal that is good for a second."""
        for size in sorted({max(1, item.amount // LEASE_SHARE), 1}, reverse=True):
            if await self._take(item, key, size):
                lease.permits, lease.retry_after, lease.ends = size, 0, monotonic() + LEASE_SECONDS
                return
        lease.permits, lease.retry_after = 0, await self._wait_for(item, key)
        lease.ends = monotonic() + REFUSAL_SECONDS

    def _new_lease(self, key: str) -> Lease:
        if len(self._leases) >= LEASES_KEPT:
            now = monotonic()
            self._leases = {known: lease for known, lease in self._leases.items() if lease.ends > now}
        if len(self._leases) >= LEASES_KEPT:
            self._leases.clear()
        return self._leases.setdefault(key, Lease())

    async def _take(self, item: RateLimitItem, key: str, permits: int) -> bool:
        now = monotonic()
        if now < self._away_until:
            self.unchecked += 1
            return True
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                allowed = await self._window.hit(item, key, cost=permits)
        except (RedisError, OSError, TimeoutError) as error:
            if not self._away_until:
                log.warning("Rate limits are off until Redis is back", error=repr(error))
            self._away_until = now + OUTAGE_SECONDS
            self.unchecked += 1
            return True
        self._away_until = 0.0
        return allowed

    async def _wait_for(self, item: RateLimitItem, key: str) -> int:
        """Seconds until the window has room again, at least 1."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                stats = await self._window.get_window_stats(item, key)
        except (RedisError, OSError, TimeoutError):
            return 1
        return max(1, ceil(stats.reset_time - time()))


def client_address(connection: ASGIConnection[Any, Any, Any, Any], trusted_proxies: int) -> str:
    """As the outermost of our own proxies saw it. Empty on a unix socket without proxies."""
    address = connection.client.host if connection.client else ""
    if trusted_proxies:
        forwarded = connection.headers.get("x-forwarded-for", "").split(",")
        address = (forwarded[-trusted_proxies].strip() if len(forwarded) >= trusted_proxies else "") or address
    return address[:ADDRESS_MAX_LENGTH]


def _per_minute(amount: int, namespace: str) -> RateLimitItem | None:
    return RateLimitItemPerMinute(amount, namespace=namespace) if amount else None


def _network(address: str) -> str:
    """What counts as one address: for IPv6 its /64."""
    if ":" not in address:
        return address
    try:
        parsed = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> IPV6_SITE_BITS << IPV6_SITE_BITS))
