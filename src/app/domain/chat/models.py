"""Conversations, who is in them, and their messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Numbered


class Conversation(Numbered):
    """`last_seq` is the number of its newest event; its row is where numbers come from."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index("uq_conversations_pair", "pair_low", "pair_high", unique=True, postgresql_where=text("kind = 'direct'")),
        Index("ix_conversations_public", "id", postgresql_where=text("joinable AND ended_at IS NULL")),
    )

    kind: Mapped[str] = mapped_column(Text)
    """`direct` between a pair of people, or `group`."""
    name: Mapped[str | None] = mapped_column(Text)
    topic: Mapped[str | None] = mapped_column(Text)
    joinable: Mapped[bool] = mapped_column(default=False)
    """May anybody join who knows of it? Such groups are listed."""
    members_may_invite: Mapped[bool] = mapped_column(server_default=true())
    """Or only admins?"""
    picture_id: Mapped[UUID | None] = mapped_column(ForeignKey("files.id", ondelete="SET NULL"))
    pair_low: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    pair_high: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seq: Mapped[int] = mapped_column(default=0)
    last_activity_at: Mapped[datetime] = mapped_column(server_default=func.now())
    retention_days: Mapped[int | None]
    """How long messages are kept; None for as long as the server keeps them."""
    forgotten_until: Mapped[int] = mapped_column(server_default=text("0"))
    """Events up to this number are past the retention: not read any more, and their contents are gone."""
    ended_at: Mapped[datetime | None]
    """When the group was deleted, or the last member left. Nobody is in it any more."""


class Member(Base):
    """Someone in a conversation. Who left keeps the row, so that the history of membership stays readable."""

    __tablename__ = "members"
    __table_args__ = (
        PrimaryKeyConstraint("conversation_id", "user_id"),
        Index("ix_members_user_id_left", "user_id", postgresql_where=text("left_at IS NOT NULL")),
        # With the conversation, so that what two people share is found in the index alone.
        Index("ix_members_user_id", "user_id", "conversation_id", postgresql_where=text("left_at IS NULL")),
        Index("ix_members_order", "conversation_id", "joined_at", "user_id", postgresql_where=text("left_at IS NULL")),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(Text, default="member")
    """`owner`, `admin` or `member`. Who comes back comes back as a member."""
    joined_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_read_seq: Mapped[int] = mapped_column(server_default=text("0"))
    """How far they have read: only ever rises. Begins at what was said before they joined."""
    read_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    muted_until: Mapped[datetime | None]
    """They may say nothing before; leaving and coming back does not change it."""


class Ban(Base):
    """Somebody who may not come into a group, whether or not they have been in it."""

    __tablename__ = "bans"
    __table_args__ = (PrimaryKeyConstraint("conversation_id", "user_id"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    banned_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    banned_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Invite(Numbered):
    """A link by which anybody who has it may join a group."""

    __tablename__ = "invites"
    __table_args__ = (Index("ix_invites_conversation_id", "conversation_id"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """SHA-256 of its token, which is kept nowhere."""
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    max_uses: Mapped[int | None]
    uses: Mapped[int] = mapped_column(server_default=text("0"))
    revoked_at: Mapped[datetime | None]


class Message(Base):
    """A row for each thing said. The unique key makes a client's resend harmless, for ever."""

    __tablename__ = "messages"
    __table_args__ = (
        PrimaryKeyConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "sender_id", "client_id"),
        Index("ix_messages_with_mentions", "conversation_id", "seq", postgresql_where=text("mentions <> '{}'")),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    sender_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    client_id: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(8))
    """Of what was sent first: after an edit, a resend is still told from another message under the same id."""
    kind: Mapped[str | None] = mapped_column(Text)
    """What happened in the group, see `GroupEvent`. None for what somebody wrote."""
    content: Mapped[str] = mapped_column(Text)
    """Empty once it is deleted."""
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Whom a message of the group's own is about."""
    reply_to: Mapped[int | None]
    mentions: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    reactions: Mapped[dict[str, list[int]]] = mapped_column(JSONB, server_default="{}")
    """Who reacted, by emoji, in the order in which they did."""
    attachments: Mapped[list[dict[str, object]]] = mapped_column(JSONB, server_default="[]")
    """What is shown of its files, as it was when they were sent. None, once it is deleted."""
    card: Mapped[dict[str, object] | None] = mapped_column(JSONB(none_as_null=True))
    """What it shows besides its text, see `schemas.cards`. None, once it is deleted."""
    sent_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class Change(Base):
    """An edit, a deletion or a reaction: an event in the same sequence as the messages."""

    __tablename__ = "changes"
    __table_args__ = (
        PrimaryKeyConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "actor_id", "client_id"),
        Index("ix_changes_conversation_id_message_id", "conversation_id", "message_id"),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    message_id: Mapped[int]
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    client_id: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(8))
    kind: Mapped[str] = mapped_column(Text)
    """`edited`, `deleted`, `reacted` or `unreacted`."""
    content: Mapped[str] = mapped_column(Text)
    """The new text, or the emoji. An edit's is emptied when its message is deleted."""
    mentions: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    made_at: Mapped[datetime]
