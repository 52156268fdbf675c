"""The drains of all inboxes: rung through taskiq, and swept by every worker in case a bell was lost."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import structlog
from taskiq import Context, TaskiqDepends, TaskiqMessage, async_shared_broker
from taskiq.abc.broker import AsyncBroker

from app.domain.chat import tasks as chat
from app.domain.game.tasks import recording as game
from app.inbox.drain import Drain
from app.inbox.streams import PARTITIONS, Kind
from app.outages import is_outage
from app.resources import Resources

SWEEP_SECONDS = 0.25
DRAIN = "drain"

Drains = Mapping[Kind, Drain[Any]]
log = structlog.get_logger()


def open_drains(resources: Resources) -> Drains:
    recorders = (chat.recorder, game.open_recorder(resources.settings))
    return {recorder.kind: Drain(resources.redis, resources.sessions, recorder) for recorder in recorders}


@async_shared_broker.task(DRAIN)
async def drain(kind: Kind, partition: int, context: Annotated[Context, TaskiqDepends()]) -> None:
    """What a bell calls. An outage is no failure of the task: the sweep comes back to what waits."""
    await drain_through(context.state.drains[kind], partition)


async def sweep(drains: Iterable[Drain[Any]]) -> None:
    """Drain, for as long as the worker lives, whatever has waited longer than its bell can take."""
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        for one in drains:
            try:
                overdue = await one.overdue()
            except Exception as error:
                if not is_outage(error):
                    log.exception("Looking for overdue entries failed", kind=one.kind)
                continue
            if overdue:
                await drain_through(one, *overdue)


async def drain_through(one: Drain[Any], *partitions: int) -> None:
    try:
        await one.run(*partitions)
    except Exception as error:
        if is_outage(error):
            log.warning(
                "A drain waits for PostgreSQL or Redis", kind=one.kind, partitions=partitions, error=repr(error)
            )
        else:
            log.exception("A drain failed", kind=one.kind, partitions=partitions)


def bells(broker: AsyncBroker) -> dict[tuple[Kind, int], bytes]:
    """What `accept.lua` writes into taskiq's stream: a message for each partition, in taskiq's own encoding.

    The task id is the same each time; no result is kept, and nothing is looked up by it.
    """
    kinds: tuple[Kind, ...] = ("chat", "game")
    return {
        (kind, partition): broker.formatter.dumps(
            TaskiqMessage(
                task_id=f"{DRAIN}:{kind}:{partition}", task_name=DRAIN, labels={}, args=[kind, partition], kwargs={}
            )
        ).message
        for kind in kinds
        for partition in range(PARTITIONS)
    }
