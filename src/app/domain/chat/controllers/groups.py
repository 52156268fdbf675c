"""Groups over HTTP (document D): create, list, join, leave."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from app.domain.accounts.guards import ActorRequest
from app.domain.chat.controllers.conversations import ConversationId
from app.domain.chat.rules import GroupFull, NotAGroup, NotAMember
from app.domain.chat.schemas.conversations import ConversationOut, GroupSummary, NewGroup, SocketAddress
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.showing import show, socket_address
from app.pages import Limit, Offset
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings


class GroupController(Controller):
    path = "/api/chat/groups"
    tags = ("Groups",)

    @post()
    async def create_group(
        self,
        data: JSONBody[NewGroup],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> ConversationOut:
        """Create a group that anybody may join. You are its owner."""
        async with sessions.begin() as session:
            group = await Conversations(session=session).open_group(request.user.id, (), data.name, joinable=True)
            return (await show(session, [group], request.user.id, settings.public_url))[0]

    @get()
    async def list_groups(
        self, sessions: NamedDependency[Sessions], limit: Limit = 50, offset: Offset = 0
    ) -> list[GroupSummary]:
        """The groups that anybody may join, newest first."""
        async with sessions() as session:
            groups = await Conversations(session=session).public_groups(limit, offset)
        return [GroupSummary(group.id, group.name or "", members, group.created_at) for group, members in groups]

    @post("/{conversation_id:int}/join", status_code=HTTP_200_OK, opt=refuses(NotAMember, GroupFull))
    async def join_group(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> SocketAddress:
        """Become a member. Joining again changes nothing."""
        async with sessions.begin() as session:
            await Conversations(session=session).join(conversation_id, request.user.id)
        return socket_address(conversation_id, settings.public_url)

    @post("/{conversation_id:int}/leave", status_code=HTTP_204_NO_CONTENT, opt=refuses(NotAMember, NotAGroup))
    async def leave_group(
        self, conversation_id: ConversationId, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> None:
        """Stop being a member; your open sockets leave the group within seconds."""
        async with sessions.begin() as session:
            await Conversations(session=session).leave(conversation_id, request.user.id)

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
