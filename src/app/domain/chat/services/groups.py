"""Groups: their settings, their end, and what outsiders see of them."""

from typing import cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from msgspec import UNSET
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.models import Conversation, Member
from app.domain.chat.roles import Act
from app.domain.chat.rules import GroupNameRefused, NotAMember, group_name, group_topic
from app.domain.chat.schemas.groups import GroupChange, GroupSummary
from app.domain.chat.services.acts import Acting, Happening
from app.domain.chat.services.conversations import present

# A banned person finds no group. Members are counted after the page is cut, not for all groups there are.
SEEN = """
    SELECT c.id, coalesce(c.name, '') AS name, c.topic,
           (SELECT count(*) FROM members WHERE conversation_id = c.id AND left_at IS NULL) AS members,
           c.created_at, reader.user_id IS NOT NULL AS joined, c.picture_id
    FROM conversations c
    LEFT JOIN members reader
           ON reader.conversation_id = c.id AND reader.user_id = :reader_id AND reader.left_at IS NULL
    WHERE c.kind = 'group' AND c.ended_at IS NULL
      AND NOT EXISTS (SELECT FROM bans WHERE conversation_id = c.id AND user_id = :reader_id)
"""

one_group = text(f"{SEEN} AND c.id = :group_id")

one_open_group = text(f"{SEEN} AND c.id = :group_id AND (c.joinable OR reader.user_id IS NOT NULL)")

open_groups = text(f"""
    {SEEN} AND c.joinable
    AND (CAST(:q AS text) IS NULL OR position(lower(normalize(:q, NFKC)) IN lower(normalize(c.name, NFKC))) > 0)
    ORDER BY c.id DESC LIMIT :limit OFFSET :offset
""")


class Groups(SQLAlchemyAsyncRepositoryService[Conversation]):
    class Repo(SQLAlchemyAsyncRepository[Conversation]):
        model_type = Conversation

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def change(self, group_id: int, actor_id: int, change: GroupChange) -> Happening:
        """Change what is given and differs from what is. Raises NotAllowedHere, GroupNameRefused, UnstorableText."""
        acting = await Acting.of_member(self.session, group_id, actor_id)
        group = acting.group
        acting.require(Act.CHANGE)
        if change.name is not UNSET and (name := group_name(change.name)) != group.name:
            group.name = name
            acting.tell("renamed", content=name)
        if change.topic is not UNSET and (topic := group_topic(change.topic)) != group.topic:
            group.topic = topic
            acting.tell("topic_changed", content=topic or "")
        if change.joinable is not UNSET and change.joinable != group.joinable:
            if group.name is None:
                raise GroupNameRefused
            group.joinable = change.joinable
            acting.tell("opened" if group.joinable else "closed")
        if change.members_may_invite is not UNSET:
            group.members_may_invite = change.members_may_invite
        if change.retention_days is not UNSET and change.retention_days != group.retention_days:
            acting.require(Act.RETAIN)
            group.retention_days = change.retention_days
            acting.tell("retention_changed", content=str(change.retention_days or ""))
        return await acting.finish()

    async def end(self, group_id: int, actor_id: int) -> Happening:
        """Delete the group: everybody is out of it. Raises NotAllowedHere."""
        acting = await Acting.of_member(self.session, group_id, actor_id)
        acting.require(Act.END)
        acting.end()
        everybody = update(Member).where(*present(group_id)).values(left_at=acting.now)
        acting.happening.removed += await self.session.scalars(everybody.returning(Member.user_id))
        acting.happening.departure = "ended"
        return await acting.finish()

    async def public(self, reader_id: int, q: str | None, limit: int, offset: int) -> list[GroupSummary]:
        """The groups that anybody may join, the newest first; `q` is a part of the name, without regard to case."""
        asked = {"reader_id": reader_id, "q": q, "limit": limit, "offset": offset}
        return [GroupSummary(*row) for row in await self.session.execute(open_groups, asked)]

    async def see(self, group_id: int, reader_id: int, *, invited: bool = False) -> GroupSummary:
        """A group as somebody sees it who is in it, may join it, or is `invited`. Raises NotAMember to others."""
        found = one_group if invited else one_open_group
        row = (await self.session.execute(found, {"group_id": group_id, "reader_id": reader_id})).one_or_none()
        if row is None:
            raise NotAMember
        return GroupSummary(*row)
