"""Avatars over HTTP. A group's are the groups' own affair."""

from typing import Annotated

from litestar import Controller, delete, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter

from app.domain.accounts.guards import ActorRequest
from app.domain.files.delivery import AnswersWithFile, FileAnswer, deliver_thumbnail
from app.domain.files.rules import FileInUse, NoSuchFile, NotAnImage
from app.domain.files.schemas import AvatarChoice, AvatarOut
from app.domain.files.services.avatars import Avatars
from app.domain.files.services.store import FileStore
from app.problems import refuses
from app.resources import Sessions

UserId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]


class AvatarController(Controller):
    path = "/api/users"
    tags = ("Files",)

    @put("/avatar", opt=refuses(NoSuchFile, NotAnImage, FileInUse))
    async def choose_avatar(
        self, data: JSONBody[AvatarChoice], request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> AvatarOut:
        """Show an image that you have uploaded as your picture, to everybody who is logged in."""
        me = request.user.id
        async with sessions.begin() as session:
            await Avatars(session).choose(me, data.file_id)
        return AvatarOut(me, data.file_id, f"/api/users/{me}/avatar")

    @delete("/avatar")
    async def drop_avatar(self, request: ActorRequest, sessions: NamedDependency[Sessions]) -> None:
        """Have no picture any more."""
        async with sessions.begin() as session:
            await Avatars(session).drop(request.user.id)

    @get("/{user_id:int}/avatar", operation_class=AnswersWithFile, opt=refuses(NoSuchFile))
    async def read_avatar(
        self,
        user_id: UserId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        store: NamedDependency[FileStore],
    ) -> FileAnswer:
        """Somebody's picture, as WebP, at most 320 pixels wide and high."""
        async with sessions() as session:
            file = await Avatars(session).of_user(user_id, request.user.id)
        return await deliver_thumbnail(request, store, file)
