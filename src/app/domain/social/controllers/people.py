"""Finding people over HTTP."""

from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from app.domain.accounts.guards import ActorRequest
from app.domain.social.controllers.friends import UserId
from app.domain.social.schemas import PublicProfile
from app.domain.social.services import people
from app.errors import NoSuchUser
from app.pages import Limit, Offset
from app.problems import refuses
from app.resources import Sessions

Prefix = Annotated[
    str,
    QueryParameter(
        min_length=1, max_length=30, pattern=r"^[^\x00-\x1f\x7f]*\Z", description="How their username begins."
    ),
]


class PeopleController(Controller):
    path = "/api/users"
    tags = ("People",)

    @get("/search")
    async def search_people(
        self,
        q: Prefix,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        limit: Limit = 20,
        offset: Offset = 0,
    ) -> list[PublicProfile]:
        """Other people whose username begins so, in the order of the alphabet. Case does not matter.

        Nobody is found whom you have blocked, or who has blocked you.
        """
        async with sessions() as session:
            return await people.search(session, request.user.id, q, limit, offset)

    @get("/{user_id:int}", opt=refuses(NoSuchUser))
    async def read_person(
        self, user_id: UserId, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> PublicProfile:
        """Somebody's public profile, and what they are to you."""
        async with sessions() as session:
            return await people.profile(session, request.user.id, user_id)
