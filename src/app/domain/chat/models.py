"""Conversations, who is in them, and their messages."""

from datetime import datetime

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
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Numbered


class Conversation(Numbered):
    """`last_seq` is the number of its newest event; its row is where numbers come from."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index("uq_conversations_pair", "pair_low", "pair_high", unique=True, postgresql_where=text("kind = 'direct'")),
    )

    kind: Mapped[str] = mapped_column(Text)
    """`direct` between a pair of people, or `group`."""
    name: Mapped[str | None] = mapped_column(Text)
    joinable: Mapped[bool] = mapped_column(default=False)
    """May anybody join who knows of it?"""
    pair_low: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    pair_high: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seq: Mapped[int] = mapped_column(default=0)
    last_activity_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Member(Base):
    """Someone in a conversation. Who left keeps the row, so that the history of membership stays readable."""

    __tablename__ = "members"
    __table_args__ = (
        PrimaryKeyConstraint("conversation_id", "user_id"),
        Index("ix_members_user_id", "user_id", postgresql_where=text("left_at IS NULL")),
        Index("ix_members_user_id_left", "user_id", postgresql_where=text("left_at IS NOT NULL")),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(Text, default="member")
    """`owner` or `member`."""
    joined_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_read_seq: Mapped[int] = mapped_column(server_default=text("0"))
    """How far they have read: only ever rises. Begins at what was said before they joined."""
    read_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]


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
    """What happened in the group: `joined`, `left`, … None for what somebody wrote."""
    content: Mapped[str] = mapped_column(Text)
    """Empty once it is deleted."""
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Whom a message of the group's own is about."""
    reply_to: Mapped[int | None]
    mentions: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    reactions: Mapped[dict[str, list[int]]] = mapped_column(JSONB, server_default="{}")
    """Who reacted, by emoji, in the order in which they did."""
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
