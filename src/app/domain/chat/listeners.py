"""The socket of one conversation, as the documents C and D describe it: `/ws/chat/{conversation_id}/`."""

import asyncio
from functools import partial
from typing import Annotated

import msgspec
from litestar import websocket
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from app import outages
from app.domain.accounts.guards import Doorkeeper
from app.domain.accounts.scopes import check_frame
from app.domain.accounts.sockets import (
    CLOSE_FORBIDDEN,
    CLOSE_MALFORMED,
    AnySocket,
    Line,
    answered,
    refuse,
)
from app.domain.chat.rules import EmptyMessage, NotAMember
from app.domain.chat.schemas.entries import Draft
from app.domain.chat.schemas.fields import LARGEST_ID
from app.domain.chat.schemas.sockets import ChatError, ChatFrame, Retrieved
from app.domain.chat.services import history, sending
from app.domain.chat.services.conversations import Conversations
from app.errors import AppError
from app.hub import events
from app.hub.fanout import Hub
from app.inbox.accept import Inbox
from app.problems import Malformed, read_frame
from app.resources import Resources

Position = Annotated[int, msgspec.Meta(ge=0, le=LARGEST_ID)]
decode = msgspec.json.Decoder(ChatFrame).decode
encode = msgspec.json.Encoder().encode


@websocket("/ws/chat/{conversation_id:int}")
async def conversation_socket(
    socket: AnySocket,
    conversation_id: FromPath[int],
    resources: NamedDependency[Resources],
    doorkeeper: NamedDependency[Doorkeeper],
    hub: NamedDependency[Hub],
    inbox: NamedDependency[Inbox],
    after: FromQuery[str | None] = None,
) -> None:
    """`?after=` sends what was missed since that message first."""
    async with answered(socket, doorkeeper, hub) as line:
        if line is None:
            return
        conversation = ConversationSocket(line, conversation_id, resources, inbox)
        try:
            await conversation.listen(read_position(after))
        except NotAMember as error:
            await refuse(socket, CLOSE_FORBIDDEN, error)
            return
        except Malformed as error:
            await refuse(socket, CLOSE_MALFORMED, error)
            return
        await conversation.answer_frames()


def read_position(after: str | None) -> int | None:
    """From the query, here and not by Litestar, whose refusals come before a socket can be told why."""
    try:
        return None if after is None else msgspec.convert(after, Position, strict=False)
    except msgspec.ValidationError as error:
        raise Malformed("`after` is a message's id, or 0.") from error


class ConversationSocket:
    def __init__(self, line: Line, conversation_id: int, resources: Resources, inbox: Inbox) -> None:
        self._line = line
        self._id = conversation_id
        self._resources = resources
        self._inbox = inbox

    async def listen(self, after: int | None) -> None:
        if self._id > LARGEST_ID:
            raise NotAMember
        async with self._resources.sessions() as session:
            await Conversations(session=session).of_member(self._id, self._line.actor.id)
        await self._line.join(events.conversation(self._id), after=after, evicted=self._leave)

    async def answer_frames(self) -> None:
        async for data in self._line.frames():
            client_id = None
            try:
                frame = read_frame(decode, data)
                client_id = frame.client_id
                with outages.named():
                    await self._answer(frame)
            except AppError as error:
                self._complain(error, client_id)

    async def _answer(self, frame: ChatFrame) -> None:
        if frame.action == "retrieve_message":
            await self._retrieve(frame.number)
        elif frame.message is None:
            raise EmptyMessage
        else:
            check_frame(self._line.actor.scopes, "send")
            await self._send(frame.message, frame.client_id, frame.reply_to)

    async def _send(self, message: str, client_id: str | None, reply_to: int | None) -> None:
        """The message itself, when it comes back to this socket like to all others, is the acknowledgement."""
        draft = Draft(self._id, self._line.actor.id, client_id or sending.new_client_id(), message, reply_to)
        future = await sending.send(self._inbox, draft, self._resources.settings.throttle_ms)
        future.add_done_callback(partial(self._settle, client_id))

    def _settle(self, client_id: str | None, future: "asyncio.Future[bytes]") -> None:
        error = None if future.cancelled() else future.exception()
        if isinstance(error, AppError):
            self._complain(error, client_id)

    async def _retrieve(self, number: int) -> None:
        actor = self._line.actor
        page = await history.latest(self._resources.sessions, self._resources.redis, self._id, actor.id, number)
        answer = Retrieved([message.as_answer() for message in page.messages])
        self._line.outbox.offer(encode(answer).decode())

    def _complain(self, error: AppError, client_id: str | None) -> None:
        self._line.outbox.offer(encode(ChatError(error.detail, client_id)).decode())

    def _leave(self, _channel: str) -> None:
        self._line.outbox.close(CLOSE_FORBIDDEN, NotAMember.detail)
