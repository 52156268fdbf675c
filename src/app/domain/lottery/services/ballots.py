"""Taking part: ballots are stored with what will prove them, and answered with a receipt."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import Result, Row, func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_if_new

from app.domain.lottery.models import Ballot, Draw, Lottery, Salt, Submission, usernames
from app.domain.lottery.rules import NoncesMiscounted, TooManyBallots
from app.domain.lottery.schemas import SubmitBallots, SubmittedBallot, SubmittedBallots
from app.domain.lottery.services.draws import Draws
from app.domain.lottery.services.eligibility import check_may_take_part
from app.domain.lottery.services.log import key_of
from app.domain.lottery.services.lotteries import Lotteries
from app.domain.lottery.services.receipts import receipt_of
from app.domain.lottery.services.results import Results
from app.errors import IdempotencyConflict, NotLoggedIn
from app.fairdraw.draws import user_tag
from app.fairdraw.hashing import HASH_BYTES
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
        NotVerified, NotOfTheGroup, NoncesMiscounted, IdempotencyConflict, and NotLoggedIn when the account is gone.
        """
        if wanted.nonces is not None and len(wanted.nonces) != wanted.count:
            raise NoncesMiscounted
        if key and (earlier := await self._submission(user_id, key)):
            return await self._answer_again(earlier, wanted, settings, now)
        session = self.repository.session
        lottery = await Lotteries(session=session).taking_ballots(wanted.lottery, settings, now)
        draw = await Draws(session=session).taking_ballots(lottery, wanted.draw_date, now)
        if key and (twin := await self._take_key(user_id, key, draw, wanted)):
            return await self._answer_again(twin, wanted, settings, now)
        await check_may_take_part(session, draw, user_id)
        most = draw.ballots_per_user or settings.ballots_per_draw
        if await self._held_by(user_id, draw.id) + wanted.count > most:
            raise TooManyBallots(f"One person may have at most {most} ballots for this draw.")
        tagged = user_tag(await self._salt(user_id, draw.id), user_id)
        chosen = [bytes.fromhex(nonce) for nonce in wanted.nonces or ()]
        nonces = chosen or [secrets.token_bytes(HASH_BYTES) for _ in range(wanted.count)]
        ballot = {"draw_id": draw.id, "user_id": user_id, "user_tag": tagged, "submitted_at": now}
        await session.execute(
            insert(Ballot),
            [ballot | {"seq": seq, "nonce": nonce} for seq, nonce in enumerate(nonces, start=draw.ballots)],
        )
        first_seq, draw.ballots = draw.ballots, draw.ballots + wanted.count
        await session.flush()
        return await self._answer(user_id, draw.id, range(first_seq, draw.ballots), settings, now)

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
                nonces=joined(wanted.nonces),
            )
            .on_conflict_do_nothing(index_elements=[Submission.user_id, Submission.idempotency_key])
            .returning(Submission.id)
        )
        return None if taken else await self._submission(user_id, key)

    async def _answer_again(
        self, earlier: Row[Submission, str], wanted: SubmitBallots, settings: Settings, now: datetime
    ) -> SubmittedBallots:
        submission, lottery = earlier
        asked = (wanted.lottery, wanted.draw_date, wanted.count, joined(wanted.nonces))
        if (lottery, submission.requested_date, submission.count, submission.nonces) != asked:
            raise IdempotencyConflict
        seqs = range(submission.first_seq, submission.first_seq + submission.count)
        return await self._answer(submission.user_id, submission.draw_id, seqs, settings, now)

    async def _answer(
        self, user_id: int, draw_id: int, seqs: range, settings: Settings, now: datetime
    ) -> SubmittedBallots:
        draw = await Results(session=self.repository.session).of_draw(draw_id, now)
        ballots = await self.get_many(
            Ballot.draw_id == draw_id, Ballot.seq.between(seqs[0], seqs[-1]), order_by=("seq", False)
        )
        key = key_of(settings)
        return SubmittedBallots(
            draw=draw,
            ballots=[
                SubmittedBallot(
                    id=ballot.id,
                    seq=ballot.seq,
                    draw_date=draw.date,
                    submitted_at=ballot.submitted_at,
                    receipt=receipt_of(ballot, draw.lottery, draw.number, key),
                )
                for ballot in ballots
            ],
            user_id=user_id,
            salt=(await self._salt(user_id, draw_id)).hex(),
        )

    async def _salt(self, user_id: int, draw_id: int) -> bytes:
        """The user's for this draw, made with the first ballot."""
        session = self.repository.session
        kept: Salt | None = await session.get(Salt, (draw_id, user_id))
        if kept is None:
            fresh = insert_if_new(Salt).values(user_id=user_id, draw_id=draw_id, salt=secrets.token_bytes(HASH_BYTES))
            await session.execute(fresh.on_conflict_do_nothing())
            kept = await session.get_one(Salt, (draw_id, user_id))
        return kept.salt


def joined(nonces: Sequence[str] | None) -> bytes | None:
    return bytes.fromhex("".join(nonces)) if nonces is not None else None
