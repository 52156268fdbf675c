"""Lua scripts in Redis, called by their hash; calls made at the same time travel together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha1
from importlib.resources.abc import Traversable
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import NoScriptError

Argument = bytes | str | int
Call = tuple[Sequence[str], Sequence[Argument], "asyncio.Future[Any]"]

CALLS_AT_ONCE = 500
"""In one round trip: a third of a millisecond of Redis's time."""


class Script:
    """One round trip is under way at a time; what is called meanwhile is the next one, in the order of calling.

    A call for itself costs 0.1 ms of Python, most of it redis-py's; a hundred together cost a fifth of that each.
    """

    def __init__(self, redis: "Redis", file: Traversable, *, patience: float) -> None:
        """`patience` is how many seconds a round trip may take: a frozen Redis answers when nobody waits any more."""
        self._redis = redis
        self._patience = patience
        self._text = file.read_text()
        self._hash = sha1(self._text.encode(), usedforsecurity=False).hexdigest()
        self._waiting: list[Call] = []
        self._carrier: asyncio.Task[None] | None = None

    async def __call__(self, keys: Sequence[str], *arguments: Argument) -> Any:  # noqa: ANN401  Whatever Lua returns.
        """Raises RedisError or OSError (TimeoutError too); the script may have run then, as when cancelled."""
        result = asyncio.get_running_loop().create_future()
        self._waiting.append((keys, arguments, result))
        if self._carrier is None:
            self._carrier = asyncio.create_task(self._carry())
        return await result

    def queue(self, pipeline: "Pipeline", keys: Sequence[str], *arguments: Argument) -> None:
        """Call it at the end of a pipeline. Its result may be a NoScriptError."""
        pipeline.execute_command("EVALSHA", self._hash, len(keys), *keys, *arguments)

    async def _carry(self) -> None:
        while self._waiting:
            calls, self._waiting = self._waiting[:CALLS_AT_ONCE], self._waiting[CALLS_AT_ONCE:]
            try:
                async with asyncio.timeout(self._patience):
                    results: list[Any] = await self._run(calls)
            except Exception as error:  # noqa: BLE001  Every caller gets it.
                results = [error] * len(calls)
            for (_, _, waiting), result in zip(calls, results, strict=True):
                if waiting.done():
                    continue
                if isinstance(result, Exception):
                    waiting.set_exception(result)
                else:
                    waiting.set_result(result)
        self._carrier = None

    async def _run(self, calls: Sequence[Call]) -> list[Any]:
        pipeline = self._redis.pipeline(transaction=False)
        for keys, arguments, _ in calls:
            self.queue(pipeline, keys, *arguments)
        results: list[Any] = await pipeline.execute(raise_on_error=False)
        if isinstance(results[0], NoScriptError):  # A new Redis, or one that was restarted or wiped: none of them ran.
            await self._load()
            return await self._run(calls)
        return results

    async def _load(self) -> None:
        load: Callable[..., Awaitable[Any]] = self._redis.script_load
        await load(self._text)
