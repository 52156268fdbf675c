"""Whether a conversation may be opened: with whom, and what they have to say about it."""

from collections.abc import Collection
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.services import Accounts
from app.domain.chat.models import Conversation
from app.domain.chat.rules import FriendsOnly
from app.domain.chat.services.conversations import Conversations
from app.domain.social.services.blocks import Blocks
from app.domain.social.services.privacy import Privacy
from app.errors import NoSuchUser


async def check_they_are_there(session: AsyncSession, user_ids: Collection[int]) -> None:
    """Raises NoSuchUser for somebody unknown, or whose account was deactivated."""
    people = await Accounts(session=session).people(user_ids)
    if len(people) < len(user_ids) or any(person.deactivated_at for person in people.values()):
        raise NoSuchUser


async def open_direct(
    session: AsyncSession, user_id: int, other_id: int, *, unless_chosen: Literal["everyone", "friends"]
) -> tuple[Conversation, bool]:
    """The one-to-one chat of two people, and whether it was created now.

    A chat that is there is found again, whatever was chosen or blocked since. A new one takes the other's leave;
    `unless_chosen` says who has it from those who have not chosen. A block is refused as a choice would be, with
    FriendsOnly, so that nobody can tell one from the other. Raises TalkingToYourself too.
    """
    conversations = Conversations(session=session)
    standing = await conversations.direct_between(user_id, other_id)
    if standing:
        return standing, False
    privacy = Privacy(session=session)
    if user_id != other_id and not await privacy.lets_open_chat(user_id, other_id, unless_chosen=unless_chosen):
        raise FriendsOnly
    return await conversations.open_direct(user_id, other_id)


async def open_group(
    session: AsyncSession,
    owner_id: int,
    others: Collection[int],
    name: str | None,
    topic: str | None = None,
    *,
    joinable: bool = False,
) -> Conversation:
    """A group that nobody may join uninvited, unless it is `joinable`.

    Raises NoSuchUser when a block stands between the owner and one of the others, whoever made it; GroupNameRefused,
    UnstorableText.
    """
    hidden = (await Blocks(session=session).hidden_from([owner_id]))[owner_id]
    if not hidden.isdisjoint(others):
        raise NoSuchUser
    return await Conversations(session=session).open_group(owner_id, others, name, topic, joinable=joinable)
