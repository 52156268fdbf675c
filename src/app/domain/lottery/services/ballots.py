from datetime import date, datetime
from uuid import UUID

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import Result, Row, case, func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_if_new

from app.domain.lottery.models import Ballot, Draw, Lottery, Submission, Winner, usernames
from app.domain.lottery.rules import TooManyBallots
from app.domain.lottery.schemas import BallotView, MyBallotPage, MyBallotView, SubmitBallots, SubmittedBallots
from app.domain.lottery.services.draws import Draws
from app.domain.lottery.services.eligibility import check_may_take_part
from app.domain.lottery.services.lotteries import Lotteries
from app.domain.lottery.services.results import Results
from app.errors import IdempotencyConflict, NotLoggedIn
from app.settings import Settings


class Ballots(SQLAlchemyAsyncRepositoryService[Ballot]):
    class Repo(SQLAlchemyAsyncRepository[Ballot]):
        model_type = Ballot

    repository_type = Repo

    async def submit(
        self, user_id: int, wanted: SubmitBallots, *, key: str | None, settings: Settings, now: datetime
    ) -> SubmittedBallots:
        """All of the ballots or none. The same key with the same body answers the same ballots, for ever.

        Raises NotFound (no such lottery), LotteryEnded, DrawClosed, DateTooFarAhead, NoSuchDate, TooManyBallots,
        NotVerified, NotOfTheGroup, IdempotencyConflict, and NotLoggedIn when the account is gone.
        """
        if key and (earlier := await self._submission(user_id, key)):
            return await self._answer_again(earlier, wanted, now)
        session = self.repository.session
        lottery = await Lotteries(session=session).taking_ballots(wanted.lottery, settings, now)
        draw = await Draws(session=session).taking_ballots(lottery, wanted.draw_date, now)
        if key and (twin := await self._take_key(user_id, key, draw, wanted)):
            return await self._answer_again(twin, wanted, now)
        await check_may_take_part(session, draw, user_id)
        most = draw.ballots_per_user or settings.ballots_per_draw
        if await self._held_by(user_id, draw.id) + wanted.count > most:
            raise TooManyBallots(f"One person may have at most {most} ballots for this draw.")
        await session.execute(
            insert(Ballot),
            [
                {"draw_id": draw.id, "seq": draw.ballots + n, "user_id": user_id, "submitted_at": now}
                for n in range(wanted.count)
            ],
        )
        first_seq, draw.ballots = draw.ballots, draw.ballots + wanted.count
        await session.flush()
        return await self._answer(draw.id, first_seq, wanted.count, now)

    async def mine(
        self, user_id: int, *, lottery: str | None, day: date | None, before: UUID | None, limit: int
    ) -> MyBallotPage:
        """Somebody's own ballots, newest first, from before a ballot's id where one is given."""
        won = case((Draw.drawn_at.is_not(None), Winner.ballot_id.is_not(None)))
        statement = (
            select(Ballot.id, Ballot.seq, Ballot.submitted_at, Draw.number, Draw.date, Lottery.name, won.label("won"))
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
        if before:
            statement = statement.where(Ballot.id < before)
        found = [
            MyBallotView(
                id=row.id,
                seq=row.seq,
                draw_date=row.date,
                submitted_at=row.submitted_at,
                lottery=row.name,
                number=row.number,
                won=row.won,
            )
            for row in await self.repository.session.execute(statement)
        ]
        return MyBallotPage(ballots=found[:limit], before=found[limit - 1].id if len(found) > limit else None)

    async def _held_by(self, user_id: int, draw_id: int) -> int:
        """How many ballots the user has for the draw; the account stays until the commit. Raises NotLoggedIn."""
        held = select(func.count()).where(Ballot.draw_id == draw_id, Ballot.user_id == user_id)
        count: int | None = await self.repository.session.scalar(
            select(held.scalar_subquery())
            .select_from(usernames)
            .where(usernames.c.id == user_id)
            .with_for_update(read=True, key_share=True)
        )
        if count is None:
            raise NotLoggedIn
        return count

    async def _submission(self, user_id: int, key: str) -> Row[Submission, str] | None:
        found: Result[Submission, str] = await self.repository.session.execute(
            select(Submission, Lottery.name)
            .join(Draw, Draw.id == Submission.draw_id)
            .join(Lottery, Lottery.id == Draw.lottery_id)
            .where(Submission.user_id == user_id, Submission.idempotency_key == key)
        )
        return found.one_or_none()

    async def _take_key(self, user_id: int, key: str, draw: Draw, wanted: SubmitBallots) -> Row[Submission, str] | None:
        """The submission of another request that took the key while we waited for the draw, or None: it is ours."""
        taken = await self.repository.session.scalar(
            insert_if_new(Submission)
            .values(
                user_id=user_id,
                idempotency_key=key,
                draw_id=draw.id,
                requested_date=wanted.draw_date,
                first_seq=draw.ballots,
                count=wanted.count,
            )
            .on_conflict_do_nothing(index_elements=[Submission.user_id, Submission.idempotency_key])
            .returning(Submission.id)
        )
        return None if taken else await self._submission(user_id, key)

    async def _answer_again(
        self, earlier: Row[Submission, str], wanted: SubmitBallots, now: datetime
    ) -> SubmittedBallots:
        submission, lottery = earlier
        if (lottery, submission.requested_date, submission.count) != (wanted.lottery, wanted.draw_date, wanted.count):
            raise IdempotencyConflict
        return await self._answer(submission.draw_id, submission.first_seq, submission.count, now)

    async def _answer(self, draw_id: int, first_seq: int, count: int, now: datetime) -> SubmittedBallots:
        draw = await Results(session=self.repository.session).of_draw(draw_id, now)
        ballots = await self.get_many(
            Ballot.draw_id == draw_id, Ballot.seq.between(first_seq, first_seq + count - 1), order_by=("seq", False)
        )
        return SubmittedBallots(
            draw=draw,
            ballots=[
                BallotView(id=ballot.id, seq=ballot.seq, draw_date=draw.date, submitted_at=ballot.submitted_at)
                for ballot in ballots
            ],
        )
