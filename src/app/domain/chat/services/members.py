"""Who comes into a group and who goes."""

from collections.abc import Collection
from typing import Any, cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import Row, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.services import Accounts
from app.domain.chat.models import Ban, Conversation, Invite, Member
from app.domain.chat.roles import Act, BannedHere, NoSuchMember, Role
from app.domain.chat.rules import GROUP_MEMBERS, GroupFull, NotAMember
from app.domain.chat.schemas.events import Departure
from app.domain.chat.schemas.groups import MemberOut
from app.domain.chat.services.acts import Acting, Happening
from app.domain.chat.services.conversations import admit, present
from app.domain.chat.services.veil import unseen_by
from app.domain.social.services.blocks import Blocks
from app.errors import NoSuchUser

SHOWN = """
    SELECT u.id, u.username, u.first_name, u.last_name, u.avatar_id, m.role, m.joined_at,
           CASE WHEN m.muted_until > now() THEN m.muted_until END AS muted_until
    FROM members m JOIN users u ON u.id = m.user_id
    WHERE m.conversation_id = :group_id AND m.left_at IS NULL
"""
one_member = text(f"{SHOWN} AND m.user_id = :user_id")

# In the order of an index. Whoever a page ended with keeps their place in it when they leave, so the next one is found.
page_of_members = text(f"""
    {SHOWN}
    AND (m.joined_at, m.user_id) > (
        coalesce((SELECT joined_at FROM members WHERE conversation_id = :group_id AND user_id = :after), '-infinity'),
        :after
    )
    AND (CAST(:role AS text) IS NULL OR m.role = :role)
    AND (CAST(:q AS text) IS NULL
         OR position(lower(:q) IN lower(concat_ws(' ', u.username, u.first_name, u.last_name))) > 0)
    ORDER BY m.joined_at, m.user_id LIMIT :limit
""")

# Somebody who can still log in, if there is anybody; admins first, then whoever has been there the longest.
successor = text("""
    SELECT m.user_id FROM members m JOIN users u ON u.id = m.user_id
    WHERE m.conversation_id = :group_id AND m.left_at IS NULL
    ORDER BY u.deactivated_at IS NOT NULL, m.role <> 'admin', m.joined_at, m.user_id LIMIT 1
""")


class Members(SQLAlchemyAsyncRepositoryService[Member]):
    class Repo(SQLAlchemyAsyncRepository[Member]):
        model_type = Member

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def join(self, group_id: int, user_id: int) -> Happening:
        """Come into a group that anybody may join. Who is in it already changes nothing.

        Raises NotAMember also to the banned, GroupFull, NotAGroup.
        """
        acting = await Acting.begin(self.session, group_id, user_id)
        if not acting.is_member:
            if not acting.group.joinable or await self.is_banned(group_id, user_id):
                raise NotAMember
            await self.bring_in(acting, user_id)
        return await acting.finish()

    async def add(self, group_id: int, actor_id: int, user_id: int) -> Happening:
        """Put somebody into the group; bots are put there by whose they are.

        Raises NotAllowedHere, BannedHere, GroupFull; NoSuchUser also while a block stands, whoever made it.
        """
        acting = await Acting.of_member(self.session, group_id, actor_id)
        person = (await Accounts(session=self.session).people([user_id])).get(user_id)
        acting.require(Act.AUTOMATE if person and person.bot_owner_id else Act.INVITE)
        if person is None or person.deactivated_at or person.bot_owner_id not in {None, actor_id}:
            raise NoSuchUser
        if await Blocks(session=self.session).stands_between(actor_id, user_id):
            raise NoSuchUser
        known = await self.session.get(Member, (group_id, user_id), populate_existing=True)
        if known is None or known.left_at:
            if await self.is_banned(group_id, user_id):
                raise BannedHere
            await self.bring_in(acting, user_id)
        return await acting.finish()

    async def remove(self, group_id: int, actor_id: int, user_id: int) -> Happening:
        """Put somebody out, who may come back. Who has left already stays as they are.

        Raises NotAllowedHere, NoSuchMember.
        """
        acting = await Acting.of_member(self.session, group_id, actor_id)
        member = await self.known(group_id, user_id)
        acting.require(Act.REMOVE, None if member.left_at else member.role)
        await self.let_go(acting, member, "removed")
        return await acting.finish()

    async def leave(self, group_id: int, user_id: int) -> Happening:
        """An owner hands over to the oldest admin, or else the oldest member. With the last one the group ends."""
        acting = await Acting.of_member(self.session, group_id, user_id)
        await self.let_go(acting, await self.known(group_id, user_id), "left")
        next_id = await self.session.scalar(successor, {"group_id": group_id})
        if next_id is None:
            acting.end()
        elif acting.role is Role.OWNER:
            (await self.known(group_id, next_id)).role = Role.OWNER
            acting.tell("owner_changed", subject_id=next_id)
        return await acting.finish()

    async def leave_all(self, user_id: int) -> list[Happening]:
        """Leave every group, as an account does that ends."""
        groups = select(Member.conversation_id).join(Conversation, Conversation.id == Member.conversation_id)
        mine = groups.where(Member.user_id == user_id, Member.left_at.is_(None), Conversation.kind == "group")
        # In one order, so that two who do this at once never wait for each other.
        found = (await self.session.scalars(mine.order_by(Member.conversation_id))).all()
        return [await self.leave(group_id, user_id) for group_id in found]

    async def bring_in(self, acting: Acting, user_id: int) -> None:
        """Raises GroupFull. The row of the group is locked, so that the last place is taken once."""
        inside = await self.session.scalar(select(func.count()).where(*present(acting.group.id)))
        if (inside or 0) >= GROUP_MEMBERS:
            raise GroupFull
        await admit(self.session, acting.group.id, {user_id})
        if user_id == acting.actor_id:
            acting.tell("joined")
        else:
            acting.tell("added", subject_id=user_id)
        acting.happening.added.append(user_id)

    async def let_go(self, acting: Acting, member: Member, departure: Departure) -> None:
        """The links of who is put out end too: else they would come back by their own."""
        if member.left_at:
            return
        member.left_at, member.role = acting.now, Role.MEMBER
        if departure == "left":
            acting.tell("left")
        else:
            acting.tell(departure, subject_id=member.user_id)
            theirs = (Invite.conversation_id == acting.group.id, Invite.created_by == member.user_id)
            revoke = update(Invite).where(*theirs, Invite.revoked_at.is_(None))
            await self.session.execute(revoke.values(revoked_at=acting.now))
        acting.happening.removed.append(member.user_id)
        acting.happening.departure = departure

    async def known(self, group_id: int, user_id: int) -> Member:
        """Somebody who is in the group, or was. Raises NoSuchMember."""
        member = await self.session.get(Member, (group_id, user_id), populate_existing=True)
        if member is None:
            raise NoSuchMember
        return member

    async def present(self, group_id: int, user_id: int) -> Member:
        """Somebody who is in the group. Raises NoSuchMember."""
        member = await self.known(group_id, user_id)
        if member.left_at:
            raise NoSuchMember
        return member

    async def is_banned(self, group_id: int, user_id: int) -> bool:
        return await self.session.get(Ban, (group_id, user_id)) is not None

    async def show(self, group_id: int, user_id: int, reader_id: int) -> MemberOut:
        """Somebody who is in the group, as another member sees them. Raises NoSuchMember."""
        row = (await self.session.execute(one_member, {"group_id": group_id, "user_id": user_id})).one_or_none()
        if row is None:
            raise NoSuchMember
        return as_member(row, await unseen_by(self.session, reader_id))

    async def page(
        self, group_id: int, reader_id: int, after: int, limit: int, *, role: str | None = None, q: str | None = None
    ) -> list[MemberOut]:
        """In the order in which they joined, from after somebody on; `q` is a part of a name."""
        asked = {"group_id": group_id, "after": after, "limit": limit, "role": role, "q": q}
        unseen = await unseen_by(self.session, reader_id)
        return [as_member(row, unseen) for row in await self.session.execute(page_of_members, asked)]


def as_member(row: Row[Any], unseen: Collection[int]) -> MemberOut:
    return MemberOut(
        id=row.id,
        username=row.username,
        first_name=row.first_name,
        last_name=row.last_name,
        role=Role(row.role),
        joined_at=row.joined_at,
        muted_until=row.muted_until,
        avatar_id=None if row.id in unseen else row.avatar_id,
    )
