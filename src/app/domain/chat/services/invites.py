"""Links by which anybody who has one may join a group. Of a token only its digest is kept."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.models import Invite
from app.domain.chat.roles import Act, may
from app.domain.chat.rules import INVITES_PER_GROUP, NoSuchInvite, NotAMember, TooManyInvites
from app.domain.chat.schemas.groups import GroupSummary, InviteLink, InviteOut, NewInvite
from app.domain.chat.services.acts import Acting, Happening, role_in
from app.domain.chat.services.groups import Groups
from app.domain.chat.services.members import Members

TOKEN_BYTES = 24


def digest_of(token: str) -> bytes:
    return sha256(token.encode()).digest()


def is_good() -> ColumnElement[bool]:
    return and_(
        Invite.revoked_at.is_(None),
        or_(Invite.expires_at.is_(None), Invite.expires_at > func.now()),
        or_(Invite.max_uses.is_(None), Invite.uses < Invite.max_uses),
    )


class Invites(SQLAlchemyAsyncRepositoryService[Invite]):
    class Repo(SQLAlchemyAsyncRepository[Invite]):
        model_type = Invite

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def make(self, group_id: int, actor_id: int, wanted: NewInvite, public_url: str) -> InviteLink:
        """Raises NotAllowedHere, TooManyInvites."""
        acting = await Acting.of_member(self.session, group_id, actor_id)
        acting.require(Act.INVITE)
        good = select(func.count()).where(Invite.conversation_id == group_id, is_good())
        if (await self.session.scalar(good) or 0) >= INVITES_PER_GROUP:
            raise TooManyInvites
        token = secrets.token_urlsafe(TOKEN_BYTES)
        invite = Invite(
            conversation_id=group_id,
            digest=digest_of(token),
            created_by=actor_id,
            expires_at=end_of(wanted, acting.now),
            max_uses=wanted.max_uses,
        )
        self.session.add(invite)
        await self.session.flush()
        await self.session.refresh(invite)
        return InviteLink(*columns(invite), token, f"{public_url.rstrip('/')}/invite/{token}")

    async def page(self, group_id: int, actor_id: int, limit: int, offset: int) -> list[InviteOut]:
        """The links that are good, the newest first: all for admins, their own for others. Raises NotAMember."""
        role = await role_in(self.session, group_id, actor_id)
        found = select(Invite).where(Invite.conversation_id == group_id, is_good())
        if not may(role, Act.REVOKE):
            found = found.where(Invite.created_by == actor_id)
        page = await self.session.scalars(found.order_by(Invite.id.desc()).limit(limit).offset(offset))
        return [InviteOut(*columns(invite)) for invite in page]

    async def revoke(self, group_id: int, actor_id: int, invite_id: int) -> None:
        """Again, it changes nothing. Raises NoSuchInvite, also for a link that is not the actor's to revoke."""
        acting = await Acting.of_member(self.session, group_id, actor_id)
        invite = await self.session.get(Invite, invite_id, populate_existing=True)
        if invite is None or invite.conversation_id != group_id:
            raise NoSuchInvite
        if invite.created_by != actor_id and not may(acting.role, Act.REVOKE):
            raise NoSuchInvite
        invite.revoked_at = invite.revoked_at or acting.now

    async def preview(self, token: str, reader_id: int) -> GroupSummary:
        """The group behind a link. Raises NoSuchInvite, also to the banned."""
        found = select(Invite.conversation_id).where(Invite.digest == digest_of(token), is_good())
        group_id = await self.session.scalar(found)
        try:
            return await Groups(session=self.session).see(group_id or 0, reader_id, invited=True)
        except NotAMember as error:
            raise NoSuchInvite from error

    async def accept(self, token: str, user_id: int) -> Happening:
        """Come into the group. Who is in it already uses nothing, also when they used the last place themselves.

        Whoever comes with the same link at the same time waits for the group's row, so its last use is taken once.
        Raises NoSuchInvite, also to the banned; GroupFull.
        """
        mine = Invite.digest == digest_of(token)
        group_id = await self.session.scalar(select(Invite.conversation_id).where(mine))
        try:
            acting = await Acting.begin(self.session, group_id or 0, user_id)
        except NotAMember as error:
            raise NoSuchInvite from error
        if not acting.is_member:
            invite = await self.session.scalar(select(Invite).where(mine, is_good()))
            members = Members(session=self.session)
            if invite is None or await members.is_banned(acting.group.id, user_id):
                raise NoSuchInvite
            await members.bring_in(acting, user_id)
            invite.uses += 1
        return await acting.finish()


def end_of(wanted: NewInvite, now: datetime) -> datetime | None:
    return now + timedelta(seconds=wanted.expires_in_seconds) if wanted.expires_in_seconds else None


def columns(invite: Invite) -> tuple[int, int, datetime, datetime | None, int | None, int]:
    return invite.id, invite.created_by, invite.created_at, invite.expires_at, invite.max_uses, invite.uses
