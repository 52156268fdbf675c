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
    PAGE,
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
from app.domain.chat.services.showing import show, socket_address
from app.domain.social.services import Friendships
from app.errors import NoSuchUser
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

ConversationId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE, description="How many at most.")]
Offset = Annotated[int, QueryParameter(ge=0, le=2**31, description="How many to skip.")]
Username = Annotated[str, PathParameter(max_length=30, pattern=r"^[^\x00-\x1f\x7f]+\Z")]
Number = Annotated[int | None, QueryParameter(ge=0, le=LARGEST_ID)]
decode_message = msgspec.json.Decoder(MessageFrame).decode


class ConversationController(Controller):
    path = "/api/chat"
    tags = ("Chat",)

    @post(
        "/conversations",
        responses={HTTP_200_OK: ResponseSpec(ConversationOut, generate_examples=False, description="It was there.")},
        opt=refuses(NoSuchUser, TalkingToYourself, GroupNameRefused, UnstorableText),
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
        With more people, or with a `name`, it is a new group.
        """
        me = request.user.id
        others = {*data.participants} - {me}
        async with sessions.begin() as session:
            conversations = Conversations(session=session)
            if len(await Accounts(session=session).people(others)) < len(others):
                raise NoSuchUser
            if len(others) > 1 or data.name:
                conversation, created = await conversations.open_group(me, others, data.name, joinable=False), True
            else:
                conversation, created = await conversations.open_direct(me, next(iter(others), me))
            shown = await show(session, [conversation], me, settings.public_url)
        if created:
            await announce_act(redis, Happening(conversation.id, added=[me, *others]))
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
        """The one-to-one chat with a friend, and the URL of its socket. The first time, it is created."""
        me = request.user.id
        async with sessions.begin() as session:
            other = await Accounts(session=session).find_by_username(username)
            if other is None:
                raise NoSuchUser
            if settings.direct_chats == "friends" and not await Friendships(session=session).are_friends(me, other.id):
                raise FriendsOnly
            conversation, created = await Conversations(session=session).open_direct(me, other.id)
        if created:
            await announce_act(redis, Happening(conversation.id, added=[me, other.id]))
        return socket_address(conversation.id, settings.public_url)
