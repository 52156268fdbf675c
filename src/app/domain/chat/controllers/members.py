"""The members of a group over HTTP: who is in it, as what, and who may not be."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from redis.asyncio import Redis

from app.domain.accounts.guards import ActorRequest
from app.domain.chat.controllers.conversations import ConversationId
from app.domain.chat.controllers.groups import IN_A_GROUP, PartOfName
from app.domain.chat.roles import BannedHere, MuteRefused, NoSuchMember, NotAllowedHere, Role, mute_end
from app.domain.chat.rules import GroupFull
from app.domain.chat.schemas.fields import LARGEST_ID
from app.domain.chat.schemas.groups import BanOut, MemberOut, Mute, RoleChange, Transfer
from app.domain.chat.services import standing
from app.domain.chat.services.acts import role_in
from app.domain.chat.services.announcing import announce_act
from app.domain.chat.services.bans import Bans
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.members import Members
from app.domain.chat.services.notifying import notify_of_invitation
from app.domain.notices.tasks.telling import tell
from app.errors import NoSuchUser
from app.pages import PAGE, Limit, Offset
from app.problems import refuses
from app.resources import Sessions

UserId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]
AfterMember = Annotated[int, QueryParameter(ge=0, le=LARGEST_ID, description="The id of the last one you have.")]
ON_A_MEMBER = (*IN_A_GROUP, NotAllowedHere, NoSuchMember)


class MemberController(Controller):
    path = "/api/chat/groups/{conversation_id:int}"
    tags = ("Groups",)

    @get("/members", opt=refuses(*IN_A_GROUP))
    async def list_members(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        after: AfterMember = 0,
        limit: Limit = PAGE,
        role: FromQuery[Literal["owner", "admin", "member"] | None] = None,
        q: PartOfName = None,
    ) -> list[MemberOut]:
        """Who is in the group, in the order in which they joined; with `q`, whose names have it in them.

        Ask for the next page with the id of the last one as `after`. A page shorter than `limit` is the last.
        """
        async with sessions() as session:
            me = request.user.id
            await role_in(session, conversation_id, me)
            return await Members(session=session).page(conversation_id, me, after, limit, role=role, q=q)

    @put("/members/{user_id:int}", opt=refuses(*IN_A_GROUP, NotAllowedHere, NoSuchUser, BannedHere, GroupFull))
    async def add_member(
        self,
        conversation_id: ConversationId,
        user_id: UserId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> MemberOut:
        """Put somebody into the group. For all members, unless `members_may_invite` is off: then for admins."""
        async with sessions.begin() as session:
            members = Members(session=session)
            act = await members.add(conversation_id, request.user.id, user_id)
            member = await members.show(conversation_id, user_id, request.user.id)
            group = await Conversations(session=session).get(conversation_id)
            inviter = (request.user.id, request.user.username)
            notified = await notify_of_invitation(session, group, inviter, act.added, act.seq)
        await announce_act(redis, act)
        await tell(redis, notified)
        return member

    @delete("/members/{user_id:int}", opt=refuses(*ON_A_MEMBER))
    async def remove_member(
        self,
        conversation_id: ConversationId,
        user_id: UserId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> None:
        """Put somebody out of the group, who may join again where anybody may. For admins.

        Their open sockets leave it at once, and the links that they made are revoked.
        """
        async with sessions.begin() as session:
            act = await Members(session=session).remove(conversation_id, request.user.id, user_id)
        await announce_act(redis, act)

    @put("/members/{user_id:int}/role", opt=refuses(*ON_A_MEMBER))
    async def change_role(
        self,
        conversation_id: ConversationId,
        user_id: UserId,
        data: JSONBody[RoleChange],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> MemberOut:
        """Make a member an admin, or an admin a member. For the owner."""
        async with sessions.begin() as session:
            act = await standing.appoint(session, conversation_id, request.user.id, user_id, Role(data.role))
            member = await Members(session=session).show(conversation_id, user_id, request.user.id)
        await announce_act(redis, act)
        return member

    @post("/transfer", status_code=HTTP_200_OK, opt=refuses(*ON_A_MEMBER))
    async def transfer_group(
        self,
        conversation_id: ConversationId,
        data: JSONBody[Transfer],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> MemberOut:
        """Make another member the owner; you stay as an admin. For the owner."""
        async with sessions.begin() as session:
            act = await standing.transfer(session, conversation_id, request.user.id, data.user_id)
            member = await Members(session=session).show(conversation_id, data.user_id, request.user.id)
        await announce_act(redis, act)
        return member

    @put("/members/{user_id:int}/mute", opt=refuses(*ON_A_MEMBER, MuteRefused))
    async def mute_member(
        self,
        conversation_id: ConversationId,
        user_id: UserId,
        data: JSONBody[Mute],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> MemberOut:
        """Let somebody read and say nothing, `until` a time or for some `seconds`. For admins.

        What they have said they may still delete.
        """
        until = mute_end(datetime.now(UTC), data.until, data.seconds)
        async with sessions.begin() as session:
            act = await standing.mute(session, conversation_id, request.user.id, user_id, until)
            member = await Members(session=session).show(conversation_id, user_id, request.user.id)
        await announce_act(redis, act)
        return member

    @delete("/members/{user_id:int}/mute", opt=refuses(*ON_A_MEMBER))
    async def unmute_member(
        self,
        conversation_id: ConversationId,
        user_id: UserId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> None:
        """Let somebody speak again."""
        async with sessions.begin() as session:
            act = await standing.unmute(session, conversation_id, request.user.id, user_id)
        await announce_act(redis, act)

    @get("/bans", opt=refuses(*IN_A_GROUP, NotAllowedHere))
    async def list_bans(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> list[BanOut]:
        """Who is banned from the group, the latest first. For admins."""
        async with sessions() as session:
            return await Bans(session=session).page(conversation_id, request.user.id, limit, offset)

    @put("/bans/{user_id:int}", status_code=HTTP_204_NO_CONTENT, opt=refuses(*IN_A_GROUP, NotAllowedHere, NoSuchUser))
    async def ban_member(
        self,
        conversation_id: ConversationId,
        user_id: UserId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> None:
        """Put somebody out of the group for good, or keep somebody out who is not in it. For admins.

        Until the ban is lifted they can neither join nor be added, and find no such group.
        """
        async with sessions.begin() as session:
            act = await Bans(session=session).ban(conversation_id, request.user.id, user_id)
        await announce_act(redis, act)

    @delete("/bans/{user_id:int}", opt=refuses(*IN_A_GROUP, NotAllowedHere))
    async def unban_member(
        self,
        conversation_id: ConversationId,
        user_id: UserId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
    ) -> None:
        """Lift a ban. It brings nobody back by itself."""
        async with sessions.begin() as session:
            await Bans(session=session).lift(conversation_id, request.user.id, user_id)
