"""What a batch of entries makes of a conversation: rules and numbers, no database.

Entries are taken one after the other, each against the state that those before it have left, also within the batch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec

from app.domain.chat.roles import Act, Role, check_voice, may
from app.domain.chat.rules import (
    EMOJI_PER_MESSAGE,
    REACTIONS_PER_MESSAGE,
    NoSuchAttachment,
    NoSuchMessage,
    NotAMember,
    NotReachable,
    NotYourMessage,
    TooManyReactions,
)
from app.domain.chat.schemas.entries import Deletion, Draft, Edit, Entry, Reaction, Removal, Share
from app.domain.chat.schemas.events import ChangeEvent, Deleted, Edited, EventFrame, MessageFrame, Reacted, Unreacted
from app.domain.files.schemas import Attachment
from app.errors import AppError, IdempotencyConflict
from app.hub.events import NOBODY

FINGERPRINT_BYTES = 8


def fingerprint(entry: Entry) -> bytes:
    """Tells whether two entries under one client id ask for the same. Of a card counts what it is of."""
    asked = (*msgspec.structs.astuple(entry)[:-1], entry.card.about) if isinstance(entry, Share) else entry
    return blake2b(msgspec.msgpack.encode(asked), digest_size=FINGERPRINT_BYTES).digest()


GONE: Mapping[str, Any] = {
    "message": "",
    "mentions": [],
    "reactions": {},
    "attachments": [],
    "card": None,
    "deleted": True,
}
"""What is left of a message that was deleted."""


@dataclass(frozen=True)
class Known:
    """What the database says about one entry before the batch."""

    last_seq: int
    username: str
    role: str | None
    """None for somebody who is not, or no longer, a member."""
    muted_until: datetime | None
    blocked: bool
    """A block stands between the two of a one-to-one chat."""
    stored: EventFrame | None
    """What its client id has made before, and by what: `fingerprint`."""
    fingerprint: bytes
    target: MessageFrame | None
    """The message that it is about."""
    mentions: Sequence[int] = ()
    files: Mapping[UUID, Attachment] = field(default_factory=dict)
    """Those of its files that are its sender's, and free."""


@dataclass
class Ledger:
    """Collects what is to be written: new messages, new changes, and messages as they are after those."""

    now: datetime
    messages: list[tuple[MessageFrame, bytes]] = field(default_factory=list)
    changes: list[tuple[ChangeEvent, bytes]] = field(default_factory=list)
    changed: dict[tuple[int, int], MessageFrame] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    _attached: set[UUID] = field(default_factory=set)
    _fresh: dict[tuple[int, int], MessageFrame] = field(default_factory=dict)
    _made: dict[tuple[int, int, str], tuple[EventFrame, bytes]] = field(default_factory=dict)

    def take(self, entry: Entry, known: Known | None) -> EventFrame:
        """The event that an entry makes, or has made before. Raises the error that refuses it."""
        if known is None or (known.role is None and not isinstance(entry, Removal)):
            raise NotAMember
        mark = fingerprint(entry)
        key = (entry.conversation_id, entry.sender_id, entry.client_id)
        if key in self._made:
            event, earlier = self._made[key]
        elif known.stored is not None:
            event, earlier = known.stored, known.fingerprint
        else:
            event, earlier = self._make(entry, known), mark
            self._made[key] = (event, mark)
        if earlier != mark:
            raise IdempotencyConflict
        return event

    def _make(self, entry: Entry, known: Known) -> EventFrame:
        if known.blocked and not isinstance(entry, Deletion | Removal):
            raise NotReachable
        conversation_id = entry.conversation_id
        if says_something(entry):
            check_voice(self.now, known.muted_until)
        if isinstance(entry, Draft):
            if entry.reply_to is not None and self._target(conversation_id, entry.reply_to, known) is None:
                raise NoSuchMessage
            message = MessageFrame(
                message_id=self._number(conversation_id, known),
                message=entry.content,
                sender_id=entry.sender_id,
                sender=known.username,
                timestamp=self.now,
                conversation_id=conversation_id,
                client_id=entry.client_id,
                reply_to=entry.reply_to,
                mentions=list(known.mentions),
                attachments=self._attach(entry, known),
                card=entry.card if isinstance(entry, Share) else None,
            )
            self.messages.append((message, fingerprint(entry)))
            self._fresh[conversation_id, message.message_id] = message
            return message
        target = self._target(conversation_id, entry.message_id, known)
        if target is None or target.deleted or target.kind is not None:
            raise NoSuchMessage
        after = self._changed(entry, target, known)
        change = self._event(entry, self._number(conversation_id, known), known)
        self.changed[conversation_id, entry.message_id] = after
        self.changes.append((change, fingerprint(entry)))
        return change

    def _attach(self, draft: Draft, known: Known) -> list[Attachment]:
        """Each file goes to one message, also within the batch. Raises NoSuchAttachment."""
        if not known.files.keys() - self._attached >= set(draft.files) or len(set(draft.files)) < len(draft.files):
            raise NoSuchAttachment
        self._attached |= set(draft.files)
        return [known.files[file_id] for file_id in draft.files]

    def _target(self, conversation_id: int, message_id: int, known: Known) -> MessageFrame | None:
        place = (conversation_id, message_id)
        return self.changed.get(place) or self._fresh.get(place) or known.target

    def _number(self, conversation_id: int, known: Known) -> int:
        number = self.last[conversation_id] = self.last.get(conversation_id, known.last_seq) + 1
        return number

    def _changed(self, entry: Edit | Deletion | Removal | Reaction, target: MessageFrame, known: Known) -> MessageFrame:
        """The message after the change. Raises NotYourMessage, TooManyReactions."""
        own = target.sender_id == entry.sender_id
        match entry:
            case Edit():
                if not own:
                    raise NotYourMessage
                return msgspec.structs.replace(
                    target, message=entry.content, mentions=list(known.mentions), edited_at=self.now
                )
            case Deletion() if not own and not may(Role(known.role or Role.MEMBER), Act.DELETE_MESSAGES):
                raise NotYourMessage
            case Deletion() | Removal():
                return msgspec.structs.replace(target, **GONE)
            case Reaction():
                return msgspec.structs.replace(target, reactions=reacted(target.reactions, entry))

    def _event(self, entry: Edit | Deletion | Removal | Reaction, number: int, known: Known) -> ChangeEvent:
        head = (number, entry.conversation_id, entry.message_id, entry.sender_id, self.now, entry.client_id)
        names = ("seq", "conversation_id", "message_id", "actor_id", "timestamp", "client_id")
        common: dict[str, Any] = dict(zip(names, head, strict=True))
        match entry:
            case Edit():
                return Edited(**common, message=entry.content, mentions=list(known.mentions))
            case Deletion() | Removal():
                return Deleted(**common)
            case Reaction():
                return (Reacted if entry.on else Unreacted)(**common, emoji=entry.emoji)


def reacted(reactions: Mapping[str, Sequence[int]], entry: Reaction) -> dict[str, list[int]]:
    """Who has reacted with what after this one. Doing it again changes nothing. Raises TooManyReactions."""
    people = [one for one in reactions.get(entry.emoji, ()) if one != entry.sender_id]
    if entry.on:
        total = sum(map(len, reactions.values()))
        if total >= REACTIONS_PER_MESSAGE or len({*reactions, entry.emoji}) > EMOJI_PER_MESSAGE:
            raise TooManyReactions
        kept = entry.sender_id in reactions.get(entry.emoji, ())
        people = list(reactions[entry.emoji]) if kept else [*people, entry.sender_id]
    after = {emoji: list(users) for emoji, users in reactions.items()} | {entry.emoji: people}
    return {emoji: users for emoji, users in after.items() if users}


def says_something(entry: Entry) -> bool:
    """Or does it only take back?"""
    return not (isinstance(entry, Deletion) or (isinstance(entry, Reaction) and not entry.on))


def number_of(event: EventFrame) -> int:
    return event.message_id if isinstance(event, MessageFrame) else event.seq


def teller_of(event: EventFrame) -> int:
    """Whose words or signs an event shows to others. Nobody's, for a deletion and for what a group itself tells."""
    match event:
        case MessageFrame():
            return event.sender_id if event.kind is None else NOBODY
        case Deleted():
            return NOBODY
        case _:
            return event.actor_id


def outcome_or_refusal(ledger: Ledger, entry: Entry, known: Known | None) -> EventFrame | AppError:
    try:
        return ledger.take(entry, known)
    except AppError as refusal:
        return refusal
