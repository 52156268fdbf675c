"""People's pictures of themselves."""

from collections.abc import Collection
from typing import cast
from uuid import UUID

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import Uuid, bindparam, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.files.models import Avatar, File
from app.domain.files.rules import NoSuchFile
from app.domain.files.services.files import Files

replace = (
    text("""
    INSERT INTO avatars (user_id, file_id) VALUES (:user_id, :file_id)
    ON CONFLICT (user_id) DO UPDATE SET file_id = :file_id RETURNING old.file_id
""")
    .bindparams(bindparam("file_id", type_=Uuid()))
    .columns(file_id=Uuid())
)
"""Answers what was there before, also to the second of two who choose at once."""


class Avatars(SQLAlchemyAsyncRepositoryService[Avatar]):
    class Repo(SQLAlchemyAsyncRepository[Avatar]):
        model_type = Avatar

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def choose(self, user_id: int, file_id: UUID) -> None:
        """Instead of the one before, which is released. Raises NoSuchFile, NotAnImage, FileInUse."""
        files = Files(session=self.session)
        await files.claim_avatar(user_id, file_id)
        before = await self.session.scalar(replace, {"user_id": user_id, "file_id": file_id})
        if before and before != file_id:
            await files.release_avatar(before)

    async def drop(self, user_id: int) -> None:
        """Having none is fine as well."""
        dropped = delete(Avatar).where(Avatar.user_id == user_id).returning(Avatar.file_id)
        if file_id := await self.session.scalar(dropped):
            await Files(session=self.session).release_avatar(file_id)

    async def of_user(self, user_id: int, reader_id: int) -> File:
        """Raises NoSuchFile when they have none, or none for this reader."""
        file_id = await self.session.scalar(select(Avatar.file_id).where(Avatar.user_id == user_id))
        if file_id is None:
            raise NoSuchFile
        return await Files(session=self.session).readable(file_id, reader_id)

    async def of_people(self, user_ids: Collection[int]) -> dict[int, UUID]:
        """The avatars' files, of those who have one."""
        found = await self.session.scalars(select(Avatar).where(Avatar.user_id.in_(user_ids)))
        return {avatar.user_id: avatar.file_id for avatar in found}
