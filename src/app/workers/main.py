"""Entry points for the taskiq command.

`taskiq worker app.workers.main:broker` and `taskiq scheduler app.workers.main:scheduler`: both are factories, so that
importing this reads no configuration.
"""

from contextlib import AsyncExitStack, suppress

from redis.exceptions import RedisError
from taskiq import AsyncBroker, TaskiqEvents, TaskiqScheduler, TaskiqState, async_shared_broker

from app import crashes, health, logs, metrics, tracing
from app.domain.bots.tasks import deliver_webhooks
from app.domain.game.tasks.ladders import keep_ladders
from app.domain.game.tasks.rounds import keep_time
from app.domain.lottery.tasks import reconcile
from app.domain.notices.tasks.pushes import open_pusher
from app.domain.search.tasks import keep_index
from app.resources import measured, open_resources, running
from app.settings import Settings
from app.workers.broker import open_broker
from app.workers.drains import open_drains, sweep
from app.workers.timetable import Timetable


def observed_as(role: health.Role) -> Settings:
    """The settings of this process, which from now on logs, measures and traces under its role."""
    settings = Settings()
    for observed in (logs, tracing, crashes):
        observed.configure(settings, role)
    return settings


def broker() -> AsyncBroker:
    """The broker of a worker process: what its tasks need is opened with it, and closed with it."""
    settings = observed_as("worker")
    opened = open_broker(settings.redis_url)
    async_shared_broker.default_broker(opened)
    open_things = AsyncExitStack()

    @opened.on_event(TaskiqEvents.WORKER_STARTUP)
    async def start(state: TaskiqState) -> None:
        metrics.answer_on(settings.metrics_port)
        state.resources = await open_things.enter_async_context(open_resources(settings))
        state.drains = open_drains(state.resources)
        state.pusher = await open_things.enter_async_context(open_pusher(state.resources))
        await open_things.enter_async_context(
            running(
                sweep(state.drains.values()),
                deliver_webhooks(state.resources),
                health.beat(state.resources.redis, "worker"),
                keep_time(state.resources),
                keep_index(state.resources.sessions),
                keep_ladders(state.resources),
                catch_up(),
                measured(state.resources),
            )
        )

    @opened.on_event(TaskiqEvents.WORKER_SHUTDOWN)
    async def stop(_: TaskiqState) -> None:
        await open_things.aclose()

    return opened


async def catch_up() -> None:
    """Draws that were given up are tried again with each worker that starts."""
    with suppress(RedisError, OSError):  # The hourly round catches up.
        await reconcile.kiq(catch_up=True)  # type: ignore[call-overload]  # The worker's taskiq adds the context.


def scheduler() -> TaskiqScheduler:
    settings = observed_as("scheduler")
    opened = open_broker(settings.redis_url)
    open_things = AsyncExitStack()

    @opened.on_event(TaskiqEvents.CLIENT_STARTUP)
    async def start(_: TaskiqState) -> None:
        metrics.answer_on(settings.metrics_port)
        resources = await open_things.enter_async_context(open_resources(settings))
        await open_things.enter_async_context(running(health.beat(resources.redis, "scheduler"), measured(resources)))

    @opened.on_event(TaskiqEvents.CLIENT_SHUTDOWN)
    async def stop(_: TaskiqState) -> None:
        await open_things.aclose()

    return TaskiqScheduler(opened, [Timetable()])
