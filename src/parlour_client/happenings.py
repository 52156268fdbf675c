"""What happens in a conversation: messages, and what is done to them, in one sequence. Times are aware, in UTC."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct


class Attachment(Struct):
    id: UUID
    name: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None


class Message(Struct, tag="message", kw_only=True):
    """Something was said, as it is now. Its number in the conversation is `message_id`, which edits have, too.

    With a `kind` it is the group's own, or one that is withheld from you.
    """

    conversation_id: int
    message_id: int
    message: str
    sender_id: int
    sender: str
    timestamp: datetime
    client_id: str
    kind: str | None = None
    subject_id: int | None = None
    reply_to: int | None = None
    mentions: list[int] = []
    reactions: dict[str, list[int]] = {}
    attachments: list[Attachment] = []
    card: dict[str, Any] | None = None
    edited_at: datetime | None = None
    deleted: bool = False

    @property
    def seq(self) -> int:
        return self.message_id


class Change(Struct, kw_only=True):
    """What `actor_id` did to a message. `parlour_client.fold` applies it."""

    seq: int
    conversation_id: int
    message_id: int
    actor_id: int
    timestamp: datetime
    client_id: str


class Edited(Change, tag="edited", kw_only=True):
    message: str
    mentions: list[int] = []


class Deleted(Change, tag="deleted", kw_only=True):
    pass


class Reacted(Change, tag="reacted", kw_only=True):
    emoji: str


class Unreacted(Change, tag="unreacted", kw_only=True):
    emoji: str


class Withheld(Struct, tag="withheld"):
    """Keeps the place of an event by somebody with whom you have a block."""

    seq: int
    conversation_id: int


Happening = Message | Edited | Deleted | Reacted | Unreacted | Withheld
"""Numbered by `seq` in its conversation, from 1 and without gaps: heard once and in order."""


def author_of(event: Message | Edited | Deleted | Reacted | Unreacted) -> int:
    return event.sender_id if isinstance(event, Message) else event.actor_id
