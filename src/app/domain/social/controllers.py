"""Friends over HTTP."""

from collections.abc import Sequence
from typing import Annotated

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.guards import Actor, ActorRequest
from app.domain.accounts.services import Accounts
from app.domain.notices.services.notifications import Kind, Notice, NoticeBody, Notifications
from app.domain.notices.tasks.telling import tell
from app.domain.social.models import Friendship
from app.domain.social.rules import PAGE, AlreadyFriends, FriendOfYourself, NoSuchRequest, NotFriends
from app.domain.social.schemas import Friend, FriendRequest, FriendRequests
from app.domain.social.services import Friendships
from app.errors import NoSuchUser
from app.problems import refuses
from app.resources import Sessions

UserId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE, description="How many at most.")]
Offset = Annotated[int, QueryParameter(ge=0, le=2**31, description="How many to skip.")]


class FriendController(Controller):
    path = "/api/friends"
    tags = ("Friends",)

    @get()
    async def list_friends(
        self, request: ActorRequest, sessions: NamedDependency[Sessions], limit: Limit = 50, offset: Offset = 0
    ) -> list[Friend]:
        """Your friends, the newest first."""
        async with sessions() as session:
            found = await Friendships(session=session).friends_of(request.user.id, limit, offset)
            return await show(session, found, request.user.id)

    @delete("/{user_id:int}", opt=refuses(NotFriends))
    async def remove_friend(self, user_id: UserId, request: ActorRequest, sessions: NamedDependency[Sessions]) -> None:
        """End a friendship, for both of you."""
        async with sessions.begin() as session:
            await Friendships(session=session).remove(request.user.id, user_id)

    @get("/requests")
    async def list_friend_requests(
        self, request: ActorRequest, sessions: NamedDependency[Sessions], limit: Limit = PAGE
    ) -> FriendRequests:
        """Open requests, received and sent."""
        me = request.user.id
        async with sessions() as session:
            found = await Friendships(session=session).requests_of(me, limit)
            return FriendRequests(
                received=await show(session, [one for one in found if one.asked_by != me], me),
                sent=await show(session, [one for one in found if one.asked_by == me], me),
            )

    @post("/requests", opt=refuses(NoSuchUser, FriendOfYourself, AlreadyFriends))
    async def request_friend(
        self,
        data: JSONBody[FriendRequest],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> Friend:
        """Ask somebody to be your friend. If they have asked you already, you are friends at once."""
        async with sessions.begin() as session:
            other = await Accounts(session=session).find_by_username(data.username)
            if other is None:
                raise NoSuchUser
            friendship = await Friendships(session=session).request(request.user.id, other.id)
            notified = await Notifications(session=session).notify([notice_of(friendship, request.user)])
            friend = (await show(session, [friendship], request.user.id))[0]
        await tell(redis, notified)
        return friend

    @post("/requests/{user_id:int}/accept", status_code=HTTP_200_OK, opt=refuses(NoSuchRequest))
    async def accept_friend(
        self,
        user_id: UserId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> Friend:
        """Accept what this user has asked you."""
        async with sessions.begin() as session:
            friendship = await Friendships(session=session).accept(request.user.id, user_id)
            notified = await Notifications(session=session).notify([notice_of(friendship, request.user)])
            friend = (await show(session, [friendship], request.user.id))[0]
        await tell(redis, notified)
        return friend

    @delete("/requests/{user_id:int}", opt=refuses(NoSuchRequest))
    async def drop_friend_request(
        self, user_id: UserId, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> None:
        """Decline this user's request, or take back your own to them."""
        async with sessions.begin() as session:
            await Friendships(session=session).drop_request(request.user.id, user_id)


def notice_of(friendship: Friendship, actor: Actor) -> Notice:
    """What the other should know: they were asked, or accepted. Done again it is the same; asked anew it is another."""
    kind = Kind.FRIEND_ACCEPTED if friendship.accepted_at else Kind.FRIEND_REQUEST
    moment = friendship.accepted_at or friendship.asked_at
    return Notice(
        user_id=friendship.other(actor.id),
        key=f"{kind}:{actor.id}:{moment.isoformat()}",
        kind=kind,
        body=NoticeBody(user_id=actor.id, username=actor.username),
    )


async def show(session: AsyncSession, found: Sequence[Friendship], reader_id: int) -> list[Friend]:
    people = await Accounts(session=session).people(friendship.other(reader_id) for friendship in found)
    return [
        Friend(other, people[other].username, friendship.accepted_at or friendship.asked_at)
        for friendship in found
        for other in [friendship.other(reader_id)]
    ]
