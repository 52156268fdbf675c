"""What members are in a group: their roles, and who may not speak for a time."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.roles import Act, Role, rfc_3339
from app.domain.chat.services.acts import Acting, Happening
from app.domain.chat.services.members import Members


async def appoint(session: AsyncSession, group_id: int, actor_id: int, user_id: int, role: Role) -> Happening:
    """Make a member an admin, or an admin a member. Raises NotAllowedHere, NoSuchMember."""
    acting = await Acting.of_member(session, group_id, actor_id)
    member = await Members(session=session).present(group_id, user_id)
    acting.require(Act.APPOINT, member.role)
    if member.role != role:
        member.role = role
        acting.tell("promoted" if role is Role.ADMIN else "demoted", subject_id=user_id)
    return await acting.finish()


async def transfer(session: AsyncSession, group_id: int, actor_id: int, user_id: int) -> Happening:
    """Make somebody the owner; who was it becomes an admin. To whom it is already, nothing changes.

    Raises NotAllowedHere, NoSuchMember.
    """
    acting = await Acting.of_member(session, group_id, actor_id)
    members = Members(session=session)
    heir = await members.present(group_id, user_id)
    if heir.role != Role.OWNER:
        acting.require(Act.TRANSFER, heir.role)
        (await members.present(group_id, actor_id)).role = Role.ADMIN
        heir.role = Role.OWNER
        acting.tell("owner_changed", subject_id=user_id)
    return await acting.finish()


async def mute(session: AsyncSession, group_id: int, actor_id: int, user_id: int, until: datetime) -> Happening:
    """Somebody may read and say nothing for a time. Raises NotAllowedHere, NoSuchMember."""
    acting = await Acting.of_member(session, group_id, actor_id)
    member = await Members(session=session).present(group_id, user_id)
    acting.require(Act.MUTE, member.role)
    if member.muted_until != until:
        member.muted_until = until
        acting.tell("muted", subject_id=user_id, content=rfc_3339(until))
    return await acting.finish()


async def unmute(session: AsyncSession, group_id: int, actor_id: int, user_id: int) -> Happening:
    """Raises NotAllowedHere, NoSuchMember."""
    acting = await Acting.of_member(session, group_id, actor_id)
    member = await Members(session=session).present(group_id, user_id)
    acting.require(Act.MUTE, member.role)
    if member.muted_until and member.muted_until > acting.now:
        acting.tell("unmuted", subject_id=user_id)
    member.muted_until = None
    return await acting.finish()
