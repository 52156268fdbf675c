"""One's own ballots: whose a ballot is, nobody else is told."""

from datetime import date, datetime
from uuid import UUID

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import Row, case, select

from app.domain.lottery.models import Ballot, Draw, Lottery, Salt, Winner
from app.domain.lottery.rules import NotAWinner
from app.domain.lottery.schemas import BallotFile, MyBallotPage, MyBallotView
from app.domain.lottery.services.log import key_of
from app.domain.lottery.services.proofs import Proofs
from app.domain.lottery.services.receipts import receipt_of
from app.domain.lottery.services.results import state_of
from app.domain.lottery.services.waiting import level_in_sql
from app.errors import NotFound
from app.fairdraw.levels import LEVELS
from app.settings import Settings


class OwnBallots(SQLAlchemyAsyncRepositoryService[Ballot]):
    class Repo(SQLAlchemyAsyncRepository[Ballot]):
        model_type = Ballot

    repository_type = Repo

    async def page(
        self,
        user_id: int,
        now: datetime,
        *,
        lottery: str | None,
        day: date | None,
        number: int | None = None,
        before: UUID | None,
        limit: int,
    ) -> MyBallotPage:
        """Newest first, from before a ballot's id where one is given."""
        won = case((Draw.drawn_at.is_not(None), Winner.ballot_id.is_not(None)))
        statement = (
            select(Ballot, Draw, Lottery.name, won.label("won"), Winner.named, level_in_sql())
            .join(Draw, Draw.id == Ballot.draw_id)
            .join(Lottery, Lottery.id == Draw.lottery_id)
            .outerjoin(Winner, Winner.ballot_id == Ballot.id)
            .where(Ballot.user_id == user_id)
            .order_by(Ballot.id.desc())
            .limit(limit + 1)
        )
        if lottery:
            statement = statement.where(Lottery.name == lottery)
        if day:
            statement = statement.where(Draw.date == day)
        if number:
            statement = statement.where(Draw.number == number)
        if before:
            statement = statement.where(Ballot.id < before)
        found = [
            MyBallotView(
                id=ballot.id,
                seq=ballot.seq,
                draw_date=draw.date,
                submitted_at=ballot.submitted_at,
                lottery=name,
                number=draw.number,
                won=has_won,
                named=named,
                state=state_of(draw, now),
                level=level,
                level_proves=LEVELS[level].proves,
                level_does_not_prove=LEVELS[level].does_not_prove,
            )
            for ballot, draw, name, has_won, named, level in await self.repository.session.execute(statement)
        ]
        return MyBallotPage(ballots=found[:limit], before=found[limit - 1].id if len(found) > limit else None)

    async def file(self, user_id: int, ballot_id: UUID, settings: Settings) -> BallotFile:
        """Everything that proves a ballot. Raises NotFound for one that is not the user's."""
        ballot, draw, lottery = await self._owned(user_id, ballot_id)
        session = self.repository.session
        receipt = receipt_of(ballot, lottery, draw.number, key_of(settings))
        return BallotFile(
            receipt=receipt.receipt,
            signature=receipt.signature,
            user_id=user_id,
            salt=(await session.get_one(Salt, (draw.id, user_id))).salt.hex(),
            inclusion=await Proofs(session).inclusion(draw, ballot.seq) if draw.close_id else None,
        )

    async def name(self, user_id: int, ballot_id: UUID, *, named: bool) -> None:
        """Whether everybody may know who won with this ballot. Raises NotFound, NotAWinner."""
        ballot, _, _ = await self._owned(user_id, ballot_id)
        winner = await self.repository.session.scalar(select(Winner).where(Winner.ballot_id == ballot.id))
        if winner is None:
            raise NotAWinner
        winner.named = named
        await self.repository.session.flush()

    async def _owned(self, user_id: int, ballot_id: UUID) -> Row[Ballot, Draw, str]:
        found = await self.repository.session.execute(
            select(Ballot, Draw, Lottery.name)
            .join(Draw, Draw.id == Ballot.draw_id)
            .join(Lottery, Lottery.id == Draw.lottery_id)
            .where(Ballot.id == ballot_id, Ballot.user_id == user_id)
        )
        owned: Row[Ballot, Draw, str] | None = found.one_or_none()
        if owned is None:
            raise NotFound
        return owned
