"""Lua scripts in Redis, called by their hash: a round trip, and little else."""

from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha1
from importlib.resources import files
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import NoScriptError

Argument = bytes | str | int


class Script:
    """redis-py has one too; its wrappers cost more than the call, and in a pipeline it asks for the script first."""

    def __init__(self, redis: "Redis", name: str) -> None:
        self._call: Callable[..., Awaitable[Any]] = redis.execute_command
        self._text = (files("app.inbox") / name).read_text()
        self._hash = sha1(self._text.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, keys: Sequence[str], *arguments: Argument) -> Any:  # noqa: ANN401  Whatever Lua returns.
        try:
            return await self._call("EVALSHA", self._hash, len(keys), *keys, *arguments)
        except NoScriptError:  # A new Redis, or one that was restarted or wiped. EVAL makes it known.
            return await self._call("EVAL", self._text, len(keys), *keys, *arguments)

    def queue(self, pipeline: "Pipeline", keys: Sequence[str]) -> None:
        """Call it at the end of a pipeline. Its result may be a NoScriptError."""
        pipeline.execute_command("EVALSHA", self._hash, len(keys), *keys)
