"""Notifications, the devices and settings that decide where they go, and the outboxes of mails and pushes."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    column,
    func,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Numbered

UNSETTLED = "sent_at IS NULL AND failed_at IS NULL"

# What this slice, which stands below the others, reads of them, joined in SQL.
users = table(
    "users",
    column("id", BigInteger),
    column("username", String),
    column("email", String),
    column("email_verified_at", DateTime(timezone=True)),
    column("deactivated_at", DateTime(timezone=True)),
)
login_sessions = table(
    "login_sessions",
    column("id", Uuid),
    column("ended_at", DateTime(timezone=True)),
    column("expires_at", DateTime(timezone=True)),
)
members = table(
    "members",
    column("conversation_id", BigInteger),
    column("user_id", BigInteger),
    column("left_at", DateTime(timezone=True)),
)


class Notification(Numbered):
    """Something that its reader should know. The unique key makes a repetition harmless, as long as the row lives."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_notifications_user_id_id", "user_id", "id", postgresql_where=text("listed")),
        Index("ix_notifications_unread", "user_id", "id", postgresql_where=text("listed AND read_at IS NULL")),
        Index("ix_notifications_unlisted", "created_at", postgresql_where=text("NOT listed")),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    conversation_id: Mapped[int | None]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """A `NoticeBody`."""
    listed: Mapped[bool]
    """False for what is pushed only; that goes once no push can need it any more."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    read_at: Mapped[datetime | None]


class PushSubscription(Numbered):
    """A device that takes pushes, for as long as the login lasts that subscribed it."""

    __tablename__ = "push_subscriptions"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("login_sessions.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(Text, unique=True)
    """Whoever knows it can write to the device, though not read: shown to nobody."""
    p256dh: Mapped[bytes] = mapped_column(LargeBinary(65))
    auth: Mapped[bytes] = mapped_column(LargeBinary(16))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Push(Base):
    """One notification on its way to one device."""

    __tablename__ = "pushes"
    __table_args__ = (
        PrimaryKeyConstraint("notification_id", "subscription_id"),
        Index("ix_pushes_due", "next_attempt_at", postgresql_where=text(UNSETTLED)),
        Index("ix_pushes_subscription_id", "subscription_id"),
    )

    notification_id: Mapped[int] = mapped_column(ForeignKey("notifications.id", ondelete="CASCADE"))
    subscription_id: Mapped[int]
    """No foreign key: a device that goes at this moment must not fail the transaction that notifies its owner."""
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]


class Mute(Base):
    """A conversation that does not push to somebody, for a while or (until NULL) for good."""

    __tablename__ = "mutes"
    __table_args__ = (PrimaryKeyConstraint("user_id", "conversation_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    conversation_id: Mapped[int]
    until: Mapped[datetime | None]


class NotificationSettings(Base):
    """What somebody has chosen; who has chosen nothing has no row, and these defaults."""

    __tablename__ = "notification_settings"
    __table_args__ = (
        CheckConstraint("push_messages IN ('all', 'mentions', 'none')", name="push_messages_known"),
        CheckConstraint("digest IN ('off', 'daily', 'weekly')", name="digest_known"),
        CheckConstraint("(dnd_from IS NULL) = (dnd_to IS NULL)", name="dnd_whole"),
        Index("ix_notification_settings_digest", "user_id", postgresql_where=text("digest <> 'off'")),
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    push: Mapped[bool] = mapped_column(server_default=text("true"))
    push_messages: Mapped[str] = mapped_column(Text, server_default="all")
    dnd_from: Mapped[time | None]
    dnd_to: Mapped[time | None]
    """Local times in `zone`."""
    zone: Mapped[str] = mapped_column(Text, server_default="UTC")
    digest: Mapped[str] = mapped_column(Text, server_default="off")
    digested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When the last digest was mailed, or found to be empty; when they were switched on, before the first."""


class OutgoingMail(Numbered):
    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_due", "next_attempt_at", postgresql_where=text(UNSETTLED)),)

    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    """Emptied once it is settled: it may carry a token that nothing else keeps in the clear."""
    unsubscribe_url: Mapped[str | None] = mapped_column(Text)
    """For mail that nobody needs: where its reader ends it with one click (RFC 8058)."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
