"""What happens in a conversation: messages, and what is done to them, in one sequence."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from app.domain.chat.schemas.cards import Card
from app.domain.files.schemas import Attachment

GroupEvent = Literal[
    "joined",
    "left",
    "added",
    "removed",
    "banned",
    "promoted",
    "demoted",
    "owner_changed",
    "muted",
    "unmuted",
    "renamed",
    "topic_changed",
    "opened",
    "closed",
    "retention_changed",
    "picture_changed",
    "round_opened",
    "round_drawn",
    "round_cancelled",
    "ended",
]
"""What a message of the group's own tells: what the sender did, to the `subject_id` where there is one.

Its text is the new name, the new topic, the time until which somebody is muted, the days that messages are
kept for, the id of the picture, or the name of the game that is played.
"""

MessageKind = GroupEvent | Literal["withheld"]
"""`withheld` stands for a message by somebody with whom the reader has a block."""

Departure = Literal["left", "removed", "banned", "ended"]


class MessageOut(Struct, omit_defaults=True):
    """A message as document C reads it. `id` is its number in the conversation, where edits and reactions count too."""

    id: int
    sender_id: int
    sender: str
    content: str
    timestamp: datetime
    client_id: str
    kind: MessageKind | None = None
    subject_id: int | None = None
    reply_to: int | None = None
    mentions: list[int] = []
    reactions: dict[str, list[int]] = {}
    attachments: list[Attachment] = []
    card: Card | None = None
    edited_at: datetime | None = None
    deleted: bool = False


class MessageFrame(Struct, tag="message", omit_defaults=True):
    """A message on a socket, as it is now. The first five fields are document C's; all sockets get the same bytes."""

    message_id: int
    message: str
    sender_id: int
    sender: str
    timestamp: datetime
    conversation_id: int
    client_id: str
    kind: MessageKind | None = None
    """None for what somebody wrote and the reader may see."""
    subject_id: int | None = None
    reply_to: int | None = None
    mentions: list[int] = []
    reactions: dict[str, list[int]] = {}
    attachments: list[Attachment] = []
    card: Card | None = None
    edited_at: datetime | None = None
    deleted: bool = False

    def as_answer(self) -> MessageOut:
        return MessageOut(
            id=self.message_id,
            sender_id=self.sender_id,
            sender=self.sender,
            content=self.message,
            timestamp=self.timestamp,
            client_id=self.client_id,
            kind=self.kind,
            subject_id=self.subject_id,
            reply_to=self.reply_to,
            mentions=self.mentions,
            reactions=self.reactions,
            attachments=self.attachments,
            card=self.card,
            edited_at=self.edited_at,
            deleted=self.deleted,
        )


class ChangeFrame(Struct, kw_only=True):
    """An event about a message, in the same sequence: `seq` comes after the number of the event before it."""

    seq: int
    conversation_id: int
    message_id: int
    actor_id: int
    timestamp: datetime
    client_id: str


class Edited(ChangeFrame, tag="edited", kw_only=True, omit_defaults=True):
    """A message has another text now, and other people may be mentioned in it."""

    message: str
    """Empty if the message has been deleted since."""
    mentions: list[int] = []


class Deleted(ChangeFrame, tag="deleted", kw_only=True):
    """A message is gone, for everybody. Its place in the sequence stays."""


class Reacted(ChangeFrame, tag="reacted", kw_only=True):
    """Somebody put an emoji to a message."""

    emoji: str


class Unreacted(ChangeFrame, tag="unreacted", kw_only=True):
    """Somebody took an emoji of theirs off a message."""

    emoji: str


class Withheld(Struct, tag="withheld"):
    """Keeps the place of an event by somebody with whom the reader has a block: no more than its number is told."""

    seq: int
    conversation_id: int


ChangeEvent = Edited | Deleted | Reacted | Unreacted


EventFrame = MessageFrame | ChangeEvent


class ConversationAdded(Struct, tag="conversation_added"):
    """You are in a conversation that you were not in. It counts if its `seq` is above that of a `conversation_removed`.

    `seq` is the number of the event that tells it to the others, or 0 when the conversation is new.
    """

    conversation_id: int
    seq: int


class ConversationRemoved(Struct, tag="conversation_removed"):
    """You are no longer in a conversation."""

    conversation_id: int
    seq: int
    reason: Departure
