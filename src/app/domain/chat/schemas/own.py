"""What one person has in conversations, as the archive of their data shows it."""

from datetime import datetime

from msgspec import Struct

from app.domain.chat.schemas.cards import Card


class OwnMembership(Struct, kw_only=True):
    conversation_id: int
    kind: str
    name: str | None
    role: str
    joined_at: datetime
    left_at: datetime | None
    last_read_seq: int
    with_id: int | None
    """The other one of a one-to-one chat."""
    with_username: str | None


class OwnMessage(Struct, kw_only=True):
    id: int
    content: str
    """Empty if it is deleted."""
    card: Card | None
    timestamp: datetime
    reply_to: int | None
    edited_at: datetime | None
    deleted_at: datetime | None


class OwnChange(Struct, kw_only=True):
    """An edit, a deletion or a reaction that they made."""

    conversation_id: int
    seq: int
    message_id: int
    kind: str
    content: str
    """The new text, or the emoji."""
    timestamp: datetime
