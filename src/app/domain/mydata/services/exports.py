"""Exports: asked for, put together by a worker, handed out, forgotten. The clock is PostgreSQL's."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.mydata.models import Export, ExportChunk
from app.domain.mydata.rules import (
    EXPORT_ATTEMPTS,
    EXPORT_EVERY,
    EXPORT_KEPT,
    LEASE,
    ExportNotReady,
    NoExport,
)
from app.domain.mydata.schemas import ExportView, State

DOWNLOAD = "/api/users/me/export/download"


class TakenOver(Exception):
    """Another worker has begun this export anew, or its owner is gone. Whoever hears this stops."""


class Exports(SQLAlchemyAsyncRepositoryService[Export]):
    class Repo(SQLAlchemyAsyncRepository[Export]):
        model_type = Export

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def start(self, user_id: int) -> tuple[Export, bool]:
        """The export of a person, and whether it begins now. One that is there stands for a day, unless it failed."""
        stale = Export.failed_at.is_not(None) | (
            Export.ready_at.is_not(None) & (Export.requested_at <= func.now() - EXPORT_EVERY)
        )
        await self.session.execute(delete(Export).where(Export.user_id == user_id, stale))
        new = insert(Export).values(user_id=user_id).on_conflict_do_nothing().returning(Export.id)
        begun = await self.session.scalar(new)
        return await self.of(user_id), begun is not None

    async def of(self, user_id: int) -> Export:
        """Raises NoExport, also when it is past its time."""
        export = await self.session.scalar(select(Export).where(Export.user_id == user_id, ~is_past))
        if export is None:
            raise NoExport
        return export

    async def ready(self, user_id: int) -> Export:
        """Raises NoExport, ExportNotReady."""
        export = await self.of(user_id)
        if state_of(export) != "ready":
            raise ExportNotReady
        return export

    async def take(self) -> Export | None:
        """The export that has waited longest, leased to whoever commits this; or given up, if too many have tried.

        It begins from nothing: a ZIP cannot be continued by somebody else.
        """
        export: Export | None = await self.session.scalar(
            select(Export)
            .where(is_unfinished, Export.next_attempt_at <= func.now())
            .order_by(Export.next_attempt_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if export is None:
            return None
        await self.session.execute(delete(ExportChunk).where(ExportChunk.export_id == export.id))
        if export.attempts >= EXPORT_ATTEMPTS:
            export.failed_at = func.now()
        else:
            export.attempts += 1
            export.progress = 0
            export.next_attempt_at = func.now() + LEASE
        await self.session.flush()
        await self.session.refresh(export)
        return export

    async def fill(self, export: Export, first: int, pieces: Sequence[bytes], progress: int) -> None:
        """Add pieces, numbered from `first`, and renew the lease. Raises TakenOver."""
        held = await self.session.scalar(
            update(Export)
            .where(is_unfinished, Export.id == export.id, Export.attempts == export.attempts)
            .values(next_attempt_at=func.now() + LEASE, progress=progress)
            .returning(Export.id)
            .execution_options(synchronize_session=False)
        )
        if held is None:
            raise TakenOver
        for number, piece in enumerate(pieces, start=first):
            await self.session.execute(insert(ExportChunk).values(export_id=export.id, number=number, content=piece))

    async def finish(self, export: Export, size: int) -> Export:
        """After the last `fill`, in its transaction."""
        done = await self.session.get_one(Export, export.id, populate_existing=True)
        done.size, done.ready_at = size, func.now()
        await self.session.flush()
        await self.session.refresh(done)
        return done

    async def piece(self, export_id: int, number: int) -> bytes | None:
        """None after the last one."""
        found = select(ExportChunk.content).where(ExportChunk.export_id == export_id, ExportChunk.number == number)
        return await self.session.scalar(found)

    async def forget(self) -> None:
        """Delete what is past its time."""
        await self.session.execute(delete(Export).where(is_past))

    async def forget_of(self, user_id: int) -> None:
        await self.session.execute(delete(Export).where(Export.user_id == user_id))


is_unfinished: ColumnElement[bool] = Export.ready_at.is_(None) & Export.failed_at.is_(None)
is_past: ColumnElement[bool] = func.coalesce(Export.ready_at <= func.now() - EXPORT_KEPT, False)


def state_of(export: Export) -> State:
    if export.ready_at:
        return "ready"
    if export.failed_at:
        return "failed"
    return "running" if export.attempts else "waiting"


def view_of(export: Export) -> ExportView:
    ready_at: datetime | None = export.ready_at
    return ExportView(
        state=state_of(export),
        progress=100 if ready_at else export.progress,
        requested_at=export.requested_at,
        ready_at=ready_at,
        expires_at=ready_at + EXPORT_KEPT if ready_at else None,
        size=export.size,
        download=DOWNLOAD if ready_at else None,
    )
