"""Blocks over HTTP."""

from litestar import Controller, delete, get, put
from litestar.di import NamedDependency
from redis.asyncio import Redis

from app.domain.accounts.guards import ActorRequest
from app.domain.accounts.services import Accounts
from app.domain.social.controllers.friends import UserId
from app.domain.social.rules import BlockingYourself, TooManyBlocks
from app.domain.social.schemas import BlockedPerson
from app.domain.social.services.announcing import tell_of_block, tell_of_unblock
from app.domain.social.services.blocks import Blocks
from app.domain.social.services.showing import show_blocked, show_both
from app.errors import NoSuchUser
from app.pages import Limit, Offset
from app.problems import refuses
from app.resources import Sessions


class BlockController(Controller):
    path = "/api/blocks"
    tags = ("People",)

    @get()
    async def list_blocks(
        self, request: ActorRequest, sessions: NamedDependency[Sessions], limit: Limit = 50, offset: Offset = 0
    ) -> list[BlockedPerson]:
        """Whom you have blocked, the latest first."""
        async with sessions() as session:
            found = await Blocks(session=session).list_of(request.user.id, limit, offset)
            return await show_blocked(session, found)

    @put("/{user_id:int}", opt=refuses(NoSuchUser, BlockingYourself, TooManyBlocks))
    async def block_person(
        self,
        user_id: UserId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> BlockedPerson:
        """Block somebody. Blocking again changes nothing.

        A friendship or an open request between you ends. While the block stands, neither of you reaches the other, and
        you are not there for them: they are not told why.
        """
        me = request.user.id
        async with sessions.begin() as session:
            if not await Accounts(session=session).people([user_id]):
                raise NoSuchUser
            block, is_new, ended = await Blocks(session=session).block(me, user_id)
            [person] = await show_blocked(session, [block])
            seen = await show_both(session, ended) if ended else {}
        await tell_of_block(redis, me, person, is_new=is_new, ended=ended, seen=seen)
        return person

    @delete("/{user_id:int}")
    async def unblock_person(
        self,
        user_id: UserId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> None:
        """Lift your block, where there is one. What was between you before does not come back by itself."""
        me = request.user.id
        async with sessions.begin() as session:
            lifted = await Blocks(session=session).unblock(me, user_id)
        await tell_of_unblock(redis, me, user_id, lifted=lifted)
