"""What a worker does with the game inbox, and for the ladders."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import structlog
from redis.asyncio.client import Pipeline
from sqlalchemy.ext.asyncio import AsyncSession

from app.days import today
from app.domain.game.services import building
from app.domain.game.services.ladder import climb
from app.domain.game.services.plays import Plays, Scored
from app.domain.game.services.registry import GAMES
from app.domain.game.standings.tallies import ALL_GAMES
from app.domain.notices.tasks import telling
from app.hub import events
from app.hub.events import EPHEMERAL, Event
from app.inbox.drain import Outcome, Recorder
from app.inbox.streams import PARTITIONS
from app.outages import is_outage
from app.resources import Resources
from app.settings import Settings

MEND_SECONDS = 2.0
"""Between two looks at the ladders. One that has not come in that time to where PostgreSQL was has lost something."""

log = structlog.get_logger()


def open_recorder(settings: Settings) -> Recorder[Scored]:
    async def record(session: AsyncSession, entries: Sequence[bytes]) -> Sequence[Outcome[Scored]]:
        now = datetime.now(UTC)
        day = today(now, settings.zone_of_days)
        return await Plays(session=session).record(entries, now, day, secret=settings.seed_secret)

    return Recorder(kind="game", record=record, announce=announce)


def announce(pipeline: "Pipeline", plays: Sequence[Scored]) -> None:
    """Every open socket of the player hears of the result, not only the one that played; then the leaderboards do."""
    by_player: defaultdict[int, list[Event]] = defaultdict(list)
    for play in plays:
        by_player[play.user_id].append(Event(EPHEMERAL, play.frame.decode()))
    for user_id, batch in by_player.items():
        for channel in (events.user(user_id), events.player(user_id)):
            events.publish(pipeline, channel, batch)
    for tallied in (play.tallied for play in plays):
        if tallied:
            climb(pipeline, tallied)
            pipeline.publish(events.BOARDS, events.encode_names({board.game for board in tallied.climbers}))
            telling.announce(pipeline, tallied.notified)


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
