"""Friends and blocked people with their names."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.models import User
from app.domain.accounts.services import Accounts
from app.domain.social.models import Block, Friendship
from app.domain.social.schemas import BlockedPerson, Friend


async def show_friends(session: AsyncSession, found: Sequence[Friendship], reader_id: int) -> list[Friend]:
    """Of each friendship or request, the other one."""
    people = await Accounts(session=session).people(friendship.other(reader_id) for friendship in found)
    return [as_friend(people[friendship.other(reader_id)], friendship) for friendship in found]


async def show_both(session: AsyncSession, friendship: Friendship) -> dict[int, Friend]:
    """By the id of either of the two: the other one."""
    low, high = friendship.low_id, friendship.high_id
    people = await Accounts(session=session).people((low, high))
    return {low: as_friend(people[high], friendship), high: as_friend(people[low], friendship)}


async def show_blocked(session: AsyncSession, found: Sequence[Block]) -> list[BlockedPerson]:
    people = await Accounts(session=session).people(block.blocked_id for block in found)
    return [as_blocked(people[block.blocked_id], block) for block in found]


def as_friend(user: User, friendship: Friendship) -> Friend:
    since = friendship.accepted_at or friendship.asked_at
    return Friend(user.id, user.username, user.first_name, user.last_name, since, user.avatar_id)


def as_blocked(user: User, block: Block) -> BlockedPerson:
    return BlockedPerson(user.id, user.username, user.first_name, user.last_name, block.since)
