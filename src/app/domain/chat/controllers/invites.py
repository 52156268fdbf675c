"""Invite links of groups over HTTP."""

from typing import Annotated

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter
from litestar.status_codes import HTTP_200_OK
from redis.asyncio import Redis

from app.domain.accounts.guards import ActorRequest
from app.domain.chat.controllers.conversations import ConversationId
from app.domain.chat.controllers.groups import IN_A_GROUP
from app.domain.chat.roles import NotAllowedHere
from app.domain.chat.rules import GroupFull, NoSuchInvite, TooManyInvites
from app.domain.chat.schemas.conversations import SocketAddress
from app.domain.chat.schemas.fields import LARGEST_ID
from app.domain.chat.schemas.groups import GroupSummary, InviteLink, InviteOut, NewInvite
from app.domain.chat.services.announcing import announce_act
from app.domain.chat.services.invites import Invites
from app.domain.chat.services.showing import socket_address
from app.pages import Limit, Offset
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

InviteId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]
Token = Annotated[str, PathParameter(max_length=100, pattern=r"^[A-Za-z0-9_-]+\Z")]


class InviteController(Controller):
    path = "/api/chat"
    tags = ("Groups",)

    @post("/groups/{conversation_id:int}/invites", opt=refuses(*IN_A_GROUP, NotAllowedHere, TooManyInvites))
    async def create_invite(
        self,
        conversation_id: ConversationId,
        data: JSONBody[NewInvite],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> InviteLink:
        """Make a link by which anybody who has it may join, for a time or so many times. It is shown this once.

        For all members, unless `members_may_invite` is off: then for admins.
        """
        async with sessions.begin() as session:
            return await Invites(session=session).make(conversation_id, request.user.id, data, settings.public_url)

    @get("/groups/{conversation_id:int}/invites", opt=refuses(*IN_A_GROUP))
    async def list_invites(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> list[InviteOut]:
        """The links that are good, the newest first: to admins all of them, to others their own."""
        async with sessions() as session:
            return await Invites(session=session).page(conversation_id, request.user.id, limit, offset)

    @delete("/groups/{conversation_id:int}/invites/{invite_id:int}", opt=refuses(*IN_A_GROUP, NoSuchInvite))
    async def revoke_invite(
        self,
        conversation_id: ConversationId,
        invite_id: InviteId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
    ) -> None:
        """Take a link back: your own, or as an admin any."""
        async with sessions.begin() as session:
            await Invites(session=session).revoke(conversation_id, request.user.id, invite_id)

    @get("/invites/{token:str}", opt=refuses(NoSuchInvite))
    async def preview_invite(
        self, token: Token, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> GroupSummary:
        """The group that a link leads to."""
        async with sessions() as session:
            return await Invites(session=session).preview(token, request.user.id)

    @post("/invites/{token:str}/accept", status_code=HTTP_200_OK, opt=refuses(NoSuchInvite, GroupFull))
    async def accept_invite(
        self,
        token: Token,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        redis: NamedDependency[Redis],
    ) -> SocketAddress:
        """Become a member of the group that a link leads to. Again, it changes nothing and uses nothing."""
        async with sessions.begin() as session:
            act = await Invites(session=session).accept(token, request.user.id)
        await announce_act(redis, act)
        return socket_address(act.conversation_id, settings.public_url)
