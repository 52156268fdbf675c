"""What nobody needs any more: uploads that no message came for, files that were released, objects without a row."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.files.models import File
from app.domain.files.rules import UNATTACHED_FOR


class Leftovers(SQLAlchemyAsyncRepositoryService[File]):
    class Repo(SQLAlchemyAsyncRepository[File]):
        model_type = File

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def take(self, now: datetime, limit: int) -> list[str]:
        """Forget some files; the keys of their bytes, to be removed after the commit. Two collectors share the work."""
        unwanted = or_(
            File.released_at.is_not(None),
            and_(File.attached_as.is_(None), File.created_at < now - UNATTACHED_FOR),
        )
        some = select(File.id).where(unwanted).limit(limit).with_for_update(skip_locked=True)
        taken = delete(File).where(File.id.in_(some.scalar_subquery())).returning(File.key)
        return list(await self.session.scalars(taken))

    async def orphans(self, keys: Collection[str]) -> list[str]:
        """Which of these has no row?"""
        known = set(await self.session.scalars(select(File.key).where(File.key.in_(keys))))
        return [key for key in keys if key not in known]
