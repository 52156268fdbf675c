"""Ringing a worker after a commit. Never fails its caller: the minute's round comes anyway."""

from typing import Any

import structlog
from redis.exceptions import RedisError
from taskiq import AsyncTaskiqDecoratedTask
from taskiq.exceptions import TaskiqError

log = structlog.get_logger()


async def ring(task: "AsyncTaskiqDecoratedTask[Any, Any]") -> None:
    try:
        await task.kiq()
    except (TaskiqError, RedisError, OSError) as error:
        log.warning("A worker was not rung; it comes within the minute", task=task.task_name, error=repr(error))
