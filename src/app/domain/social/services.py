"""Who is friends with whom."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ARRAY, BigInteger, ColumnElement, bindparam, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.social.models import Friendship
from app.domain.social.rules import AlreadyFriends, FriendOfYourself, NoSuchRequest, NotFriends, pair

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

    async def request(self, user_id: int, other_id: int) -> Friendship:
        """Ask for a friendship. Asking again changes nothing; asking back accepts.

        Raises FriendOfYourself, AlreadyFriends.
        """
        if user_id == other_id:
            raise FriendOfYourself
        low, high = pair(user_id, other_id)
        row = {"low_id": low, "high_id": high, "asked_by": user_id}
        await self.session.execute(insert(Friendship).values(row).on_conflict_do_nothing())
        friendship = await self._between(user_id, other_id)
        if friendship is None:
            raise NoSuchRequest
        if friendship.accepted_at:
            raise AlreadyFriends
        if friendship.asked_by != user_id:
            friendship.accepted_at = datetime.now(UTC)
        return friendship

    async def accept(self, user_id: int, asker_id: int) -> Friendship:
        """Accept what somebody asked for. Accepting again changes nothing. Raises NoSuchRequest."""
        friendship = await self._between(user_id, asker_id)
        if friendship is None or friendship.asked_by != asker_id:
            raise NoSuchRequest
        friendship.accepted_at = friendship.accepted_at or datetime.now(UTC)
        return friendship

    async def drop_request(self, user_id: int, other_id: int) -> None:
        """Decline a request that was received, or take back one that was sent. Raises NoSuchRequest."""
        friendship = await self._between(user_id, other_id)
        if friendship is None or friendship.accepted_at:
            raise NoSuchRequest
        await self.session.delete(friendship)

    async def remove(self, user_id: int, other_id: int) -> None:
        """End a friendship, for both. Raises NotFriends."""
        friendship = await self._between(user_id, other_id)
        if friendship is None or not friendship.accepted_at:
            raise NotFriends
        await self.session.delete(friendship)

    async def are_friends(self, one: int, other: int) -> bool:
        low, high = pair(one, other)
        found = select(Friendship.low_id).where(
            Friendship.low_id == low, Friendship.high_id == high, Friendship.accepted_at.is_not(None)
        )
        return await self.session.scalar(found) is not None

    async def among(self, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
        """Which of these pairs, whoever is named first, are friends?"""
        rows = await self.session.execute(
            friends_among, {"ones": [one for one, _ in pairs], "others": [other for _, other in pairs]}
        )
        return {(row.one, row.other) for row in rows}

    async def friends_of(self, user_id: int, limit: int, offset: int) -> Sequence[Friendship]:
        """The newest first."""
        found = select(Friendship).where(concerns(user_id), Friendship.accepted_at.is_not(None))
        found = found.order_by(Friendship.accepted_at.desc()).limit(limit).offset(offset)
        return (await self.session.scalars(found)).all()

    async def requests_of(self, user_id: int, limit: int) -> Sequence[Friendship]:
        """Open requests from and to somebody, the newest first."""
        found = select(Friendship).where(concerns(user_id), Friendship.accepted_at.is_(None))
        return (await self.session.scalars(found.order_by(Friendship.asked_at.desc()).limit(limit))).all()

    async def _between(self, one: int, other: int) -> Friendship | None:
        """The row of a pair, locked: two who act on it at once take turns."""
        low, high = pair(one, other)
        found = select(Friendship).where(Friendship.low_id == low, Friendship.high_id == high).with_for_update()
        return await self.session.scalar(found)


def concerns(user_id: int) -> ColumnElement[bool]:
    return or_(Friendship.low_id == user_id, Friendship.high_id == user_id)
