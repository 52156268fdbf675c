"""Erasures: an account is closed in one transaction; what takes long is a worker's, and may be begun again at any time.

A worker's pass finds what is left and removes it, so any number of passes, by any number of workers, come to the same.
The last one begins when nothing that was under way at the closing can be stored any more.
"""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.models import User
from app.domain.accounts.services import Accounts
from app.domain.mydata.models import Erasure
from app.domain.mydata.rules import LATE_WRITES, LEASE
from app.domain.mydata.schemas import Fate
from app.domain.mydata.services.traces import remove_traces
from app.domain.notices.services.mail import OutgoingMails


class Erasures(SQLAlchemyAsyncRepositoryService[Erasure]):
    class Repo(SQLAlchemyAsyncRepository[Erasure]):
        model_type = Erasure

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def close_account(self, user: User, messages: Fate) -> Sequence[UUID]:
        """Nobody can log in from the commit on. The sessions that ended: tell EndedSessions, and ring the worker.

        `user` is as it was when the password was checked. Raises WrongCredentials if that has changed since.
        """
        ended = await Accounts(session=self.session).close(user)
        if user.email:
            await OutgoingMails(session=self.session).forget(user.email)
        await remove_traces(self.session, user.id)
        self.session.add(Erasure(user_id=user.id, messages=messages))
        await self.session.flush()
        return ended

    async def take(self) -> Erasure | None:
        """The one that has waited longest, leased to whoever commits this."""
        erasure: Erasure | None = await self.session.scalar(
            select(Erasure)
            .where(Erasure.finished_at.is_(None), Erasure.next_attempt_at <= func.now())
            .order_by(Erasure.next_attempt_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if erasure:
            erasure.next_attempt_at = func.now() + LEASE
            await self.session.flush()
            await self.session.refresh(erasure)
        return erasure

    async def go_on(self, user_id: int) -> None:
        """Renew the lease."""
        await self._set(user_id, next_attempt_at=func.now() + LEASE)

    async def settle(self, erasure: Erasure) -> None:
        """After a pass that found nothing more: done, if it began late enough; else once more when it is."""
        last_pass_at = erasure.requested_at + LATE_WRITES
        began_at = erasure.next_attempt_at - LEASE
        if began_at >= last_pass_at:
            await remove_traces(self.session, erasure.user_id)
            await self._set(erasure.user_id, finished_at=func.now())
        else:
            await self._set(erasure.user_id, next_attempt_at=last_pass_at)

    async def _set(self, user_id: int, **values: object) -> None:
        change = update(Erasure).where(Erasure.user_id == user_id).values(**values)
        await self.session.execute(change.execution_options(synchronize_session=False))
