"""What the overview shows. Every part is bounded: by a key, by a limit, or by the number of partitions."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from redis.exceptions import RedisError

from app.admin.backstage import Backstage
from app.days import today
from app.domain.game.services.statistics import PLAYERS_COUNTED, OfDay, of_day
from app.domain.lottery.schemas import DrawView
from app.domain.lottery.services.results import Results
from app.health import PATIENCE_SECONDS
from app.inbox import tempo
from app.inbox.streams import PARTITIONS
from app.operation.inboxes import KINDS
from app.operation.queues import Queues, read_queues

KEPT_SECONDS = 2.0
"""However many look, PostgreSQL and Redis are asked once in this time by each process."""

DRAWS_SHOWN = 5


@dataclass(frozen=True)
class Live:
    """What Redis knows of."""

    online: int
    messages: Sequence[int]
    """Stored in each of the last 60 minutes, with edits and reactions, the current minute last."""
    plays: Sequence[int]


@dataclass(frozen=True)
class Figures:
    at: datetime
    live: Live | None
    """None while Redis does not answer."""
    today: OfDay
    queues: Queues
    closing: Sequence[DrawView]
    held: Sequence[DrawView]

    @property
    def more_players(self) -> bool:
        """Today's figures are lower bounds."""
        return self.today.players >= PLAYERS_COUNTED

    def backlog(self) -> dict[str, list[int]]:
        """What waits in each partition, by the kind of inbox."""
        found: dict[str, list[int]] = {kind: [0] * PARTITIONS for kind in KINDS}
        for one in self.queues.inboxes.partitions if self.queues.inboxes else ():
            found[one.kind][one.partition] = one.waiting
        return found


class FigureReading:
    """One per API process."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage
        self._read_at = float("-inf")
        self._figures: Figures | None = None

    async def latest(self) -> Figures:
        if self._figures is None or self._read_at + KEPT_SECONDS < monotonic():
            self._figures, self._read_at = await self._read(), monotonic()
        return self._figures

    async def _read(self) -> Figures:
        now, backstage = datetime.now(UTC), self._backstage
        queues, live = await asyncio.gather(read_queues(backstage.resources), self._read_live())
        async with backstage.sessions() as session:
            results = Results(session=session)
            return Figures(
                at=now,
                live=live,
                today=await of_day(session, today(now, backstage.settings.zone_of_days)),
                queues=queues,
                closing=await results.next_to_close(now, DRAWS_SHOWN),
                held=await results.last_held(now, DRAWS_SHOWN),
            )

    async def _read_live(self) -> Live | None:
        redis = self._backstage.redis
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return Live(
                    online=await self._backstage.roll.count_online(),
                    messages=await tempo.read(redis, "chat"),
                    plays=await tempo.read(redis, "game"),
                )
        except (RedisError, OSError, TimeoutError):
            return None
