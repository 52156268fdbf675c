"""What people show of themselves, and who may open a one-to-one chat with them."""

from collections.abc import Collection
from typing import cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from msgspec import UNSET
from msgspec.structs import asdict
from sqlalchemy import ARRAY, BigInteger, any_, delete, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.social.models import PrivacyChoice
from app.domain.social.rules import Audience, admits
from app.domain.social.schemas import PrivacyChange, PrivacySetting
from app.domain.social.services.blocks import Blocks
from app.domain.social.services.friendships import Friendships
from app.domain.social.services.pairs import take_turns


class Privacy(SQLAlchemyAsyncRepositoryService[PrivacyChoice]):
    class Repo(SQLAlchemyAsyncRepository[PrivacyChoice]):
        model_type = PrivacyChoice

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def of(self, user_ids: Collection[int]) -> dict[int, PrivacySetting]:
        """The setting of each of these people; the defaults for who has chosen nothing."""
        asked = any_(literal(list(user_ids), ARRAY(BigInteger)))
        found = await self.session.scalars(select(PrivacyChoice).where(PrivacyChoice.user_id == asked))
        chosen = {choice.user_id: as_setting(choice) for choice in found}
        return {user_id: chosen.get(user_id) or PrivacySetting() for user_id in user_ids}

    async def change(self, user_id: int, change: PrivacyChange) -> PrivacySetting:
        """Change what is given, and nothing else: two devices that change different things at once both succeed."""
        given = {name: value for name, value in asdict(change).items() if value is not UNSET}
        if not given:
            return (await self.of([user_id]))[user_id]
        chosen = insert(PrivacyChoice).values({"user_id": user_id, **asdict(PrivacySetting()), **given})
        kept = chosen.on_conflict_do_update(index_elements=["user_id"], set_=given).returning(PrivacyChoice)
        return as_setting((await self.session.scalars(kept)).one())

    async def forget(self, user_id: int) -> None:
        await self.session.execute(delete(PrivacyChoice).where(PrivacyChoice.user_id == user_id))

    async def lets_open_chat(self, opener_id: int, other_id: int, *, unless_chosen: Audience) -> bool:
        """May somebody open a one-to-one chat with another? Not while a block stands, whoever made it.

        `unless_chosen` is who may when the other has not chosen. A block that is made at the same time takes turns with
        the transaction that asks.
        """
        await take_turns(self.session, opener_id, other_id)
        if await Blocks(session=self.session).stands_between(opener_id, other_id):
            return False
        audience = (await self.of([other_id]))[other_id].direct_chats or unless_chosen
        friends = await Friendships(session=self.session).are_friends(opener_id, other_id)
        return admits(audience, friends=friends)


def as_setting(choice: PrivacyChoice) -> PrivacySetting:
    return PrivacySetting(
        direct_chats=choice.direct_chats,
        presence=choice.presence,
        receipts=choice.receipts,
        typing=choice.typing,
        leaderboards=choice.leaderboards,
    )
