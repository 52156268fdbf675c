from collections.abc import Sequence
from datetime import datetime

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ScalarResult, select, update
from sqlalchemy.dialects.postgresql import insert

from app.domain.lottery.models import Lottery
from app.domain.lottery.rules import LotteryEnded
from app.domain.lottery.schemas.lotteries import LotteryView
from app.errors import NotFound
from app.settings import Settings

STANDING = {"daily": "daily", "minute": "minutes:1"}
"""The lotteries that the server itself starts and ends, and their cadences."""


class Lotteries(SQLAlchemyAsyncRepositoryService[Lottery]):
    class Repo(SQLAlchemyAsyncRepository[Lottery]):
        model_type = Lottery

    repository_type = Repo

    async def ensure_standing(self, settings: Settings, now: datetime) -> None:
        """`daily` always exists; `minute` runs while its setting is on. Any number of processes may do this at once."""
        await self._start("daily", zone=settings.lottery_zone, now=now)
        if settings.minute_lottery:
            await self._start("minute", zone="UTC", now=now)
        else:
            await self._end("minute", now)

    async def _start(self, name: str, *, zone: str, now: datetime) -> None:
        created = insert(Lottery).values(name=name, cadence=STANDING[name], zone=zone, prizes=1, created_at=now)
        await self.repository.session.execute(
            created.on_conflict_do_update(
                index_elements=[Lottery.name], set_={"ended_at": None}, where=Lottery.ended_at.is_not(None)
            )
        )

    async def _end(self, name: str, now: datetime) -> None:
        running = (Lottery.name == name) & Lottery.ended_at.is_(None)
        await self.repository.session.execute(update(Lottery).where(running).values(ended_at=now))

    async def running(self) -> Sequence[Lottery]:
        return await self.get_many(Lottery.ended_at.is_(None), order_by=("id", False))

    async def taking_ballots(self, name: str, settings: Settings, now: datetime) -> Lottery:
        """Raises NotFound, LotteryEnded. A server in its first second, before any reconcile, creates its own."""
        lottery = await self.get_one_or_none(name=name)
        if lottery is None:
            await self.ensure_standing(settings, now)
            lottery = await self.get_one_or_none(name=name)
        if lottery is None:
            raise NotFound
        if lottery.ended_at:
            raise LotteryEnded
        return lottery

    async def page(self, settings: Settings, *, limit: int, offset: int) -> list[LotteryView]:
        """All there are and were, the oldest first."""
        found: ScalarResult[Lottery] = await self.repository.session.scalars(
            select(Lottery).order_by(Lottery.id).limit(limit).offset(offset)
        )
        return [view_of(lottery, settings) for lottery in found]

    async def one(self, name: str, settings: Settings) -> LotteryView:
        """Raises NotFound."""
        lottery = await self.get_one_or_none(name=name)
        if lottery is None:
            raise NotFound
        return view_of(lottery, settings)


def view_of(lottery: Lottery, settings: Settings) -> LotteryView:
    return LotteryView(
        name=lottery.name,
        title=lottery.title,
        cadence=lottery.cadence,
        zone=lottery.zone,
        prizes=lottery.prizes,
        ballots_per_user=lottery.ballots_per_user or settings.ballots_per_draw,
        audience=lottery.audience,
        created_at=lottery.created_at,
        ended_at=lottery.ended_at,
    )
