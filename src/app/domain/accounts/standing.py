"""Standing: who may be here at all, and who may do more than others. Every change of it is audited."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.login_sessions import LoginSessions
from app.domain.accounts.models import User
from app.domain.accounts.rules import (
    FOR_EVER,
    SUSPENSION_REASON_MAX_LENGTH,
    Outranked,
    StaffRole,
    UntilRefused,
    check_until,
    outranks,
)
from app.domain.audit.services import Audit, By, Subject
from app.errors import NoSuchUser
from app.settings import Settings

__all__ = ["FOR_EVER", "SUSPENSION_REASON_MAX_LENGTH", "Changed", "Outranked", "StaffRole", "Standing", "UntilRefused"]


class Changed(NamedTuple):
    """Somebody as they are now. Tell EndedSessions of what has ended, after the commit."""

    user: User
    ended: Sequence[UUID]
    anew: bool = True
    """False when all was so already: nothing has happened that anybody should hear of."""


class Standing:
    """Only somebody of a higher role changes another's standing, nobody their own, the operator everyone's.

    All raise NoSuchUser and Outranked. To do the same again changes nothing and is not audited again.
    """

    def __init__(self, session: AsyncSession, settings: Settings) -> None:
        self._session = session
        self._logins = LoginSessions(session, settings)
        self._audit = Audit(session=session)

    async def suspend(self, by: By, user_id: int, *, until: datetime | None, reason: str) -> Changed:
        """Let somebody neither in nor stay until then, in UTC; None is for ever. All their sessions end.

        The row is locked first, so that a login that is under way ends as well. Raises UntilRefused.
        """
        user = await self._below(by, user_id)
        ending = until or FOR_EVER
        if (user.suspended_until, user.suspension_reason) == (ending, reason):
            return Changed(user, (), anew=False)
        check_until(ending, datetime.now(UTC))
        user.suspended_at, user.suspended_until, user.suspension_reason = func.now(), ending, reason
        await self._session.flush()
        ended = await self._logins.end_all(user.id)
        await self._audit.record(by, "suspend_user", Subject("user", user.id), until=until, reason=reason)
        return Changed(user, ended)

    async def lift(self, by: By, user_id: int) -> Changed:
        """Let somebody in again before their time is over."""
        user = await self._below(by, user_id)
        if not user.is_suspended:
            return Changed(user, (), anew=False)
        user.suspended_at, user.suspended_until, user.suspension_reason = None, None, None
        await self._session.flush()
        await self._audit.record(by, "lift_suspension", Subject("user", user.id))
        return Changed(user, ())

    async def log_out(self, by: By, user_id: int) -> Changed:
        """End all of somebody's sessions. They may log in again at once."""
        user = await self._below(by, user_id)
        ended = await self._logins.end_all(user.id)
        if ended:
            await self._audit.record(by, "log_out_user", Subject("user", user.id), sessions=len(ended))
        return Changed(user, ended, anew=bool(ended))

    async def appoint(self, by: By, user_id: int, role: StaffRole) -> Changed:
        """Give somebody a role below one's own in place of the one they had.

        Tokens say what their bearer may do: who may do less from now on is logged out at once; who may do more has it
        with their next token.
        """
        user = await self._below(by, user_id, at_most=role)
        before = user.role
        if before == role:
            return Changed(user, (), anew=False)
        user.role = role
        await self._session.flush()
        ended = await self._logins.end_all(user.id) if outranks(before, role) else ()
        await self._audit.record(by, "appoint_user", Subject("user", user.id), role=role, before=before)
        return Changed(user, ended)

    async def _below(self, by: By, user_id: int, *, at_most: StaffRole = StaffRole.NONE) -> User:
        """Somebody whose role, like `at_most`, is below the actor's; locked."""
        found = select(User).where(User.id == user_id).with_for_update(key_share=True)
        user = await self._session.scalar(found.execution_options(populate_existing=True))
        if user is None:
            raise NoSuchUser
        if by.actor_id is not None:
            actor = await self._session.get_one(User, by.actor_id)
            if not (outranks(actor.role, user.role) and outranks(actor.role, at_most)):
                raise Outranked
        return user
