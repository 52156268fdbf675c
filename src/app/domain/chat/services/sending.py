"""Handing a message to the inbox: the one way in, for HTTP and for every socket."""

import asyncio
from uuid import uuid4

import msgspec

from app.domain.chat.rules import CHANGE_THROTTLE_MS, emoji, message_text
from app.domain.chat.schemas.entries import Deletion, Draft, Edit, Reaction, Share
from app.inbox.accept import Inbox, Slot

encode = msgspec.msgpack.Encoder().encode


def new_client_id() -> str:
    """For a client that does not name its messages, and so cannot resend one safely."""
    return uuid4().hex


async def send(inbox: Inbox, draft: Draft, throttle_ms: int) -> "asyncio.Future[bytes]":
    """Check a message and hand it over; the future becomes its frame in JSON once it is stored.

    The caller has checked membership; it is checked again where the message is stored. What is refused here uses up
    no slot of the throttle. Raises EmptyMessage, MessageTooLong, UnstorableText, Throttled, InboxFull, Unavailable.
    """
    bare = not draft.files and not isinstance(draft, Share)
    draft.content = message_text(draft.content) if draft.content or bare else ""
    slot = Slot(f"{draft.conversation_id}:{draft.sender_id}", throttle_ms)
    return await inbox.submit("chat", draft.conversation_id, encode(draft), slot)


async def change(inbox: Inbox, entry: Edit | Deletion | Reaction, throttle_ms: int) -> "asyncio.Future[bytes]":
    """Hand over an edit, a deletion or a reaction; the future becomes its event in JSON once it is stored.

    Raises what `send` raises, and NoEmoji.
    """
    match entry:
        case Edit():
            entry.content = message_text(entry.content)
        case Reaction():
            entry.emoji = emoji(entry.emoji)
    slot = Slot(f"{entry.conversation_id}:{entry.sender_id}:change", min(throttle_ms, CHANGE_THROTTLE_MS))
    return await inbox.submit("chat", entry.conversation_id, encode(entry), slot)
