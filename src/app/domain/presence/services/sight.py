"""Who may see whom: put together from what social knows of people and chat of conversations."""

from collections.abc import Collection
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.services.conversations import Conversations
from app.domain.presence.rules import see_each_other
from app.domain.social.services.blocks import Blocks
from app.domain.social.services.friendships import Friendships
from app.domain.social.services.privacy import Privacy

Pair: TypeAlias = tuple[int, int]
"""Somebody who looks, and whom they look at."""


async def in_sight(session: AsyncSession, pairs: Collection[Pair], *, together: bool = False) -> set[Pair]:
    """Those of the pairs of which the first may see the second. Everybody sees themselves.

    `together` says that it is known that each two of them are in a conversation together; otherwise it is looked up.
    """
    others = {(one, other) for one, other in pairs if one != other}
    if not others:
        return set(pairs)
    privacy = await Privacy(session=session).of({person for pair in others for person in pair})
    hidden = await Blocks(session=session).hidden_from({one for one, _ in others})

    def seen(friends: Collection[Pair], sharing: Collection[Pair]) -> set[Pair]:
        return {
            (one, other)
            for one, other in others
            if see_each_other(
                privacy[one].presence,
                privacy[other].presence,
                blocked=other in hidden[one],
                friends=(one, other) in friends,
                together=(one, other) in sharing,
            )
        }

    # Each thing is looked up for those pairs only for whom it makes a difference.
    sharing = others if together else set[Pair]()
    found = seen((), sharing)
    friends = await Friendships(session=session).among(seen(others, sharing) - found)
    found = seen(friends, sharing)
    if not together:
        sharing = await Conversations(session=session).shared_by(seen(friends, others) - found)
        found = seen(friends, sharing)
    return found | (set(pairs) - others)


async def seen_by(session: AsyncSession, viewer: int, people: Collection[int], *, together: bool = False) -> set[int]:
    """Those of these people whom somebody may see."""
    return {other for _, other in await in_sight(session, [(viewer, one) for one in people], together=together)}
