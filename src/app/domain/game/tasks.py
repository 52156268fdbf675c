"""What a worker does with the game inbox."""

from collections import defaultdict
from collections.abc import Sequence

from redis.asyncio.client import Pipeline
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.game.services.plays import Plays, Scored
from app.hub import events
from app.hub.events import EPHEMERAL, Event
from app.inbox.drain import Outcome, Recorder
from app.settings import Settings


def open_recorder(settings: Settings) -> Recorder[Scored]:
    async def record(session: AsyncSession, entries: Sequence[bytes]) -> Sequence[Outcome[Scored]]:
        return await Plays(session=session).record(entries, secret=settings.seed_secret)

    return Recorder(kind="game", record=record, announce=announce)


def announce(pipeline: "Pipeline", plays: Sequence[Scored]) -> None:
    """Every open socket of the player hears of the result, not only the one that played."""
    by_player: defaultdict[int, list[Event]] = defaultdict(list)
    for play in plays:
        by_player[play.user_id].append(Event(EPHEMERAL, play.frame.decode()))
    for user_id, batch in by_player.items():
        for channel in (events.user(user_id), events.player(user_id)):
            events.publish(pipeline, channel, batch)
