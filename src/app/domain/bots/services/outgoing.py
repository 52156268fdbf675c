"""Outgoing webhooks, as those who look after a group see them."""

from base64 import b64encode
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from secrets import token_bytes
from typing import NamedTuple, cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.bots.models import OutgoingWebhook, WebhookDelivery
from app.domain.bots.rules import (
    DELIVERIES_SHOWN,
    OLD_SECRET_LASTS,
    OUTGOING_PER_CONVERSATION,
    NoSuchWebhook,
    TooManyWebhooks,
    WebhookThere,
)
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.messages import Messages

SECRET_PREFIX = "whsec_"  # noqa: S105  how standardwebhooks tells a secret
SECRET_BYTES = 32


class Watched(NamedTuple):
    webhook: OutgoingWebhook
    rests: bool
    """Because its owner is not in the group."""


def new_secret() -> str:
    return SECRET_PREFIX + b64encode(token_bytes(SECRET_BYTES)).decode()


class OutgoingWebhooks(SQLAlchemyAsyncRepositoryService[OutgoingWebhook]):
    class Repo(SQLAlchemyAsyncRepository[OutgoingWebhook]):
        model_type = OutgoingWebhook

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def of_group(self, conversation_id: int) -> list[Watched]:
        """The oldest first. The caller has checked who asks."""
        found = select(OutgoingWebhook).where(OutgoingWebhook.conversation_id == conversation_id)
        return await self._watch((await self.session.scalars(found.order_by(OutgoingWebhook.id))).all())

    async def watched(self, webhook: OutgoingWebhook) -> Watched:
        return (await self._watch([webhook]))[0]

    async def subscribe(
        self, owner_id: int, conversation_id: int, url: str, events: Collection[str]
    ) -> OutgoingWebhook:
        """Deliver what happens from now on. The group is locked. Raises TooManyWebhooks, WebhookThere."""
        there = await self.of_group(conversation_id)
        if any(one.webhook.url == url for one in there):
            raise WebhookThere
        if len(there) >= OUTGOING_PER_CONVERSATION:
            raise TooManyWebhooks
        webhook = OutgoingWebhook(
            conversation_id=conversation_id,
            owner_id=owner_id,
            url=url,
            events=sorted(set(events)),
            secret=new_secret(),
            position=await self._head(conversation_id),
        )
        self.session.add(webhook)
        await self.session.flush()
        return webhook

    async def one(self, conversation_id: int, webhook_id: int) -> OutgoingWebhook:
        """Locked, since what follows changes it. Raises NoSuchWebhook."""
        found = select(OutgoingWebhook).where(
            OutgoingWebhook.id == webhook_id, OutgoingWebhook.conversation_id == conversation_id
        )
        webhook = await self.session.scalar(found.with_for_update())
        if webhook is None:
            raise NoSuchWebhook
        return webhook

    async def change(self, webhook: OutgoingWebhook, *, url: str | None, events: Collection[str] | None) -> None:
        """None leaves it as it is. Raises WebhookThere."""
        try:
            async with self.session.begin_nested():
                webhook.url = url or webhook.url
                webhook.events = sorted(set(events)) if events else webhook.events
        except IntegrityError as error:
            raise WebhookThere from error

    async def enable(self, webhook: OutgoingWebhook, owner_id: int, *, from_now: bool) -> None:
        """Go on at once, on the word of who says so: they answer for it from now on."""
        if from_now:
            webhook.position = await self._head(webhook.conversation_id)
        webhook.owner_id = owner_id
        webhook.disabled_at = webhook.disabled_because = None
        webhook.failures, webhook.failing_since = 0, None
        webhook.next_attempt_at = datetime.now(UTC)
        await self.session.flush()

    async def disable(self, webhook: OutgoingWebhook) -> None:
        if webhook.disabled_at is None:
            webhook.disabled_at, webhook.disabled_because = datetime.now(UTC), "by_hand"
        await self.session.flush()

    async def ask_for_ping(self, webhook: OutgoingWebhook) -> None:
        webhook.ping_asked_at = datetime.now(UTC)
        await self.session.flush()

    async def rotate_secret(self, webhook: OutgoingWebhook) -> datetime:
        """Until when deliveries are signed with the old one, too. Rotated again before, the one before that ends."""
        until = datetime.now(UTC) + OLD_SECRET_LASTS
        webhook.previous_secret, webhook.secret, webhook.previous_secret_until = webhook.secret, new_secret(), until
        await self.session.flush()
        return until

    async def unsubscribe(self, webhook: OutgoingWebhook) -> None:
        await self.session.delete(webhook)

    async def last_deliveries(self, webhook_id: int) -> Sequence[WebhookDelivery]:
        """The newest first."""
        found = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
        found = found.order_by(WebhookDelivery.attempt.desc()).limit(DELIVERIES_SHOWN)
        return (await self.session.scalars(found)).all()

    async def _watch(self, webhooks: Sequence[OutgoingWebhook]) -> list[Watched]:
        owners = [(webhook.conversation_id, webhook.owner_id) for webhook in webhooks]
        gone = await Conversations(session=self.session).outsiders(owners)
        return [Watched(webhook, owner in gone) for webhook, owner in zip(webhooks, owners, strict=True)]

    async def _head(self, conversation_id: int) -> int:
        return (await Messages(session=self.session).last_numbers([conversation_id]))[conversation_id]
