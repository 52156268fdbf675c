from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ScalarResult, Select, exists, func, select

from app.domain.lottery.models import Draw, DrawAlert, Lottery
from app.domain.lottery.rules import DrawClosed, NoSuchDate
from app.domain.lottery.rules.alerts import Reason
from app.domain.lottery.rules.cadences import cadence_named
from app.domain.lottery.rules.minutes import COUNTDOWN_MINUTES, Step, is_countdown, next_step
from app.domain.lottery.rules.opening import Opened, has_passed, name_for_ballots, periods_to_open
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
        of_this = Draw.lottery_id == lottery_id
        newest = (
            await session.execute(
                select(Draw.period, Draw.closes_at).where(of_this).order_by(Draw.period.desc()).limit(1)
            )
        ).one_or_none()
        last_number = await session.scalar(select(func.max(Draw.number)).where(of_this)) or 0
        opened = Opened(newest.period, newest.closes_at) if newest else None
        periods = periods_to_open(cadence_named(lottery.cadence), ZoneInfo(lottery.zone), now, opened)
        session.add_all(
            Draw(
                lottery_id=lottery_id,
                number=number,
                period=period.name,
                date=period.date,
                zone=lottery.zone,
                prizes=lottery.prizes,
                ballots_per_user=lottery.ballots_per_user,
                audience=lottery.audience,
                opens_at=min(now, period.closes_at),
                closes_at=period.closes_at,
            )
            for number, period in enumerate(periods, start=last_number + 1)
        )
        await session.flush()

    async def taking_ballots(self, lottery: Lottery, day: date | None, now: datetime) -> Draw:
        """The draw that a ballot for this date takes part in, or without one the next to close; locked to the commit.

        What counts is when the draw closes, which was fixed when it was opened, and not which date the zone shows.
        Raises DrawClosed, DateTooFarAhead, NoSuchDate.

        The lock is FOR UPDATE, not FOR SHARE: the row gives out the ballots' seqs, so that submitters take turns in any
        case, and of two who shared it each would wait for the other. What closes by the clock is refused before the
        lock, which late submitters could otherwise keep from those who draw.
        """
        cadence, zone = cadence_named(lottery.cadence), ZoneInfo(lottery.zone)
        name = name_for_ballots(cadence, zone, now, day) if day else None
        draw = await self._open_one(lottery.id, name, now)
        if draw is None:  # A new date began since the last reconcile.
            await self.open(lottery.id, now)
            draw = await self._open_one(lottery.id, name, now)
        if draw is None:
            over = name is None or has_passed(cadence, zone, now, name)
            raise DrawClosed if over or await self.exists(lottery_id=lottery.id, period=name) else NoSuchDate
        await self.repository.session.refresh(draw, with_for_update=True)
        if draw.frozen_at:  # By a clock that is ahead of ours, or because it is void.
            raise DrawClosed
        return draw

    async def _open_one(self, lottery_id: int, name: str | None, now: datetime) -> Draw | None:
        unfinished = (Draw.drawn_at.is_(None), Draw.voided_at.is_(None))
        takes_ballots = (Draw.lottery_id == lottery_id, *unfinished, Draw.frozen_at.is_(None), Draw.closes_at > now)
        statement = select(Draw).where(*takes_ballots).order_by(Draw.number).limit(1)
        if name is not None:
            statement = statement.where(Draw.period == name)
        found: Draw | None = await self.repository.session.scalar(statement)
        return found

    async def lotteries_to_open(self) -> Sequence[int]:
        """Those with a draw that has no open record yet."""
        unopened = (Draw.open_id.is_(None), Draw.drawn_at.is_(None), Draw.voided_at.is_(None))
        found: ScalarResult[int] = await self.repository.session.scalars(
            select(Draw.lottery_id).where(*unopened).distinct().order_by(Draw.lottery_id)
        )
        return found.all()

    async def closing(self, now: datetime) -> list[ClosingFrame]:
        """What is to be said in this minute about draws that are about to close."""
        soon = now + timedelta(minutes=max(COUNTDOWN_MINUTES) + 1)
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
            if is_countdown(draw.closes_at, now)
        ]

    async def due(self, now: datetime) -> Sequence[Draw]:
        """Draws that should have a result by now, and lack nothing for it; by lottery, in order of their numbers."""
        unfinished = (Draw.drawn_at.is_(None), Draw.voided_at.is_(None), Draw.closes_at <= now)
        return await self.get_many(
            *unfinished, ~waits_for_sources(), order_by=[("lottery_id", False), ("number", False)]
        )

    async def claim(self, draw_id: int, now: datetime, *, catch_up: bool) -> Step:
        """Count an attempt, if it is time for one. Commit it before making the attempt.

        A row that is locked is being drawn, or takes its last ballot, right now: it is left for the next minute.
        """
        draw = await self.repository.session.scalar(
            select(Draw)
            .where(Draw.id == draw_id, Draw.drawn_at.is_(None), Draw.voided_at.is_(None))
            .with_for_update(skip_locked=True)
        )
        if draw is None:
            return Step.WAIT
        step = next_step(
            attempts=draw.attempts,
            last_attempt_at=draw.last_attempt_at,
            alerted=bool(await self.repository.session.scalar(_given_up(draw_id))),
            now=now,
            catch_up=catch_up,
        )
        if step is Step.TRY:
            draw.attempts, draw.last_attempt_at = draw.attempts + 1, now
        return step


def _given_up(draw_id: int) -> Select[bool]:
    """Have ten attempts failed, and do the operators know?"""
    return select(exists().where(DrawAlert.draw_id == draw_id, DrawAlert.reason == Reason.FAILED.value))
