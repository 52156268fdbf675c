"""What a worker does with the game inbox: plays and picks."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from redis.asyncio.client import Pipeline
from sqlalchemy.ext.asyncio import AsyncSession

from app.days import today
from app.domain.game.schemas.plays import Attempt
from app.domain.game.schemas.rounds import PickCount, Slip
from app.domain.game.services.ladder import climb
from app.domain.game.services.picks import Picks
from app.domain.game.services.plays import Plays, Scored
from app.domain.game.services.telling import announce_counts
from app.domain.notices.tasks import telling
from app.hub import events
from app.hub.events import EPHEMERAL, Event
from app.inbox.batches import Outcome
from app.inbox.drain import Recorder
from app.settings import Settings

Fact = Scored | PickCount
decode_entry = msgspec.msgpack.Decoder(Attempt | Slip).decode


def open_recorder(settings: Settings) -> Recorder[Fact]:
    async def record(session: AsyncSession, entries: Sequence[bytes]) -> Sequence[Outcome[Fact]]:
        """Plays and picks of a batch, each kind in its order."""
        batch = [(entry, decode_entry(entry)) for entry in entries]
        slips = [one for _, one in batch if isinstance(one, Slip)]
        attempts = [entry for entry, one in batch if isinstance(one, Attempt)]
        picked: Iterator[Outcome[Any]] = iter(await Picks(session=session).record(slips) if slips else ())
        played: Iterator[Outcome[Any]] = iter(await score(session, attempts) if attempts else ())
        return [next(picked if isinstance(one, Slip) else played) for _, one in batch]

    async def score(session: AsyncSession, attempts: Sequence[bytes]) -> Sequence[Outcome[Scored]]:
        now = datetime.now(UTC)
        day = today(now, settings.zone_of_days)
        return await Plays(session=session).record(attempts, now, day, secret=settings.seed_secret)

    return Recorder(kind="game", record=record, announce=announce)


def announce(pipeline: "Pipeline", facts: Sequence[Fact]) -> None:
    """Every open socket of the player hears of the result, not only the one that played; then the leaderboards do."""
    plays = [fact for fact in facts if isinstance(fact, Scored)]
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
    announce_counts(pipeline, [fact for fact in facts if isinstance(fact, PickCount)])
