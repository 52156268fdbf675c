"""The pictures of groups. The one before is given up when another takes its place."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.models import Conversation
from app.domain.chat.roles import Act
from app.domain.chat.services.acts import Acting, Happening
from app.domain.chat.services.groups import Groups
from app.domain.files.services.files import File, Files, NoSuchFile


class Pictures:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._files = Files(session=session)

    async def choose(self, group_id: int, actor_id: int, file_id: UUID | None) -> Happening:
        """Choosing again changes nothing. Raises NotAMember, NotAllowedHere, NoSuchFile, NotAnImage, FileInUse."""
        acting = await Acting.of_member(self._session, group_id, actor_id)
        acting.require(Act.CHANGE)
        before = acting.group.picture_id
        if before != file_id:
            if file_id:
                await self._files.claim_avatar(actor_id, file_id, conversation_id=group_id)
            if before:
                await self._files.release_avatar(before)
            acting.group.picture_id = file_id
            acting.tell("picture_changed", content=str(file_id or ""))
        return await acting.finish()

    async def of_group(self, group_id: int, reader_id: int) -> File:
        """Raises NotAMember to who may not see the group, NoSuchFile when it has no picture."""
        await Groups(session=self._session).see(group_id, reader_id)
        file_id = await self._session.scalar(select(Conversation.picture_id).where(Conversation.id == group_id))
        if file_id is None:
            raise NoSuchFile
        return await self._files.of_group(group_id, file_id)
