"""People's pictures of themselves. Which one it is, their account knows."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.services import Accounts
from app.domain.files.models import File
from app.domain.files.rules import NoSuchFile
from app.domain.files.services.files import Files


class Avatars:
    def __init__(self, session: AsyncSession) -> None:
        self._accounts = Accounts(session=session)
        self._files = Files(session=session)

    async def choose(self, user_id: int, file_id: UUID) -> None:
        """Instead of the one before, which is released. Raises NoSuchFile, NotAnImage, FileInUse."""
        await self._files.claim_avatar(user_id, file_id)
        before = await self._accounts.change_avatar(user_id, file_id)
        if before and before != file_id:
            await self._files.release_avatar(before)

    async def drop(self, user_id: int) -> None:
        """Having none is fine as well."""
        if before := await self._accounts.change_avatar(user_id, None):
            await self._files.release_avatar(before)

    async def of_user(self, user_id: int, reader_id: int) -> File:
        """Raises NoSuchFile when they have none, or none for this reader."""
        user = (await self._accounts.people([user_id])).get(user_id)
        if user is None or user.avatar_id is None:
            raise NoSuchFile
        return await self._files.readable(user.avatar_id, reader_id)
