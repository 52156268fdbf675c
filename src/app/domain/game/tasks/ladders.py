"""The ladders of the leaderboards: built from PostgreSQL whenever Redis does not know as much."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime

import structlog

from app.days import today
from app.domain.game.services import building
from app.domain.game.services.registry import GAMES
from app.domain.game.standings.tallies import ALL_GAMES
from app.inbox.streams import PARTITIONS
from app.outages import is_outage
from app.resources import Resources

MEND_SECONDS = 2.0
"""Between two looks at the ladders. One that has not come in that time to where PostgreSQL was has lost something."""

log = structlog.get_logger()


async def keep_ladders(resources: Resources) -> None:
    """Build what is missing and what has stayed behind, for as long as the worker lives."""
    before: Mapping[int, int] = {}
    while True:
        try:
            day = today(datetime.now(UTC), resources.settings.zone_of_days)
            before = await mend_ladders(resources, before, day)
        except Exception as error:
            if is_outage(error):
                log.warning("The ladders wait for PostgreSQL or Redis", error=repr(error))
            else:
                log.exception("A ladder could not be built")
        await asyncio.sleep(MEND_SECONDS)


async def mend_ladders(resources: Resources, before: Mapping[int, int], day: date) -> Mapping[int, int]:
    """Build the ladders that do not know as much as PostgreSQL did at the look `before`. What it knows now."""
    known = await building.known(resources.redis)
    async with resources.sessions() as session:
        counted = await building.counted(session)
    for partition in range(PARTITIONS):
        number = known.get(partition, -1)
        if before.get(partition, 0) <= number <= counted.get(partition, 0):
            continue
        async with resources.sessions.begin() as session:
            await building.build(session, resources.redis, partition, (*GAMES, ALL_GAMES), day)
    return counted
