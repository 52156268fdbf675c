"""Incoming webhooks: a URL that speaks in one group, as a bot of its own."""

from collections.abc import Sequence
from secrets import token_hex, token_urlsafe
from typing import Any, NamedTuple, cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.api_keys import digest
from app.domain.accounts.models import in_good_standing
from app.domain.bots.models import IncomingWebhook
from app.domain.bots.rules import (
    INCOMING_PER_CONVERSATION,
    NameInUse,
    NoSuchWebhook,
    TooManyWebhooks,
    username_stem,
)
from app.domain.bots.services.bots import Bots, Ending
from app.domain.chat.roles import Act
from app.domain.chat.services.acts import Acting, Happening
from app.domain.chat.services.members import Members

PREFIX = "plh_"
SECRET_BYTES = 32
TAG_BYTES = 4
"""What makes the username of a webhook's bot unique: with one in four billion, a clash is an error and no loop."""

# The URL works for as long as its bot and who made it are both in the group.
good_hook = text(f"""
    SELECT h.conversation_id, h.bot_id FROM incoming_webhooks h
    JOIN users bot ON bot.id = h.bot_id AND {in_good_standing("bot")}
    JOIN users owner ON owner.id = bot.bot_owner_id AND {in_good_standing("owner")}
    JOIN members here ON here.conversation_id = h.conversation_id AND here.user_id = bot.id AND here.left_at IS NULL
    JOIN members there ON there.conversation_id = h.conversation_id AND there.user_id = owner.id
                      AND there.left_at IS NULL
    WHERE h.digest = :digest
""")

hooks_of = text("""
    SELECT h.id, h.name, h.bot_id, bot.username, bot.bot_owner_id AS owner_id, h.created_at
    FROM incoming_webhooks h JOIN users bot ON bot.id = h.bot_id
    WHERE h.conversation_id = :conversation_id ORDER BY h.id
""")


class Mouth(NamedTuple):
    """Who speaks through a URL, and where."""

    conversation_id: int
    bot_id: int


class Opened(NamedTuple):
    id: int
    secret: str
    """It cannot be had again."""
    act: Happening
    """Its bot has come into the group."""


class IncomingWebhooks(SQLAlchemyAsyncRepositoryService[IncomingWebhook]):
    class Repo(SQLAlchemyAsyncRepository[IncomingWebhook]):
        model_type = IncomingWebhook

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def of_group(self, conversation_id: int) -> Sequence[Row[Any]]:
        """With the name of each one's bot, and whose that is. The caller has checked who asks."""
        return (await self.session.execute(hooks_of, {"conversation_id": conversation_id})).all()

    async def open(self, steward_id: int, conversation_id: int, name: str) -> Opened:
        """Raises what `Members.add` does, and TooManyWebhooks, NameInUse, TooManyBots."""
        acting = await Acting.of_member(self.session, conversation_id, steward_id)
        acting.require(Act.AUTOMATE)
        bot = await Bots(self.session, steward_id).create(
            username=f"{username_stem(name)}-{token_hex(TAG_BYTES)}", name=name
        )
        act = await Members(session=self.session).add(conversation_id, steward_id, bot.id)
        there = await self.of_group(conversation_id)
        if any(one.name == name for one in there):
            raise NameInUse
        if len(there) >= INCOMING_PER_CONVERSATION:
            raise TooManyWebhooks
        secret = PREFIX + token_urlsafe(SECRET_BYTES)
        webhook = IncomingWebhook(conversation_id=conversation_id, bot_id=bot.id, name=name, digest=digest(secret))
        self.session.add(webhook)
        await self.session.flush()
        return Opened(webhook.id, secret, act)

    async def delete_from(self, conversation_id: int, webhook_id: int) -> Ending:
        """Its bot ends with it. Raises NoSuchWebhook."""
        found = await self.session.execute(
            select(IncomingWebhook.bot_id).where(
                IncomingWebhook.id == webhook_id, IncomingWebhook.conversation_id == conversation_id
            )
        )
        bot_id = found.scalar_one_or_none()
        if bot_id is None:
            raise NoSuchWebhook
        owner_id = next(one.owner_id for one in await self.of_group(conversation_id) if one.bot_id == bot_id)
        return await Bots(self.session, owner_id).delete(bot_id)

    async def behind(self, secret: str) -> Mouth:
        """Raises NoSuchWebhook, whatever is wrong with it."""
        found = (await self.session.execute(good_hook, {"digest": digest(secret)})).one_or_none()
        if found is None:
            raise NoSuchWebhook
        return Mouth(found.conversation_id, found.bot_id)
