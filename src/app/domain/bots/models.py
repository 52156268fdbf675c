"""Webhooks into conversations and out of them, and what became of the last deliveries."""

from datetime import datetime

from sqlalchemy import ARRAY, ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, String, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Numbered
from app.domain.accounts.models import User


class IncomingWebhook(Numbered):
    """A URL with a secret in it. Who has it may speak in one conversation, as a bot of its own."""

    __tablename__ = "incoming_webhooks"
    __table_args__ = (UniqueConstraint("conversation_id", "name"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    bot_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """SHA-256 of the secret, which is kept nowhere."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OutgoingWebhook(Numbered):
    """A receiver of a conversation's events. No row is written for an event: `position` says how far it has come."""

    __tablename__ = "outgoing_webhooks"
    __table_args__ = (
        UniqueConstraint("conversation_id", "url"),
        Index("ix_outgoing_webhooks_next_attempt_at", "next_attempt_at"),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    owner_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    """Who answers for it. It rests while they are not in the conversation."""
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(ARRAY(String(50)))
    secret: Mapped[str] = mapped_column(String(80))
    """As it is, because every delivery is signed with it."""
    previous_secret: Mapped[str | None] = mapped_column(String(80))
    previous_secret_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    position: Mapped[int]
    """The number of the last event that was delivered, or passed over because nobody asked for its kind."""
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now())
    leased_until: Mapped[datetime] = mapped_column(server_default=func.now())
    """Until then, the worker that wrote this very time is delivering."""
    ping_asked_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    failures: Mapped[int] = mapped_column(server_default="0")
    """In a row, since `failing_since`."""
    failing_since: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    disabled_because: Mapped[str | None] = mapped_column(String(20))
    """`by_hand`, `gone` (it answered 410) or `failing` (for days)."""


class WebhookDelivery(Base):
    """One of the last attempts, in a ring of so many slots: the next attempt in a slot overwrites it."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (PrimaryKeyConstraint("webhook_id", "slot"),)

    webhook_id: Mapped[int] = mapped_column(ForeignKey("outgoing_webhooks.id", ondelete="CASCADE"))
    slot: Mapped[int]
    attempt: Mapped[int]
    """Counts from 1."""
    message: Mapped[str] = mapped_column(String(64))
    """What it said in the header `webhook-id`."""
    event: Mapped[str] = mapped_column(String(50))
    attempted_at: Mapped[datetime]
    status: Mapped[int | None]
    """None when there was no answer; then `problem` says why."""
    problem: Mapped[str | None] = mapped_column(Text)
    milliseconds: Mapped[int]
