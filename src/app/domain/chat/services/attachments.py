"""The files of messages, for those who may read these."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.veil import unseen_in
from app.domain.files.services.files import File, Files, NoSuchFile


async def open_for(session: AsyncSession, conversation_id: int, file_id: UUID, reader_id: int) -> File:
    """A file that a message has. Raises NotAMember; NoSuchFile also where a block withholds the message."""
    conversation = await Conversations(session=session).of_member(conversation_id, reader_id)
    file = await Files(session=session).of_message(conversation_id, file_id)
    if file.owner_id in await unseen_in(session, conversation, reader_id):
        raise NoSuchFile
    return file
