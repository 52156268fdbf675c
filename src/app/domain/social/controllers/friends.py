"""Friends over HTTP."""

from typing import Annotated

from litestar import Controller, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody, PathParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED
from redis.asyncio import Redis

from app.domain.accounts.guards import Actor, ActorRequest
from app.domain.accounts.services import Accounts
from app.domain.notices.services.notifications import Kind, Notice, NoticeBody, Notifications
from app.domain.notices.tasks.telling import tell
from app.domain.social.models import Friendship
from app.domain.social.rules import AlreadyFriends, FriendOfYourself, NoSuchRequest, NotFriends, TooManyOpenRequests
from app.domain.social.schemas import Friend, FriendRequest
from app.domain.social.services.announcing import tell_of_friendship
from app.domain.social.services.friendships import Friendships
from app.domain.social.services.showing import show_both, show_friends
from app.errors import NoSuchUser
from app.pages import Limit, Offset
from app.problems import refuses
from app.resources import Sessions

UserId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]


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
            return await show_friends(session, found, request.user.id)

    @delete("/{user_id:int}", opt=refuses(NotFriends))
    async def remove_friend(
        self,
        user_id: UserId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> None:
        """End a friendship, for both of you. Both hear of it on their sockets, as of all that follows here."""
        me = request.user.id
        async with sessions.begin() as session:
            friendship = await Friendships(session=session).remove(me, user_id)
            seen = await show_both(session, friendship)
        await tell_of_friendship(redis, friendship, seen, by=me, ended=True)

    @get("/requests/received")
    async def list_received_requests(
        self, request: ActorRequest, sessions: NamedDependency[Sessions], limit: Limit = 50, offset: Offset = 0
    ) -> list[Friend]:
        """Who has asked you and waits for your answer, the newest first."""
        async with sessions() as session:
            found = await Friendships(session=session).received_by(request.user.id, limit, offset)
            return await show_friends(session, found, request.user.id)

    @get("/requests/sent")
    async def list_sent_requests(
        self, request: ActorRequest, sessions: NamedDependency[Sessions], limit: Limit = 50, offset: Offset = 0
    ) -> list[Friend]:
        """Whom you have asked and who has not answered, the newest first."""
        async with sessions() as session:
            found = await Friendships(session=session).sent_by(request.user.id, limit, offset)
            return await show_friends(session, found, request.user.id)

    @post(
        "/requests",
        responses={HTTP_200_OK: ResponseSpec(Friend, generate_examples=False, description="You are friends now.")},
        opt=refuses(NoSuchUser, FriendOfYourself, AlreadyFriends, TooManyOpenRequests),
    )
    async def request_friend(
        self,
        data: JSONBody[FriendRequest],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> Response[Friend]:
        """Ask somebody to be your friend: 201. If they have asked you already, you are friends at once: 200.

        Asking again changes nothing. Between two people of whom one has blocked the other, there is no such user.
        """
        me = request.user.id
        async with sessions.begin() as session:
            other = await Accounts(session=session).find_by_username(data.username)
            if other is None:
                raise NoSuchUser
            friendship, is_new = await Friendships(session=session).request(me, other.id)
            seen = await show_both(session, friendship)
            notices = [notice_of(friendship, request.user)] if is_new else []
            notified = await Notifications(session=session).notify(notices)
        if is_new:
            await tell_of_friendship(redis, friendship, seen, by=me)
            await tell(redis, notified)
        return Response(seen[me], status_code=HTTP_200_OK if friendship.accepted_at else HTTP_201_CREATED)

    @post("/requests/{user_id:int}/accept", status_code=HTTP_200_OK, opt=refuses(NoSuchRequest))
    async def accept_friend(
        self,
        user_id: UserId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> Friend:
        """Accept what this user has asked you. Accepting again changes nothing."""
        me = request.user.id
        async with sessions.begin() as session:
            friendship, is_new = await Friendships(session=session).accept(me, user_id)
            seen = await show_both(session, friendship)
            notices = [notice_of(friendship, request.user)] if is_new else []
            notified = await Notifications(session=session).notify(notices)
        if is_new:
            await tell_of_friendship(redis, friendship, seen, by=me)
            await tell(redis, notified)
        return seen[me]

    @delete("/requests/{user_id:int}", opt=refuses(NoSuchRequest))
    async def drop_friend_request(
        self,
        user_id: UserId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> None:
        """Decline this user's request, or take back your own to them."""
        me = request.user.id
        async with sessions.begin() as session:
            friendship = await Friendships(session=session).drop_request(me, user_id)
            seen = await show_both(session, friendship)
        await tell_of_friendship(redis, friendship, seen, by=me, ended=True)


def notice_of(friendship: Friendship, actor: Actor) -> Notice:
    """What the other one should know: they were asked, or accepted."""
    kind = Kind.FRIEND_ACCEPTED if friendship.accepted_at else Kind.FRIEND_REQUEST
    moment = friendship.accepted_at or friendship.asked_at
    return Notice(
        user_id=friendship.other(actor.id),
        key=f"{kind}:{actor.id}:{moment.isoformat()}",  # Asked again after a refusal is another request.
        kind=kind,
        body=NoticeBody(user_id=actor.id, username=actor.username),
    )
