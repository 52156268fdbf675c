"""Bots: whose they are, their keys, and their end."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.api_keys import ApiKeys
from app.domain.accounts.bot_accounts import BotAccounts
from app.domain.accounts.models import ApiKey, User
from app.domain.accounts.scopes import Scope
from app.domain.bots.models import IncomingWebhook
from app.domain.bots.rules import (
    BOTS_PER_OWNER,
    KEYS_PER_BOT,
    AlreadyExpired,
    NameInUse,
    NoSuchBot,
    NoSuchKey,
    TooManyBots,
    TooManyKeys,
)
from app.domain.chat.services.acts import Happening
from app.domain.chat.services.members import Members


class Ending(NamedTuple):
    """What ended with a bot: the keys, by their ids, and its time in each of its groups."""

    keys: Sequence[UUID]
    left: Sequence[Happening]


class Bots:
    """Of one owner. Everybody else's are NoSuchBot."""

    def __init__(self, session: AsyncSession, owner_id: int) -> None:
        self._session = session
        self._owner_id = owner_id
        self._accounts = BotAccounts(session=session)
        self._keys = ApiKeys(session=session)

    async def all(self) -> Sequence[User]:
        """The oldest first, with those that speak for incoming webhooks."""
        return await self._accounts.owned_by(self._owner_id)

    async def create(self, *, username: str, name: str) -> User:
        """Raises TooManyBots, UsernameRefused, UsernameTaken."""
        if len(await self._accounts.owned_by(self._owner_id, locked=True)) >= BOTS_PER_OWNER:
            raise TooManyBots
        return await self._accounts.register(self._owner_id, username=username, name=name)

    async def rename(self, bot_id: int, name: str) -> User:
        bot = await self.one(bot_id)
        await self._accounts.rename(bot, name)
        return bot

    async def delete(self, bot_id: int) -> Ending:
        """Its keys and its webhook end, it leaves its groups, and what it wrote stays."""
        bot = await self.one(bot_id, locked=True)
        await self._session.execute(delete(IncomingWebhook).where(IncomingWebhook.bot_id == bot_id))
        left = await Members(session=self._session).leave_all(bot_id)
        await self._accounts.retire(bot)
        return Ending(await self._keys.end(bot_id), left)

    async def one(self, bot_id: int, *, locked: bool = False) -> User:
        bot = await self._accounts.one_of(self._owner_id, bot_id, locked=locked)
        if bot is None:
            raise NoSuchBot
        return bot

    async def keys_of(self, bot_id: int) -> Sequence[ApiKey]:
        await self.one(bot_id)
        return await self._keys.of_bot(bot_id)

    async def issue_key(
        self, bot_id: int, *, name: str, scopes: Collection[Scope], expires_at: datetime | None
    ) -> tuple[ApiKey, str]:
        """Raises NoSuchBot, AlreadyExpired, TooManyKeys, NameInUse."""
        await self.one(bot_id, locked=True)
        if expires_at is not None and expires_at <= datetime.now(UTC):
            raise AlreadyExpired
        if len(await self._keys.of_bot(bot_id)) >= KEYS_PER_BOT:
            raise TooManyKeys
        try:
            return await self._keys.issue(bot_id, name=name, scopes=set(scopes), expires_at=expires_at)
        except IntegrityError as error:
            raise NameInUse from error

    async def revoke_key(self, bot_id: int, key_id: UUID) -> Sequence[UUID]:
        """Raises NoSuchBot, NoSuchKey."""
        await self.one(bot_id)
        ended = await self._keys.end(bot_id, key_id)
        if not ended:
            raise NoSuchKey
        return ended

    async def put_into(self, bot_id: int, conversation_id: int) -> Happening:
        """Into a group that the owner looks after. Raises NoSuchBot, and what `Members.add` raises."""
        await self.one(bot_id, locked=True)
        return await Members(session=self._session).add(conversation_id, self._owner_id, bot_id)

    async def take_out(self, bot_id: int, conversation_id: int) -> Happening:
        """Out of any group, whoever looks after it. Raises NoSuchBot, NotAMember, NotAGroup."""
        await self.one(bot_id)
        return await Members(session=self._session).leave(conversation_id, bot_id)
