"""What somebody has uploaded, and may still upload."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import BigInteger, ScalarSelect, func, literal, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.files.models import File
from app.domain.files.rules import FileInUse, NoSuchFile, QuotaExceeded, footprint
from app.domain.files.services.intake import Shelved
from app.errors import IdempotencyConflict

take_turns = text("SELECT pg_advisory_xact_lock(hashtextextended('files of ' || :owner_id, 0))")
"""The uploads of one person are counted one after the other. A statement of its own: the next one's snapshot is taken
when the lock is held, so that it sees what the one before has committed."""


class Shelf(SQLAlchemyAsyncRepositoryService[File]):
    class Repo(SQLAlchemyAsyncRepository[File]):
        model_type = File

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def expect(self, owner_id: int, client_id: str | None, announced: int, quota: int) -> None:
        """Before a body is read: could it fit? A resend takes no room. Raises QuotaExceeded."""
        if await self._find(owner_id, client_id):
            return
        if await self.used(owner_id) + footprint(announced, None) > quota:
            raise QuotaExceeded

    async def record(self, owner_id: int, client_id: str | None, shelved: Shelved, quota: int) -> File:
        """The row of new bytes; for a resend, the one that is there, which has bytes of its own.

        Raises QuotaExceeded, IdempotencyConflict.
        """
        await self.session.execute(take_turns, {"owner_id": str(owner_id)})
        known = await self._find(owner_id, client_id)
        if known is not None:
            if known.sha256 != shelved.sha256:
                raise IdempotencyConflict
            return known
        size = footprint(shelved.size, shelved.thumbnail_size)
        values = {
            "owner_id": owner_id,
            "client_id": client_id,
            "sha256": shelved.sha256,
            "name": shelved.name,
            "media_type": shelved.media_type,
            "size": shelved.size,
            "width": shelved.width,
            "height": shelved.height,
            "thumbnail_size": shelved.thumbnail_size,
            "footprint": size,
            "key": shelved.key,
        }
        columns = [getattr(File, name) for name in values]
        fitting = select(*(literal(value, column.type) for value, column in zip(values.values(), columns, strict=True)))
        fitting = fitting.where(self._sum(owner_id) + size <= quota)
        recorded = insert(File).from_select(list(values), fitting).returning(File)
        file: File | None = (await self.session.scalars(recorded)).one_or_none()
        if file is None:
            raise QuotaExceeded
        return file

    async def used(self, owner_id: int) -> int:
        """In bytes, with what is released and not collected yet: it still takes room."""
        return await self.session.scalar(select(self._sum(owner_id))) or 0

    async def list_of(self, owner_id: int, limit: int, offset: int) -> Sequence[File]:
        """The newest first."""
        found = select(File).where(File.owner_id == owner_id, File.released_at.is_(None))
        return (await self.session.scalars(found.order_by(File.id.desc()).limit(limit).offset(offset))).all()

    async def discard(self, owner_id: int, file_id: UUID) -> File:
        """Forget an upload; its bytes are the caller's to remove, after the commit. Raises NoSuchFile, FileInUse."""
        found = select(File).where(File.id == file_id, File.owner_id == owner_id, File.released_at.is_(None))
        file = await self.session.scalar(found.with_for_update())
        if file is None:
            raise NoSuchFile
        if file.attached_as:
            raise FileInUse
        await self.session.delete(file)
        return file

    async def _find(self, owner_id: int, client_id: str | None) -> File | None:
        if client_id is None:
            return None
        return await self.session.scalar(select(File).where(File.owner_id == owner_id, File.client_id == client_id))

    @staticmethod
    def _sum(owner_id: int) -> ScalarSelect[int]:
        total = func.coalesce(func.sum(File.footprint), 0)  # PostgreSQL adds whole numbers up to a decimal one.
        taken = select(total.cast(BigInteger)).where(File.owner_id == owner_id)
        return taken.scalar_subquery()
