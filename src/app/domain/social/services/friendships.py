"""Who is friends with whom. All that changes something takes turns for its pair, with blocks too."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, bindparam, delete, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.social.models import Friendship
from app.domain.social.rules import (
    OPEN_REQUESTS,
    AlreadyFriends,
    FriendOfYourself,
    NoSuchRequest,
    NotFriends,
    TooManyOpenRequests,
)
from app.domain.social.services.blocks import Blocks
from app.domain.social.services.pairs import pair, take_turns
from app.errors import NoSuchUser

friends_among = text("""
    SELECT one, other
    FROM unnest(:ones, :others) AS pair (one, other)
    JOIN friendships ON low_id = least(one, other) AND high_id = greatest(one, other) AND accepted_at IS NOT NULL
""").bindparams(bindparam("ones", type_=ARRAY(BigInteger)), bindparam("others", type_=ARRAY(BigInteger)))


class Friendships(SQLAlchemyAsyncRepositoryService[Friendship]):
    class Repo(SQLAlchemyAsyncRepository[Friendship]):
        model_type = Friendship

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def request(self, user_id: int, other_id: int) -> tuple[Friendship, bool]:
        """Ask for a friendship: what there is now, and whether that is new. Asking back accepts.

        Raises FriendOfYourself, AlreadyFriends, TooManyOpenRequests; NoSuchUser while a block stands, whoever made it.
        """
        if user_id == other_id:
            raise FriendOfYourself
        await take_turns(self.session, user_id, other_id)
        if await Blocks(session=self.session).stands_between(user_id, other_id):
            raise NoSuchUser
        friendship = await self._between(user_id, other_id)
        if friendship is None:
            return await self._ask(user_id, other_id), True
        if friendship.accepted_at:
            raise AlreadyFriends
        if friendship.asked_by == user_id:
            return friendship, False
        friendship.accepted_at = datetime.now(UTC)
        return friendship, True

    async def accept(self, user_id: int, asker_id: int) -> tuple[Friendship, bool]:
        """Accept what somebody asked for: the friendship, and whether it is new. Raises NoSuchRequest."""
        await take_turns(self.session, user_id, asker_id)
        friendship = await self._between(user_id, asker_id)
        if friendship is None or friendship.asked_by != asker_id:
            raise NoSuchRequest
        is_new = friendship.accepted_at is None
        friendship.accepted_at = friendship.accepted_at or datetime.now(UTC)
        return friendship, is_new

    async def drop_request(self, user_id: int, other_id: int) -> Friendship:
        """Decline a request that was received, or take back one that was sent. Raises NoSuchRequest."""
        await take_turns(self.session, user_id, other_id)
        friendship = await self._between(user_id, other_id)
        if friendship is None or friendship.accepted_at:
            raise NoSuchRequest
        await self.session.delete(friendship)
        return friendship

    async def remove(self, user_id: int, other_id: int) -> Friendship:
        """End a friendship, for both. Raises NotFriends."""
        await take_turns(self.session, user_id, other_id)
        friendship = await self._between(user_id, other_id)
        if friendship is None or not friendship.accepted_at:
            raise NotFriends
        await self.session.delete(friendship)
        return friendship

    async def end_some(self, user_id: int, limit: int) -> Sequence[Friendship]:
        """End friendships and requests of somebody whose account is closed; none when there is no further one."""
        some = select(Friendship.low_id, Friendship.high_id).where(concerns(user_id)).limit(limit)
        ended = delete(Friendship).where(tuple_(Friendship.low_id, Friendship.high_id).in_(some))
        return (await self.session.scalars(ended.returning(Friendship))).all()

    async def are_friends(self, one: int, other: int) -> bool:
        friendship = await self._between(one, other)
        return friendship is not None and friendship.accepted_at is not None

    async def among(self, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
        """Which of these pairs, whoever is named first, are friends?"""
        if not pairs:
            return set()
        rows = await self.session.execute(
            friends_among, {"ones": [one for one, _ in pairs], "others": [other for _, other in pairs]}
        )
        return {(row.one, row.other) for row in rows}

    async def friends_of(self, user_id: int, limit: int, offset: int) -> Sequence[Friendship]:
        """The newest first."""
        found = select(Friendship).where(concerns(user_id), Friendship.accepted_at.is_not(None))
        return await self._page(found.order_by(Friendship.accepted_at.desc()), limit, offset)

    async def received_by(self, user_id: int, limit: int, offset: int) -> Sequence[Friendship]:
        """Open requests to somebody, the newest first."""
        found = select(Friendship).where(concerns(user_id), is_open, Friendship.asked_by != user_id)
        return await self._page(found.order_by(Friendship.asked_at.desc()), limit, offset)

    async def sent_by(self, user_id: int, limit: int, offset: int) -> Sequence[Friendship]:
        """Open requests of somebody, the newest first."""
        found = select(Friendship).where(concerns(user_id), is_open, Friendship.asked_by == user_id)
        return await self._page(found.order_by(Friendship.asked_at.desc()), limit, offset)

    async def _ask(self, user_id: int, other_id: int) -> Friendship:
        waiting = select(func.count()).where(concerns(user_id), is_open, Friendship.asked_by == user_id)
        if (await self.session.scalar(waiting) or 0) >= OPEN_REQUESTS:
            raise TooManyOpenRequests
        low, high = pair(user_id, other_id)
        asked = insert(Friendship).values(low_id=low, high_id=high, asked_by=user_id).returning(Friendship)
        return (await self.session.scalars(asked)).one()

    async def _between(self, one: int, other: int) -> Friendship | None:
        low, high = pair(one, other)
        found = select(Friendship).where(Friendship.low_id == low, Friendship.high_id == high)
        return await self.session.scalar(found)

    async def _page(self, found: Select[Friendship], limit: int, offset: int) -> Sequence[Friendship]:
        """In an order that leaves nothing to chance, so that no page repeats what another had."""
        ordered = found.order_by(Friendship.low_id, Friendship.high_id).limit(limit).offset(offset)
        return (await self.session.scalars(ordered)).all()


is_open = Friendship.accepted_at.is_(None)


def concerns(user_id: int) -> ColumnElement[bool]:
    return or_(Friendship.low_id == user_id, Friendship.high_id == user_id)
