"""Groups over HTTP: create, find, change, join, leave, delete."""

from typing import Annotated

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from redis.asyncio import Redis

from app.domain.accounts.guards import ActorRequest
from app.domain.chat.controllers.conversations import ConversationId
from app.domain.chat.roles import NotAllowedHere
from app.domain.chat.rules import (
    GROUP_NAME_CHARACTERS,
    GroupFull,
    GroupNameRefused,
    NotAGroup,
    NotAMember,
    UnstorableText,
)
from app.domain.chat.schemas.conversations import ConversationOut, SocketAddress
from app.domain.chat.schemas.groups import GroupChange, GroupSummary, NewGroup
from app.domain.chat.services.acts import Happening
from app.domain.chat.services.announcing import announce_act
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.groups import Groups
from app.domain.chat.services.members import Members
from app.domain.chat.services.notifying import notify_of_invitation
from app.domain.chat.services.opening import check_they_are_there, open_group
from app.domain.chat.services.showing import show, socket_address
from app.domain.notices.tasks.telling import tell
from app.errors import NoSuchUser
from app.pages import Limit, Offset
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

PartOfName = Annotated[
    str | None,
    QueryParameter(min_length=1, max_length=GROUP_NAME_CHARACTERS, pattern=r"^[^\x00]+\Z", description="A part of it."),
]
IN_A_GROUP = (NotAMember, NotAGroup)
"""What any act in a group may be refused with."""


class GroupController(Controller):
    path = "/api/chat/groups"
    tags = ("Groups",)

    @post(opt=refuses(NoSuchUser, GroupNameRefused, UnstorableText))
    async def create_group(
        self,
        data: JSONBody[NewGroup],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        redis: NamedDependency[Redis],
    ) -> ConversationOut:
        """Create a group, with `participants` in it from the start. You are its owner.

        Anybody may join it unless `joinable` is false.
        """
        me, others = request.user.id, {*data.participants} - {request.user.id}
        async with sessions.begin() as session:
            await check_they_are_there(session, others)
            group = await open_group(session, me, others, data.name, data.topic, joinable=data.joinable)
            shown = await show(session, [group], me, settings.public_url)
            notified = await notify_of_invitation(session, group, (me, request.user.username), others)
        await announce_act(redis, Happening(group.id, added=[me, *others]))
        await tell(redis, notified)
        return shown[0]

    @get()
    async def list_groups(
        self,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        q: PartOfName = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> list[GroupSummary]:
        """The groups that anybody may join, newest first; with `q`, those with it in their name, in any script."""
        async with sessions() as session:
            return await Groups(session=session).public(request.user.id, q, limit, offset)

    @get("/{conversation_id:int}", opt=refuses(NotAMember))
    async def read_group(
        self, conversation_id: ConversationId, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> GroupSummary:
        """A group that you are in or may join."""
        async with sessions() as session:
            return await Groups(session=session).see(conversation_id, request.user.id)

    @patch("/{conversation_id:int}", opt=refuses(*IN_A_GROUP, NotAllowedHere, GroupNameRefused, UnstorableText))
    async def change_group(
        self,
        conversation_id: ConversationId,
        data: JSONBody[GroupChange],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        redis: NamedDependency[Redis],
    ) -> ConversationOut:
        """Change what is given. For its owner and admins; how long messages are kept is the owner's to say."""
        async with sessions.begin() as session:
            act = await Groups(session=session).change(conversation_id, request.user.id, data)
            group = await Conversations(session=session).of_member(conversation_id, request.user.id)
            shown = await show(session, [group], request.user.id, settings.public_url)
        await announce_act(redis, act)
        return shown[0]

    @delete("/{conversation_id:int}", opt=refuses(*IN_A_GROUP, NotAllowedHere))
    async def delete_group(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> None:
        """Delete the group with all that was said in it, for everybody. For its owner."""
        async with sessions.begin() as session:
            act = await Groups(session=session).end(conversation_id, request.user.id)
        await announce_act(redis, act)

    @post("/{conversation_id:int}/join", status_code=HTTP_200_OK, opt=refuses(*IN_A_GROUP, GroupFull))
    async def join_group(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        redis: NamedDependency[Redis],
    ) -> SocketAddress:
        """Become a member of a group that anybody may join. Joining again changes nothing."""
        async with sessions.begin() as session:
            act = await Members(session=session).join(conversation_id, request.user.id)
        await announce_act(redis, act)
        return socket_address(conversation_id, settings.public_url)

    @post("/{conversation_id:int}/leave", status_code=HTTP_204_NO_CONTENT, opt=refuses(*IN_A_GROUP))
    async def leave_group(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> None:
        """Stop being a member. An owner hands over to the oldest admin, or else member; the last one ends the group."""
        async with sessions.begin() as session:
            act = await Members(session=session).leave(conversation_id, request.user.id)
        await announce_act(redis, act)

    @get("/{conversation_id:int}/socket", opt=refuses(NotAMember))
    async def read_group_socket(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> SocketAddress:
        """The URL of the group's socket, for its members."""
        async with sessions() as session:
            await Conversations(session=session).of_member(conversation_id, request.user.id)
        return socket_address(conversation_id, settings.public_url)
