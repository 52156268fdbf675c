"""Conversations over HTTP: open, list, read, send."""

from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED
from redis.asyncio import Redis

from app.domain.accounts.guards import ActorRequest
from app.domain.accounts.services import Accounts
from app.domain.chat.rules import (
    FriendsOnly,
    GroupNameRefused,
    NotAMember,
    TalkingToYourself,
    UnstorableText,
)
from app.domain.chat.schemas.conversations import ConversationOut, NewConversation, SocketAddress
from app.domain.chat.schemas.events import MessageFrame
from app.domain.chat.schemas.fields import LARGEST_ID
from app.domain.chat.services.acts import Happening
from app.domain.chat.services.announcing import announce_act
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.notifying import notify_of_invitation
from app.domain.chat.services.opening import check_they_are_there, open_direct, open_group
from app.domain.chat.services.showing import show, socket_address
from app.domain.notices.tasks.telling import tell
from app.errors import NoSuchUser
from app.pages import Limit, Offset
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

ConversationId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]
Username = Annotated[str, PathParameter(max_length=30, pattern=r"^[^\x00-\x1f\x7f]+\Z")]
Number = Annotated[int | None, QueryParameter(ge=0, le=LARGEST_ID)]
decode_message = msgspec.json.Decoder(MessageFrame).decode


class ConversationController(Controller):
    path = "/api/chat"
    tags = ("Chat",)

    @post(
        "/conversations",
        responses={HTTP_200_OK: ResponseSpec(ConversationOut, generate_examples=False, description="It was there.")},
        opt=refuses(NoSuchUser, TalkingToYourself, FriendsOnly, GroupNameRefused, UnstorableText),
    )
    async def create_conversation(
        self,
        data: JSONBody[NewConversation],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        redis: NamedDependency[Redis],
    ) -> Response[ConversationOut]:
        """Open a conversation with `participants`; you are in it too.

        With one other person this is the one-to-one chat of the two of you: 201 when it is new, 200 when it was there.
        A new one takes their leave, which everybody has until they choose otherwise. With more people, or with a
        `name`, it is a new group.
        """
        me = request.user.id
        others = {*data.participants} - {me}
        async with sessions.begin() as session:
            await check_they_are_there(session, others)
            if len(others) > 1 or data.name:
                conversation, created = await open_group(session, me, others, data.name), True
            else:
                other = next(iter(others), me)
                conversation, created = await open_direct(session, me, other, unless_chosen="everyone")
            shown = await show(session, [conversation], me, settings.public_url)
            invited = others if conversation.kind == "group" else ()
            notified = await notify_of_invitation(session, conversation, (me, request.user.username), invited)
        if created:
            await announce_act(redis, Happening(conversation.id, added=[me, *others]))
        await tell(redis, notified)
        return Response(shown[0], status_code=HTTP_201_CREATED if created else HTTP_200_OK)

    @get("/conversations")
    async def list_conversations(
        self,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> list[ConversationOut]:
        """Your conversations, the one with the newest message first, each with that message."""
        async with sessions() as session:
            found = await Conversations(session=session).list_of(request.user.id, limit, offset)
            return await show(session, found, request.user.id, settings.public_url)

    @get("/conversations/{conversation_id:int}", opt=refuses(NotAMember))
    async def read_conversation(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> ConversationOut:
        """A conversation of yours, with its newest message."""
        async with sessions() as session:
            conversation = await Conversations(session=session).of_member(conversation_id, request.user.id)
            return (await show(session, [conversation], request.user.id, settings.public_url))[0]

    @get("/direct/{username:str}", opt=refuses(NoSuchUser, FriendsOnly, TalkingToYourself))
    async def open_direct_chat(
        self,
        username: Username,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        redis: NamedDependency[Redis],
    ) -> SocketAddress:
        """The one-to-one chat with somebody, and the URL of its socket. The first time, it is created.

        For that they have to be your friend, unless this server or they themselves have chosen otherwise.
        """
        me = request.user.id
        async with sessions.begin() as session:
            other = await Accounts(session=session).find_by_username(username)
            if other is None:
                raise NoSuchUser
            conversation, created = await open_direct(session, me, other.id, unless_chosen=settings.direct_chats)
        if created:
            await announce_act(redis, Happening(conversation.id, added=[me, other.id]))
        return socket_address(conversation.id, settings.public_url)
