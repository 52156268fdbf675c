"""How far one has read, over HTTP."""

from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from redis.asyncio import Redis

from app.domain.accounts.guards import ActorRequest
from app.domain.chat.controllers.conversations import ConversationId
from app.domain.chat.rules import NotAMember
from app.domain.chat.schemas.reading import ReadFrame, ReadUpTo, Receipts, Totals
from app.domain.chat.services import reading, receipts
from app.domain.chat.services.conversations import Conversations
from app.problems import refuses
from app.resources import Sessions


class ReadingController(Controller):
    path = "/api/chat"
    tags = ("Chat",)

    @put("/conversations/{conversation_id:int}/read", opt=refuses(NotAMember))
    async def mark_read(
        self,
        conversation_id: ConversationId,
        data: JSONBody[ReadUpTo],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> ReadFrame:
        """You have read up to this message. A position only rises; the answer tells what is unread after it."""
        return await receipts.read_up_to(sessions, redis, conversation_id, request.user.id, data.message_id)

    @get("/conversations/{conversation_id:int}/receipts", opt=refuses(NotAMember))
    async def list_receipts(
        self, conversation_id: ConversationId, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> Receipts:
        """How far others have read, the furthest first, 50 at most.

        Of those who let others know, and only to you if you do (`receipts` in your privacy settings).
        """
        async with sessions() as session:
            await Conversations(session=session).of_member(conversation_id, request.user.id)
            return Receipts(await receipts.receipts_of(session, conversation_id, request.user.id))

    @get("/unread")
    async def count_unread(self, request: ActorRequest, sessions: NamedDependency[Sessions]) -> Totals:
        """What you have not read, over all your conversations."""
        async with sessions() as session:
            return await reading.totals_of(session, request.user.id)
