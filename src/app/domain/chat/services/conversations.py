"""Who talks to whom: one conversation for each pair of people, and groups."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.models import Conversation, Member
from app.domain.chat.roles import Role
from app.domain.chat.rules import MEMBERS_SHOWN, NotAMember, TalkingToYourself, group_name, group_topic
from app.domain.social.services.pairs import pair


class Membership(NamedTuple):
    first: list[int]
    total: int


class Standing(NamedTuple):
    role: Role
    muted_until: datetime | None


first_members = text("""
    SELECT conversation_id, max(total) AS total, array_agg(user_id ORDER BY place) AS first
    FROM (
        SELECT conversation_id, user_id,
               count(*) OVER (PARTITION BY conversation_id) AS total,
               row_number() OVER (PARTITION BY conversation_id ORDER BY joined_at, user_id) AS place
        FROM members WHERE conversation_id = ANY(:ids) AND left_at IS NULL
    ) AS placed
    WHERE place <= :limit GROUP BY conversation_id
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)))

standing_of = text("""
    SELECT conversation_id, role, CASE WHEN muted_until > now() THEN muted_until END AS muted_until
    FROM members WHERE user_id = :user_id AND conversation_id = ANY(:ids)
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)))

not_members = text("""
    SELECT conversation_id, user_id FROM unnest(:conversations, :users) AS listener (conversation_id, user_id)
    EXCEPT SELECT conversation_id, user_id FROM members
           WHERE left_at IS NULL AND conversation_id = ANY(:conversations)
""").bindparams(bindparam("conversations", type_=ARRAY(BigInteger)), bindparam("users", type_=ARRAY(BigInteger)))

# Each pair is looked at by itself, from the conversations of the second, and no further than the first one they share.
sharing = text("""
    SELECT one, other
    FROM unnest(:ones, :others) AS pair (one, other)
    CROSS JOIN LATERAL (
        SELECT FROM members theirs
        JOIN members ours ON ours.conversation_id = theirs.conversation_id AND ours.user_id = one
        WHERE theirs.user_id = other AND theirs.left_at IS NULL AND ours.left_at IS NULL LIMIT 1
    ) AS shared
""").bindparams(bindparam("ones", type_=ARRAY(BigInteger)), bindparam("others", type_=ARRAY(BigInteger)))


def present(conversation_id: int) -> tuple[ColumnElement[bool], ...]:
    return Member.conversation_id == conversation_id, Member.left_at.is_(None)


async def admit(
    session: AsyncSession, conversation_id: int, user_ids: Collection[int], role: Role = Role.MEMBER
) -> None:
    """Make people members; who left before is back, who is a member stays as they are."""
    if not user_ids:
        return
    said = select(Conversation.last_seq).where(Conversation.id == conversation_id).scalar_subquery()
    row = {"conversation_id": conversation_id, "role": role, "last_read_seq": said}
    statement = insert(Member).values([{**row, "user_id": user_id} for user_id in sorted(user_ids)])
    renewed = {"role": statement.excluded.role, "last_read_seq": statement.excluded.last_read_seq}
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["conversation_id", "user_id"],
            set_={"left_at": None, "joined_at": func.now(), **renewed},
            where=Member.left_at.is_not(None),
        )
    )


def of_pair(low: int, high: int) -> Select[Conversation]:
    return select(Conversation).where(Conversation.pair_low == low, Conversation.pair_high == high)


class Conversations(SQLAlchemyAsyncRepositoryService[Conversation]):
    class Repo(SQLAlchemyAsyncRepository[Conversation]):
        model_type = Conversation

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def open_direct(self, user_id: int, other_id: int) -> tuple[Conversation, bool]:
        """The conversation of a pair, and whether it was created now. Two who open it at once get the same one."""
        if user_id == other_id:
            raise TalkingToYourself
        low, high = pair(user_id, other_id)
        values = {"kind": "direct", "pair_low": low, "pair_high": high, "created_by": user_id}
        statement = insert(Conversation).values(values).on_conflict_do_nothing().returning(Conversation.id)
        created = await self.session.scalar(statement)
        conversation = (await self.session.scalars(of_pair(low, high))).one()
        if created:
            await admit(self.session, conversation.id, {user_id, other_id})
        return conversation, created is not None

    async def direct_between(self, one: int, other: int) -> Conversation | None:
        return await self.session.scalar(of_pair(*pair(one, other)))

    async def open_group(
        self, owner_id: int, others: Collection[int], name: str | None, topic: str | None = None, *, joinable: bool
    ) -> Conversation:
        """Raises GroupNameRefused, UnstorableText."""
        values = {
            "kind": "group",
            "name": None if name is None else group_name(name),
            "topic": group_topic(topic),
            "joinable": joinable,
            "created_by": owner_id,
        }
        statement = insert(Conversation).values(values).returning(Conversation)
        conversation = (await self.session.scalars(statement)).one()
        await admit(self.session, conversation.id, {owner_id}, Role.OWNER)
        await admit(self.session, conversation.id, {*others} - {owner_id})
        return conversation

    async def of_member(self, conversation_id: int, user_id: int) -> Conversation:
        """The conversation, for somebody who is in it. Raises NotAMember to everyone else."""
        statement = (
            select(Conversation)
            .join(Member, Member.conversation_id == Conversation.id)
            .where(*present(conversation_id), Member.user_id == user_id)
        )
        conversation = await self.session.scalar(statement)
        if conversation is None:
            raise NotAMember
        return conversation

    async def list_of(self, user_id: int, limit: int, offset: int) -> Sequence[Conversation]:
        """Somebody's conversations, the one with the newest message first."""
        statement = (
            select(Conversation)
            .join(Member, Member.conversation_id == Conversation.id)
            .where(Member.user_id == user_id, Member.left_at.is_(None))
            .order_by(Conversation.last_activity_at.desc(), Conversation.id.desc())
            .limit(limit)
            .offset(offset)
        )
        return (await self.session.scalars(statement)).all()

    async def membership(self, conversation_ids: Collection[int]) -> dict[int, Membership]:
        """Of each conversation, the first members in the order in which they joined, and how many there are."""
        rows = await self.session.execute(first_members, {"ids": list(conversation_ids), "limit": MEMBERS_SHOWN})
        return {row.conversation_id: Membership(row.first, row.total) for row in rows}

    async def standing(self, conversation_ids: Collection[int], user_id: int) -> dict[int, Standing]:
        """What somebody is in each of these conversations, and until when they may say nothing there."""
        rows = await self.session.execute(standing_of, {"ids": list(conversation_ids), "user_id": user_id})
        return {row.conversation_id: Standing(Role(row.role), row.muted_until) for row in rows}

    async def outsiders(self, listeners: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Which of these pairs of a conversation and a person are not, or no longer, members?"""
        parameters = {"conversations": [pair[0] for pair in listeners], "users": [pair[1] for pair in listeners]}
        return [(row[0], row[1]) for row in await self.session.execute(not_members, parameters)]

    async def everybody_in(self, conversation_id: int) -> Sequence[int]:
        """All members, in the order in which they joined: of a large group, ten thousand."""
        found = select(Member.user_id).where(*present(conversation_id)).order_by(Member.joined_at, Member.user_id)
        return (await self.session.scalars(found)).all()

    async def has_more_members(self, conversation_id: int, limit: int) -> bool:
        """Without counting further."""
        beyond = select(Member.user_id).where(*present(conversation_id)).offset(limit).limit(1)
        return await self.session.scalar(beyond) is not None

    async def shared_by(self, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
        """Which of these pairs of people are in some conversation together?"""
        if not pairs:
            return set()
        rows = await self.session.execute(
            sharing, {"ones": [one for one, _ in pairs], "others": [other for _, other in pairs]}
        )
        return {(row.one, row.other) for row in rows}
