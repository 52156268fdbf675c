"""What surrounds every task: whose work it is, how long it takes, and a note for staff when it fails."""

from contextlib import AbstractContextManager, ExitStack, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError
from taskiq import TaskiqMessage, TaskiqMiddleware, TaskiqResult

from app import metrics, origins, tracing
from app.redaction import redacted

ORIGIN = "origin"
"""The label under which a task's message carries it."""

FAILED_TASKS, LAST_FAILURES = "tasks:failed", "tasks:last_failure"
"""Hashes by the task's name: how often since Redis was last emptied, and the last time as a Failure."""

ERROR_CHARACTERS = 300

around: ContextVar[AbstractContextManager[object]] = ContextVar("around")
"""Of the task that is being run: what is left when it ends."""


class Failure(msgspec.Struct):
    at: datetime
    error: str


class Errands(TaskiqMiddleware):
    def pre_send(self, message: TaskiqMessage) -> TaskiqMessage:
        if origin := origins.current():
            message.labels[ORIGIN] = origin
        return message

    def pre_execute(self, message: TaskiqMessage) -> TaskiqMessage:
        origin = str(message.labels.get(ORIGIN, ""))
        stack = ExitStack()
        stack.enter_context(origins.doing_work_of([origin]))
        stack.enter_context(tracing.continued(message.task_name, origins.trace_in(origin)))
        around.set(stack)
        return message

    async def post_execute(self, message: TaskiqMessage, result: TaskiqResult[Any]) -> None:
        """Also called for a task that raised; what it raised was logged by taskiq."""
        metrics.tasks.labels(message.task_name, "failed" if result.is_err else "done").inc()
        metrics.task_seconds.labels(message.task_name).observe(result.execution_time)
        if result.error:
            await self._note(message.task_name, result.error)
        around.get().__exit__(None, None, None)

    async def _note(self, task: str, error: BaseException) -> None:
        failure = Failure(datetime.now(UTC), redacted(repr(error))[:ERROR_CHARACTERS])
        with suppress(RedisError, OSError):
            async with Redis(connection_pool=cast("Any", self.broker).connection_pool) as redis:
                pipeline = redis.pipeline(transaction=False)
                pipeline.hincrby(FAILED_TASKS, task, 1)
                pipeline.hset(LAST_FAILURES, task, msgspec.json.encode(failure))
                await pipeline.execute()
