"""Messages over HTTP: read, send, edit, delete, react."""

from typing import Annotated, TypeVar
from urllib.parse import unquote

import msgspec
from litestar import Controller, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK
from redis.asyncio import Redis

from app.domain.accounts.guards import ActorRequest
from app.domain.chat.controllers.conversations import ConversationId, Number
from app.domain.chat.roles import MutedHere
from app.domain.chat.rules import (
    CLIENT_ID_CHARACTERS,
    EmptyMessage,
    MessageTooLong,
    NoEmoji,
    NoSuchAttachment,
    NoSuchMessage,
    NotAMember,
    NotReachable,
    NotYourMessage,
    TooManyReactions,
    UnstorableText,
)
from app.domain.chat.schemas.entries import Deletion, Draft, Edit, Reaction
from app.domain.chat.schemas.events import Deleted, Edited, MessageFrame, MessageOut, Reacted, Unreacted
from app.domain.chat.schemas.fields import LARGEST_ID
from app.domain.chat.schemas.messages import ConversationEvents, ConversationMessages, MessageEdit, NewMessage
from app.domain.chat.services import history, sending
from app.domain.chat.services.conversations import Conversations
from app.errors import IdempotencyConflict
from app.inbox.accept import Inbox, InboxFull, Throttled, Unconfirmed
from app.inbox.batches import NotStorable
from app.pages import PAGE, Limit
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

MessageId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]
Emoji = Annotated[str, PathParameter(min_length=1, max_length=200, description="One emoji, percent-encoded.")]
ClientIdInQuery = Annotated[
    str | None,
    QueryParameter(min_length=1, max_length=CLIENT_ID_CHARACTERS, pattern=r"^[\x21-\x7e]+\Z"),
]
ON_THE_WAY = (NotAMember, NotReachable, MutedHere, IdempotencyConflict, NotStorable, Throttled, InboxFull, Unconfirmed)
"""What any entry of the inbox may be refused with."""

ON_A_MESSAGE = (*ON_THE_WAY, NoSuchMessage)
Event = TypeVar("Event")


class MessageController(Controller):
    path = "/api/chat/conversations/{conversation_id:int}"
    tags = ("Chat",)

    @get("/messages", opt=refuses(NotAMember))
    async def list_messages(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
        limit: Limit = PAGE,
        before: Number = None,
        after: Number = None,
        around: Number = None,
    ) -> ConversationMessages:
        """The last messages, oldest first; or those before a message's id, after one, or around one.

        Ids rise, and leave out the numbers of edits, deletions and reactions. A page shorter than `limit` is the last.
        """
        me = request.user.id
        if around is not None:
            page = await history.around(sessions, conversation_id, me, around, limit)
        elif before is not None:
            page = await history.earlier(sessions, conversation_id, me, before, limit)
        elif after is not None:
            page = await history.later(sessions, conversation_id, me, after, limit)
        else:
            page = await history.latest(sessions, redis, conversation_id, me, limit)
        return ConversationMessages(conversation_id, [message.as_answer() for message in page.messages], page.source)

    @get("/events", opt=refuses(NotAMember))
    async def list_events(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        after: Number = 0,
        limit: Limit = PAGE,
    ) -> ConversationEvents:
        """Everything that happened after a number, in order, as sockets hear it: for a client that asks now and then.

        Messages come as they are now. Ask again from `position` until it is `last`.
        """
        found = await history.events(sessions, conversation_id, request.user.id, after or 0, limit)
        return ConversationEvents(conversation_id, *found)

    @post("/messages", opt=refuses(EmptyMessage, MessageTooLong, UnstorableText, *ON_A_MESSAGE, NoSuchAttachment))
    async def send_message(
        self,
        conversation_id: ConversationId,
        data: JSONBody[NewMessage],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        inbox: NamedDependency[Inbox],
    ) -> MessageOut:
        """Send a message. The answer comes once PostgreSQL has stored it.

        `files` are ids of files that you have uploaded and not used yet. Name the message with a `client_id`, and you
        may send it again after a time-out or a 503: it is stored once, and the answer is the same.
        """
        await check_membership(sessions, conversation_id, request)
        client_id = data.client_id or sending.new_client_id()
        draft = Draft(conversation_id, request.user.id, client_id, data.message, data.reply_to, data.files)
        stored = await (await sending.send(inbox, draft, settings.throttle_ms))
        return msgspec.json.decode(stored, type=MessageFrame).as_answer()

    @patch(
        "/messages/{message_id:int}",
        opt=refuses(EmptyMessage, MessageTooLong, UnstorableText, *ON_A_MESSAGE, NotYourMessage),
    )
    async def edit_message(
        self,
        conversation_id: ConversationId,
        message_id: MessageId,
        data: JSONBody[MessageEdit],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        inbox: NamedDependency[Inbox],
    ) -> Edited:
        """Give a message of yours another text. The answer is the event that everyone in the conversation hears."""
        await check_membership(sessions, conversation_id, request)
        client_id = data.client_id or sending.new_client_id()
        edit = Edit(conversation_id, request.user.id, client_id, message_id, data.message)
        return await change(inbox, edit, settings, Edited)

    @delete("/messages/{message_id:int}", status_code=HTTP_200_OK, opt=refuses(*ON_A_MESSAGE, NotYourMessage))
    async def delete_message(
        self,
        conversation_id: ConversationId,
        message_id: MessageId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        inbox: NamedDependency[Inbox],
        client_id: ClientIdInQuery = None,
    ) -> Deleted:
        """Delete a message for everyone: yours, or any of a group whose owner or admin you are.

        Its number stays, its text and all earlier ones go.
        """
        await check_membership(sessions, conversation_id, request)
        deletion = Deletion(conversation_id, request.user.id, client_id or sending.new_client_id(), message_id)
        return await change(inbox, deletion, settings, Deleted)

    @put(
        "/messages/{message_id:int}/reactions/{emoji:str}",
        opt=refuses(*ON_A_MESSAGE, NoEmoji, TooManyReactions),
    )
    async def react(
        self,
        conversation_id: ConversationId,
        message_id: MessageId,
        emoji: Emoji,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        inbox: NamedDependency[Inbox],
    ) -> Reacted:
        """Put an emoji to a message. Again, it changes nothing."""
        await check_membership(sessions, conversation_id, request)
        reaction = reaction_of(conversation_id, request, message_id, emoji, on=True)
        return await change(inbox, reaction, settings, Reacted)

    @delete(
        "/messages/{message_id:int}/reactions/{emoji:str}",
        status_code=HTTP_200_OK,
        opt=refuses(*ON_A_MESSAGE, NoEmoji),
    )
    async def unreact(
        self,
        conversation_id: ConversationId,
        message_id: MessageId,
        emoji: Emoji,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        inbox: NamedDependency[Inbox],
    ) -> Unreacted:
        """Take your emoji off a message."""
        await check_membership(sessions, conversation_id, request)
        reaction = reaction_of(conversation_id, request, message_id, emoji, on=False)
        return await change(inbox, reaction, settings, Unreacted)


async def check_membership(sessions: Sessions, conversation_id: int, request: ActorRequest) -> None:
    async with sessions() as session:
        await Conversations(session=session).of_member(conversation_id, request.user.id)


def reaction_of(conversation_id: int, request: ActorRequest, message_id: int, emoji: str, *, on: bool) -> Reaction:
    return Reaction(conversation_id, request.user.id, sending.new_client_id(), message_id, unquote(emoji), on)


async def change(inbox: Inbox, entry: Edit | Deletion | Reaction, settings: Settings, event: type[Event]) -> Event:
    return msgspec.json.decode(await (await sending.change(inbox, entry, settings.throttle_ms)), type=event)
