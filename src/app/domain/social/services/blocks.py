"""Who has blocked whom. While a block stands, nothing passes between the two, whoever made it."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ARRAY, BigInteger, any_, delete, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.social.models import Block, Friendship
from app.domain.social.rules import BLOCKS, BlockingYourself, TooManyBlocks
from app.domain.social.services.pairs import pair, take_turns


class Blocking(NamedTuple):
    """What blocking somebody came to."""

    block: Block
    is_new: bool
    ended: Friendship | None
    """The friendship, or the open request, that it was the end of."""


class Blocks(SQLAlchemyAsyncRepositoryService[Block]):
    class Repo(SQLAlchemyAsyncRepository[Block]):
        model_type = Block

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def block(self, user_id: int, other_id: int) -> Blocking:
        """Block somebody, who must exist; what there was of a friendship ends. Blocking again changes nothing.

        Raises BlockingYourself, TooManyBlocks.
        """
        if user_id == other_id:
            raise BlockingYourself
        await take_turns(self.session, user_id, other_id)
        standing = await self.session.get(Block, (user_id, other_id))
        if standing:
            return Blocking(standing, is_new=False, ended=None)
        made = select(func.count()).where(Block.blocker_id == user_id)
        if (await self.session.scalar(made) or 0) >= BLOCKS:
            raise TooManyBlocks
        new = insert(Block).values(blocker_id=user_id, blocked_id=other_id).returning(Block)
        block = (await self.session.scalars(new)).one()
        low, high = pair(user_id, other_id)
        end = delete(Friendship).where(Friendship.low_id == low, Friendship.high_id == high).returning(Friendship)
        return Blocking(block, is_new=True, ended=await self.session.scalar(end))

    async def unblock(self, user_id: int, other_id: int) -> bool:
        """Whether there was a block to lift. What the other has blocked stays blocked."""
        await take_turns(self.session, user_id, other_id)
        lifted = delete(Block).where(Block.blocker_id == user_id, Block.blocked_id == other_id)
        return await self.session.scalar(lifted.returning(Block.blocked_id)) is not None

    async def list_of(self, user_id: int, limit: int, offset: int) -> Sequence[Block]:
        """Whom somebody has blocked, the latest first."""
        found = select(Block).where(Block.blocker_id == user_id).order_by(Block.since.desc(), Block.blocked_id)
        return (await self.session.scalars(found.limit(limit).offset(offset))).all()

    async def stands_between(self, one: int, other: int) -> bool:
        """Has either of the two blocked the other?"""
        found = select(Block.since).where(
            or_(
                (Block.blocker_id == one) & (Block.blocked_id == other),
                (Block.blocker_id == other) & (Block.blocked_id == one),
            )
        )
        return await self.session.scalar(found.limit(1)) is not None

    async def hidden_from(self, user_ids: Collection[int]) -> dict[int, frozenset[int]]:
        """For each of these people, all whom they have blocked or who have blocked them; nobody, for most."""
        asked = any_(literal(list(user_ids), ARRAY(BigInteger)))
        found = select(Block.blocker_id, Block.blocked_id).where(
            or_(Block.blocker_id == asked, Block.blocked_id == asked)
        )
        hidden: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
        for blocker_id, blocked_id in await self.session.execute(found):
            for one, other in ((blocker_id, blocked_id), (blocked_id, blocker_id)):
                if one in hidden:
                    hidden[one].add(other)
        return {user_id: frozenset(others) for user_id, others in hidden.items()}
