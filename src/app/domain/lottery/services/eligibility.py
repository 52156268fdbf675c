"""Who may take part in a draw: as its lottery said when the draw was opened."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.services import Accounts
from app.domain.chat.services.conversations import Conversations
from app.domain.lottery.models import Draw
from app.domain.lottery.rules import NotOfTheGroup, NotVerified
from app.domain.lottery.rules.audience import VERIFIED, group_of


async def check_may_take_part(session: AsyncSession, draw: Draw, user_id: int) -> None:
    """In the transaction that stores the ballot. Raises NotVerified, NotOfTheGroup, NotLoggedIn."""
    group_id = group_of(draw.audience)
    if group_id is not None:
        if await Conversations(session=session).outsiders([(group_id, user_id)]):
            raise NotOfTheGroup
    elif draw.audience == VERIFIED:
        account = await Accounts(session=session).of_actor(user_id)
        if account.email_verified_at is None:
            raise NotVerified
