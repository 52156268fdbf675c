"""The picture of a group over HTTP."""

from litestar import Controller, delete, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from redis.asyncio import Redis

from app.domain.accounts.guards import ActorRequest
from app.domain.chat.controllers.conversations import ConversationId
from app.domain.chat.controllers.groups import IN_A_GROUP
from app.domain.chat.roles import NotAllowedHere
from app.domain.chat.rules import NotAMember
from app.domain.chat.schemas.groups import GroupPicture
from app.domain.chat.services.announcing import announce_act
from app.domain.chat.services.pictures import Pictures
from app.domain.files.delivery import AnswersWithFile, FileAnswer, FileInUse, NoSuchFile, NotAnImage, deliver_thumbnail
from app.domain.files.services.store import FileStore
from app.problems import refuses
from app.resources import Sessions


class PictureController(Controller):
    path = "/api/chat/groups/{conversation_id:int}/picture"
    tags = ("Groups",)

    @put(opt=refuses(*IN_A_GROUP, NotAllowedHere, NoSuchFile, NotAnImage, FileInUse))
    async def choose_group_picture(
        self,
        conversation_id: ConversationId,
        data: JSONBody[GroupPicture],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> GroupPicture:
        """Show an image that you have uploaded as the group's picture. For its admins."""
        async with sessions.begin() as session:
            act = await Pictures(session).choose(conversation_id, request.user.id, data.file_id)
        await announce_act(redis, act)
        return data

    @delete(opt=refuses(*IN_A_GROUP, NotAllowedHere))
    async def drop_group_picture(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> None:
        """The group has no picture any more. For its admins."""
        async with sessions.begin() as session:
            act = await Pictures(session).choose(conversation_id, request.user.id, None)
        await announce_act(redis, act)

    @get(operation_class=AnswersWithFile, opt=refuses(NotAMember, NoSuchFile))
    async def read_group_picture(
        self,
        conversation_id: ConversationId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        store: NamedDependency[FileStore],
    ) -> FileAnswer:
        """The picture of a group that you are in or may join, as WebP, at most 320 pixels wide and high."""
        async with sessions() as session:
            file = await Pictures(session).of_group(conversation_id, request.user.id)
        return await deliver_thumbnail(request, store, file)
