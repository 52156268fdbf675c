"""Beginning a round in a group, and calling it off: acts in the group, told in its own sequence."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import cast

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.roles import Act
from app.domain.chat.rules import NotAMember
from app.domain.chat.services.acts import Acting, Happening
from app.domain.chat.services.conversations import Conversations
from app.domain.game.models import Round
from app.domain.game.rules import (
    NoSuchRound,
    NothingLeftToLuck,
    RoundClosed,
    closing_time,
)
from app.domain.game.schemas.rounds import Reason, RoundRequest
from app.domain.game.services.chains import next_place, seed_of
from app.domain.game.services.clock import now
from app.domain.game.services.registry import game_called
from app.domain.game.services.telling import card_of
from app.errors import IdempotencyConflict

FINGERPRINT_BYTES = 8


class Rounds(SQLAlchemyAsyncRepositoryService[Round]):
    class Repo(SQLAlchemyAsyncRepository[Round]):
        model_type = Round

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def open(self, actor_id: int, asked: RoundRequest, key: str, secret: bytes) -> tuple[Round, Happening]:
        """Begin a round, and commit to its seed. Under the same key of the same person it is the same round, ever.

        Raises NotAMember, NotAGroup, NotAllowedHere, NoSuchGame, NothingLeftToLuck, RoundEndRefused, TooManyRounds,
        IdempotencyConflict.
        """
        acting = await Acting.of_member(self.session, asked.conversation_id, actor_id)
        acting.require(Act.HOLD_ROUNDS)
        mark = blake2b(msgspec.msgpack.encode(asked), digest_size=FINGERPRINT_BYTES).digest()
        if earlier := await self._earlier(asked.conversation_id, actor_id, key):
            if earlier.fingerprint != mark:
                raise IdempotencyConflict
            return earlier, await acting.finish()
        if not game_called(asked.game).is_lucky:
            raise NothingLeftToLuck
        opened_at = await now(self.session)
        chain, place = await next_place(self.session, asked.conversation_id, secret)
        held = Round(
            conversation_id=asked.conversation_id,
            game=asked.game,
            opened_by=actor_id,
            idempotency_key=key,
            fingerprint=mark,
            opened_at=opened_at,
            closes_at=closing_time(opened_at, asked.closes_at, asked.closes_in),
            chain_id=chain.id,
            number=place.number,
            genesis=place.genesis,
            commitment=place.commitment,
        )
        self.session.add(held)
        await self.session.flush()
        acting.tell("round_opened", content=held.game, card=card_of(held, "open"))
        return held, await acting.finish()

    async def cancel(self, round_id: int, actor_id: int, secret: bytes) -> tuple[Round, Happening]:
        """Call a round off before it closes; once more, it changes nothing.

        Raises NoSuchRound, NotAllowedHere, RoundClosed.
        """
        await self.of_member(round_id, actor_id)
        held = await self.locked(round_id)
        acting = await self._acting(held, actor_id)
        acting.require(Act.HOLD_ROUNDS)
        if held.cancelled_at is None:
            if held.closed_at or await now(self.session) >= held.closes_at:
                raise RoundClosed
            await self.call_off(held, acting, "called off", await seed_of(self.session, held, secret))
        return held, await acting.finish()

    async def call_off(self, held: Round, acting: Acting | None, reason: Reason, seed: bytes | None) -> None:
        """Its seed is shown all the same, so that everybody can see what was called off."""
        held.cancelled_at, held.cancelled_because, held.seed = await now(self.session), reason, seed
        await self.session.flush()
        if acting:
            acting.tell("round_cancelled", content=held.game, card=card_of(held, "cancelled"))

    async def of_member(self, round_id: int, user_id: int) -> Round:
        """Raises NoSuchRound to everybody who is not in its group."""
        held = await self.session.get(Round, round_id)
        if held is None:
            raise NoSuchRound
        try:
            await Conversations(session=self.session).of_member(held.conversation_id, user_id)
        except NotAMember as error:
            raise NoSuchRound from error
        return held

    async def of_group(self, group_id: int, reader_id: int, before: int | None, limit: int) -> Sequence[Round]:
        """The newest first. Raises NotAMember."""
        await Conversations(session=self.session).of_member(group_id, reader_id)
        found = select(Round).where(Round.conversation_id == group_id).order_by(Round.id.desc()).limit(limit)
        if before is not None:
            found = found.where(Round.id < before)
        return (await self.session.scalars(found)).all()

    async def locked(self, round_id: int) -> Round:
        """Before the group, always in this order, so that nobody waits for each other."""
        found = select(Round).where(Round.id == round_id).with_for_update()
        return (await self.session.scalars(found, execution_options={"populate_existing": True})).one()

    async def _acting(self, held: Round, actor_id: int) -> Acting:
        try:
            return await Acting.of_member(self.session, held.conversation_id, actor_id)
        except NotAMember as error:
            raise NoSuchRound from error

    async def _earlier(self, group_id: int, actor_id: int, key: str) -> Round | None:
        named = (Round.conversation_id == group_id, Round.opened_by == actor_id, Round.idempotency_key == key)
        return await self.session.scalar(select(Round).where(*named))
