from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ScalarResult, func, select

from app.domain.lottery import rules
from app.domain.lottery.models import Draw, Lottery
from app.domain.lottery.rules import CADENCES, Period, Step
from app.domain.lottery.schemas import ClosingFrame
from app.domain.lottery.services.waiting import waits_for_sources


class Draws(SQLAlchemyAsyncRepositoryService[Draw]):
    class Repo(SQLAlchemyAsyncRepository[Draw]):
        model_type = Draw

    repository_type = Repo

    async def open(self, lottery_id: int, now: datetime) -> None:
        """Open what takes ballots now and is not open yet, and what passed unopened: in order, and numbered in it.

        The lottery's row stays locked until the commit, so that of several openers one gives out the numbers and the
        others find nothing left to do.
        """
        session = self.repository.session
        lottery = (
            await session.scalars(
                select(Lottery)
                .where(Lottery.id == lottery_id)
                .with_for_update(key_share=True)  # Foreign keys to it need not wait.
                .execution_options(populate_existing=True)
            )
        ).one()
        newest, last_number = (
            await session.execute(
                select(func.max(Draw.period), func.max(Draw.number)).where(Draw.lottery_id == lottery_id)
            )
        ).one()
        periods = rules.periods_to_open(CADENCES[lottery.cadence], ZoneInfo(lottery.zone), now, newest)
        unopened = await self._unopened(lottery_id, periods)
        session.add_all(
            Draw(
                lottery_id=lottery_id,
                number=number,
                period=period.name,
                date=period.date,
                zone=lottery.zone,
                prizes=lottery.prizes,
                opens_at=min(now, period.closes_at),
                closes_at=period.closes_at,
            )
            for number, period in enumerate(unopened, start=(last_number or 0) + 1)
        )
        await session.flush()

    async def _unopened(self, lottery_id: int, periods: Sequence[Period]) -> list[Period]:
        names = [period.name for period in periods]
        opened = set(
            await self.repository.session.scalars(
                select(Draw.period).where(Draw.lottery_id == lottery_id, Draw.period.in_(names))
            )
        )
        return [period for period in periods if period.name not in opened]

    async def taking_ballots(self, lottery: Lottery, period: Period, now: datetime) -> Draw:
        """The period's draw, locked until the commit. Raises DrawClosed.

        The lock is FOR UPDATE, not FOR SHARE: the row gives out the ballots' seqs, so that submitters take turns in any
        case, and of two who shared it each would wait for the other. What closes by the clock is refused before the
        lock, which late submitters could otherwise keep from those who draw.
        """
        draw = await self.get_one_or_none(lottery_id=lottery.id, period=period.name)
        if draw is None:  # A new date began since the last reconcile.
            await self.open(lottery.id, now)
            draw = await self.get_one(lottery_id=lottery.id, period=period.name)
        if draw.closes_at <= now:
            raise rules.DrawClosed
        await self.repository.session.refresh(draw, with_for_update=True)
        if draw.frozen_at:  # By a clock that is ahead of ours, or because it is void.
            raise rules.DrawClosed
        return draw

    async def lotteries_to_open(self) -> Sequence[int]:
        """Those with a draw that has no open record yet."""
        unopened = (Draw.open_id.is_(None), Draw.drawn_at.is_(None), Draw.voided_at.is_(None))
        found: ScalarResult[int] = await self.repository.session.scalars(
            select(Draw.lottery_id).where(*unopened).distinct().order_by(Draw.lottery_id)
        )
        return found.all()

    async def closing(self, now: datetime) -> list[ClosingFrame]:
        """What is to be said in this minute about draws that are about to close."""
        soon = now + timedelta(minutes=max(rules.COUNTDOWN_MINUTES) + 1)
        found = await self.repository.session.execute(
            select(Draw, Lottery.name)
            .join(Lottery, Lottery.id == Draw.lottery_id)
            .where(Draw.frozen_at.is_(None), Draw.closes_at > now, Draw.closes_at < soon)
            .order_by(Draw.id)
        )
        return [
            ClosingFrame(
                lottery=name, number=draw.number, period=draw.period, closes_at=draw.closes_at, ballots=draw.ballots
            )
            for draw, name in found
            if rules.is_countdown(draw.closes_at, now)
        ]

    async def due(self, now: datetime) -> Sequence[Draw]:
        """Draws that should have a result by now, and lack nothing for it; by lottery, in order of their numbers."""
        unfinished = (Draw.drawn_at.is_(None), Draw.voided_at.is_(None), Draw.closes_at <= now)
        return await self.get_many(
            *unfinished, ~waits_for_sources(), order_by=[("lottery_id", False), ("number", False)]
        )

    async def claim(self, draw_id: int, now: datetime, *, catch_up: bool) -> Step:
        """Count an attempt, or the alert, if it is time for one. Commit it before making the attempt.

        A row that is locked is being drawn, or takes its last ballot, right now: it is left for the next minute.
        """
        draw = await self.repository.session.scalar(
            select(Draw)
            .where(Draw.id == draw_id, Draw.drawn_at.is_(None), Draw.voided_at.is_(None))
            .with_for_update(skip_locked=True)
        )
        if draw is None:
            return Step.WAIT
        step = rules.next_step(
            attempts=draw.attempts,
            last_attempt_at=draw.last_attempt_at,
            alerted=draw.alerted_at is not None,
            now=now,
            catch_up=catch_up,
        )
        if step is Step.TRY:
            draw.attempts, draw.last_attempt_at = draw.attempts + 1, now
        elif step is Step.ALERT:
            draw.alerted_at = now
        return step
