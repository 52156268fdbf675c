"""Accounts of programs. A bot is a user with an owner: a member like others, but without a password or an email."""

from collections.abc import Sequence
from typing import cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.models import User
from app.domain.accounts.rules import NO_PASSWORD, UsernameTaken, check_username


class BotAccounts(SQLAlchemyAsyncRepositoryService[User]):
    class Repo(SQLAlchemyAsyncRepository[User]):
        model_type = User

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def register(self, owner_id: int, *, username: str, name: str) -> User:
        """Raises UsernameRefused or UsernameTaken."""
        values = {
            "username": check_username(username),
            "first_name": name.strip(),
            "password_hash": NO_PASSWORD,
            "bot_owner_id": owner_id,
        }
        newcomer = insert(User).values(values).on_conflict_do_nothing().returning(User)
        bot: User | None = (await self.session.scalars(newcomer)).one_or_none()
        if bot is None:
            raise UsernameTaken
        return bot

    async def owned_by(self, owner_id: int, *, locked: bool = False) -> Sequence[User]:
        """The oldest first. With `locked`, nobody else counts or adds the owner's bots before the transaction ends."""
        if locked:
            await self.session.execute(select(User.id).where(User.id == owner_id).with_for_update(key_share=True))
        found = select(User).where(User.bot_owner_id == owner_id, User.deactivated_at.is_(None)).order_by(User.id)
        return (await self.session.scalars(found)).all()

    async def one_of(self, owner_id: int, bot_id: int, *, locked: bool = False) -> User | None:
        """None when it is somebody else's, or was deleted."""
        found = select(User).where(User.id == bot_id, User.bot_owner_id == owner_id, User.deactivated_at.is_(None))
        bot: User | None = await self.session.scalar(found.with_for_update(key_share=True) if locked else found)
        return bot

    async def rename(self, bot: User, name: str) -> None:
        bot.first_name = name.strip()
        await self.session.flush()

    async def retire(self, bot: User) -> None:
        """Its keys end with it, in every process within seconds (EndedSessions). What it wrote keeps its author."""
        bot.deactivated_at = func.now()
        await self.session.flush()
