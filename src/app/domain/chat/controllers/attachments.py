"""The files of a conversation's messages over HTTP, for those who are in it."""

from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.domain.accounts.guards import ActorRequest
from app.domain.chat.controllers.conversations import ConversationId
from app.domain.chat.rules import NotAMember
from app.domain.chat.services import attachments
from app.domain.files.delivery import (
    AnswersWithFile,
    FileAnswer,
    NoSuchFile,
    RangeNotSatisfiable,
    deliver,
    deliver_thumbnail,
)
from app.domain.files.services.store import FileStore
from app.problems import refuses
from app.resources import Sessions


class AttachmentController(Controller):
    path = "/api/chat/conversations/{conversation_id:int}/files"
    tags = ("Chat",)

    @get("/{file_id:uuid}", operation_class=AnswersWithFile, opt=refuses(NotAMember, NoSuchFile, RangeNotSatisfiable))
    async def read_attachment(
        self,
        conversation_id: ConversationId,
        file_id: FromPath[UUID],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        store: NamedDependency[FileStore],
    ) -> FileAnswer:
        """A file that a message of the conversation has. `Range` asks for a part."""
        async with sessions() as session:
            file = await attachments.open_for(session, conversation_id, file_id, request.user.id)
        return await deliver(request, store, file)

    @get("/{file_id:uuid}/thumbnail", operation_class=AnswersWithFile, opt=refuses(NotAMember, NoSuchFile))
    async def read_attachment_thumbnail(
        self,
        conversation_id: ConversationId,
        file_id: FromPath[UUID],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        store: NamedDependency[FileStore],
    ) -> FileAnswer:
        """An image of a message, as WebP, at most 320 pixels wide and high."""
        async with sessions() as session:
            file = await attachments.open_for(session, conversation_id, file_id, request.user.id)
        return await deliver_thumbnail(request, store, file)
