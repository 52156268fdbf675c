"""The hub's one pub/sub connection: kept open, and kept subscribed to what is wanted.

One task reads it and one writes to it, for as long as it lives; then both end, and a new one is opened and subscribed
to everything. Nobody else touches it: redis-py opens a second connection, which nobody would read, when two tasks
find the first one broken at the same time.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from app import metrics

REOPEN_SECONDS = 0.2

CONFIRM_SECONDS = 2.0
"""How long to wait for Redis to confirm a subscription."""

log = structlog.get_logger()


class Ear:
    def __init__(self, redis: "Redis", hear: Callable[[str, bytes], None]) -> None:
        """`hear` is called with the channel's name and the payload."""
        self._redis = redis
        self._hear = hear
        self._confirmations: dict[str, asyncio.Event] = {}
        """For every channel that is wanted, whether Redis has confirmed it on the present connection."""
        self._changed = asyncio.Event()
        self._open = asyncio.Event()

    def want(self, name: str) -> None:
        if name not in self._confirmations:
            self._confirmations[name] = asyncio.Event()
            self._changed.set()

    def drop(self, name: str) -> None:
        self._confirmations.pop(name, None)
        self._changed.set()

    async def connected(self) -> None:
        """Wait until Redis has confirmed a subscription, if it does not have to be opened again."""
        await self._open.wait()

    async def confirmed(self, name: str) -> None:
        """Wait until what is published from now on is heard; for a short time only, and not while Redis is away."""
        if self._open.is_set() and (confirmation := self._confirmations.get(name)):
            with suppress(TimeoutError):
                await asyncio.wait_for(confirmation.wait(), CONFIRM_SECONDS)

    async def run(self) -> None:
        """Hear what is published, until cancelled."""
        while True:
            pubsub = self._redis.pubsub()
            try:
                await self._listen(pubsub)
            except* (RedisError, OSError, RuntimeError) as lost:  # uvloop: RuntimeError for a write to what was closed.
                metrics.hub_reconnects.inc()
                log.warning("The hub lost Redis", error=repr(lost.exceptions[0]))
            finally:
                self._let_go()
                await pubsub.aclose()  # type: ignore[no-untyped-call]  # redis-py left it without annotations.
            await asyncio.sleep(REOPEN_SECONDS)

    async def _listen(self, pubsub: "PubSub") -> None:
        wanted = set(self._confirmations)
        await pubsub.subscribe(*wanted)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._read(pubsub))
            tasks.create_task(self._keep_subscribed(pubsub, wanted))

    async def _read(self, pubsub: "PubSub") -> None:
        async for message in pubsub.listen():
            name = message["channel"].decode()
            if message["type"] == "message":
                self._hear(name, message["data"])
            elif message["type"] == "subscribe":
                self._open.set()
                if confirmation := self._confirmations.get(name):
                    confirmation.set()

    async def _keep_subscribed(self, pubsub: "PubSub", subscribed: set[str]) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            wanted = set(self._confirmations)
            if fresh := wanted - subscribed:
                await pubsub.subscribe(*fresh)
            if stale := subscribed - wanted:
                await pubsub.unsubscribe(*stale)
            subscribed = wanted

    def _let_go(self) -> None:
        """Nobody waits for confirmations of a connection that is gone; those of the next one are yet to come."""
        self._open.clear()
        for name, confirmation in self._confirmations.items():
            confirmation.set()
            self._confirmations[name] = asyncio.Event()
