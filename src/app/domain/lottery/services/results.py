from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ColumnElement, Row, Select, select

from app.domain.lottery.models import Ballot, Draw, Lottery, Winner, usernames
from app.domain.lottery.rules import DrawNotHeldYet
from app.domain.lottery.schemas import (
    DrawPage,
    DrawView,
    State,
    WinnerView,
    WinningBallot,
    WinningBallotView,
)
from app.domain.lottery.services.waiting import Waiting, level_in_sql
from app.domain.notices.services.notifications import Kind, Notice, NoticeBody
from app.errors import NotFound
from app.fairdraw.levels import LEVELS, Level


class Results(SQLAlchemyAsyncRepositoryService[Draw]):
    """Draws as everyone may read them."""

    class Repo(SQLAlchemyAsyncRepository[Draw]):
        model_type = Draw

    repository_type = Repo

    async def page(
        self, lottery: str, now: datetime, *, state: State | None, before: int | None, limit: int
    ) -> DrawPage:
        """Newest number first, from below `before` where one is given. Raises NotFound for an unknown lottery."""
        session = self.repository.session
        lottery_id = await session.scalar(select(Lottery.id).where(Lottery.name == lottery))
        if lottery_id is None:
            raise NotFound
        statement = _draws.where(Draw.lottery_id == lottery_id).order_by(Draw.number.desc()).limit(limit + 1)
        if state:
            statement = statement.where(_is_in(state, now))
        if before is not None:
            statement = statement.where(Draw.number < before)
        views = await self._views(statement, now)
        return DrawPage(draws=views[:limit], before=views[limit - 1].number if len(views) > limit else None)

    async def one(self, lottery: str, number_or_period: str, now: datetime) -> DrawView:
        """Raises NotFound."""
        views = await self._views(_draws.where(*known_as(lottery, number_or_period)), now)
        if not views:
            raise NotFound
        return views[0]

    async def draw(self, lottery: str, number_or_period: str) -> Draw:
        """Raises NotFound."""
        found = await self.repository.session.execute(_draws.where(*known_as(lottery, number_or_period)))
        row: Row[Draw, str, Level | None] | None = found.one_or_none()
        if row is None:
            raise NotFound
        return row[0]

    async def held_draw(self, lottery: str, number_or_period: str) -> Draw:
        """One that the log has a result of. Raises NotFound, DrawNotHeldYet."""
        draw = await self.draw(lottery, number_or_period)
        if draw.drawn_at is None:
            raise DrawNotHeldYet
        if draw.open_id is None:
            raise NotFound("This draw is older than the log, and has no transcript.")
        return draw

    async def of_draw(self, draw_id: int, now: datetime) -> DrawView:
        return (await self._views(_draws.where(Draw.id == draw_id), now))[0]

    async def next_to_close(self, now: datetime, limit: int) -> list[DrawView]:
        """Of all lotteries, the next one first."""
        return await self._views(_draws.where(_is_in("open", now)).order_by(Draw.closes_at).limit(limit), now)

    async def last_held(self, now: datetime, limit: int) -> list[DrawView]:
        """Of all lotteries, the one that was opened last first, which has a key to be found by."""
        return await self._views(_draws.where(_is_in("drawn", now)).order_by(Draw.id.desc()).limit(limit), now)

    async def notices(self, draw_id: int, draw: DrawView) -> list[Notice]:
        """What the winners of a draw should know, one for each prize."""
        rows = await self.repository.session.execute(
            select(Winner.prize, Ballot.user_id)
            .join(Ballot, Ballot.id == Winner.ballot_id)
            .where(Winner.draw_id == draw_id, Ballot.user_id.is_not(None))
        )
        return [
            Notice(
                user_id=user_id,
                key=f"draw_won:{draw_id}:{prize}",
                kind=Kind.DRAW_WON,
                body=NoticeBody(lottery=draw.lottery, number=draw.number, period=draw.period, prize=prize),
            )
            for prize, user_id in rows
        ]

    async def winning_ballot(self, day: date, now: datetime) -> WinningBallot:
        """Of the daily draw *for* this date, whenever it ran. Raises NotFound, DrawNotHeldYet."""
        draw = await self.one("daily", day.isoformat(), now)
        if draw.state != "drawn":
            raise DrawNotHeldYet
        return WinningBallot(
            level=draw.level,
            level_proves=draw.level_proves,
            level_does_not_prove=draw.level_does_not_prove,
            draw_date=day,
            ballot=await self._winning_ballot(day, draw.winners[0]) if draw.winners else None,
        )

    async def _winning_ballot(self, day: date, winner: WinnerView) -> WinningBallotView:
        ballot = await self.repository.session.get_one(Ballot, winner.ballot_id)
        return WinningBallotView(
            id=ballot.id,
            seq=ballot.seq,
            draw_date=day,
            submitted_at=ballot.submitted_at,
            username=winner.username,
        )

    async def _views(self, statement: Select[Draw, str, Level | None], now: datetime) -> list[DrawView]:
        """Winners are read after the draws, so that a draw shown as drawn has all of them."""
        rows = (await self.repository.session.execute(statement)).all()
        winners = await self._winners([draw.id for draw, *_ in rows if draw.drawn_at])
        waiting = await Waiting(self.repository.session).of_draws([draw for draw, *_ in rows])
        return [
            DrawView(
                level=level,
                level_proves=LEVELS[level].proves,
                level_does_not_prove=LEVELS[level].does_not_prove,
                lottery=lottery,
                number=draw.number,
                period=draw.period,
                date=draw.date,
                state=state_of(draw, now),
                opens_at=draw.opens_at,
                closes_at=draw.closes_at,
                drawn_at=draw.drawn_at,
                voided_at=draw.voided_at,
                open_id=draw.open_id.hex() if draw.open_id else None,
                root=draw.root.hex() if draw.root else None,
                ballots=draw.ballots,
                prizes=draw.prizes,
                beacon_round=draw.beacon_round,
                waiting_for=waiting[draw.id],
                winners=winners[draw.id],
            )
            for draw, lottery, level in rows
        ]

    async def _winners(self, draw_ids: Sequence[int]) -> defaultdict[int, list[WinnerView]]:
        winners: defaultdict[int, list[WinnerView]] = defaultdict(list)
        if not draw_ids:
            return winners
        rows = await self.repository.session.execute(
            select(Winner.draw_id, Winner.prize, Winner.ballot_id, usernames.c.username)
            .join(Ballot, Ballot.id == Winner.ballot_id)
            .outerjoin(usernames, (usernames.c.id == Ballot.user_id) & Winner.named)
            .where(Winner.draw_id.in_(draw_ids))
            .order_by(Winner.draw_id, Winner.prize)
        )
        for draw_id, prize, ballot_id, username in rows:
            winners[draw_id].append(WinnerView(prize=prize, ballot_id=ballot_id, username=username))
        return winners


_draws = select(Draw, Lottery.name, level_in_sql()).join(Lottery, Lottery.id == Draw.lottery_id)


def known_as(lottery: str, number_or_period: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """A draw by its number, or by what it is for."""
    by_number = number_or_period.isdecimal()
    return Lottery.name == lottery, (
        Draw.number == int(number_or_period) if by_number else Draw.period == number_or_period
    )


def state_of(draw: Draw, now: datetime) -> State:
    if draw.drawn_at:
        return "drawn"
    if draw.voided_at:
        return "void"
    return "open" if now < draw.closes_at else "closed"


def _is_in(state: State, now: datetime) -> ColumnElement[bool]:
    undrawn = Draw.drawn_at.is_(None) & Draw.voided_at.is_(None)
    return {
        "drawn": Draw.drawn_at.is_not(None),
        "void": Draw.voided_at.is_not(None),
        "open": undrawn & (Draw.closes_at > now),
        "closed": undrawn & (Draw.closes_at <= now),
    }[state]
