"""Between the rows of `statements` and the frames that everything else speaks of."""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Row

from app.domain.chat.schemas.cards import Card
from app.domain.chat.schemas.events import ChangeEvent, Deleted, Edited, MessageFrame, Reacted, Unreacted
from app.domain.chat.services.ledger import Ledger
from app.domain.files.schemas import Attachment

encode = msgspec.json.Encoder().encode
decode_attachments = msgspec.json.Decoder(list[Attachment]).decode
decode_card = msgspec.json.Decoder(Card).decode
decode_reactions = msgspec.json.Decoder(dict[str, list[int]]).decode


def as_message(row: Row[Any]) -> MessageFrame:
    return MessageFrame(
        message_id=row.seq,
        message=row.content,
        sender_id=row.sender_id,
        sender=row.username,
        timestamp=row.sent_at,
        conversation_id=row.conversation_id,
        client_id=row.client_id,
        kind=row.kind,
        subject_id=row.subject_id,
        reply_to=row.reply_to,
        mentions=row.mentions,
        reactions=decode_reactions(row.reactions),
        attachments=decode_attachments(row.attachments),
        card=decode_card(row.card) if row.card else None,
        edited_at=row.edited_at,
        deleted=row.deleted_at is not None,
    )


def as_change(row: Row[Any]) -> ChangeEvent:
    common: dict[str, Any] = {
        "seq": row.seq,
        "conversation_id": row.conversation_id,
        "message_id": row.message_id,
        "actor_id": row.actor_id,
        "timestamp": row.made_at,
        "client_id": row.client_id,
    }
    match row.kind:
        case "edited":
            return Edited(**common, message=row.content, mentions=row.mentions)
        case "deleted":
            return Deleted(**common)
        case "reacted":
            return Reacted(**common, emoji=row.content)
        case _:
            return Unreacted(**common, emoji=row.content)


def array_literal(numbers: Iterable[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def rows_of_messages(ledger: Ledger) -> dict[str, Any]:
    messages = [message for message, _ in ledger.messages]
    return {
        "now": ledger.now,
        "conversations": [one.conversation_id for one in messages],
        "numbers": [one.message_id for one in messages],
        "senders": [one.sender_id for one in messages],
        "clients": [one.client_id for one in messages],
        "fingerprints": [mark for _, mark in ledger.messages],
        "kinds": [one.kind for one in messages],
        "contents": [one.message for one in messages],
        "subjects": [one.subject_id for one in messages],
        "replies": [one.reply_to for one in messages],
        "mentions": [array_literal(one.mentions) for one in messages],
        "attachments": [encode(one.attachments).decode() for one in messages],
        "cards": [encode(one.card).decode() if one.card else None for one in messages],
    }


def rows_of_changes(ledger: Ledger) -> dict[str, Any]:
    changes = [change for change, _ in ledger.changes]
    return {
        "now": ledger.now,
        "conversations": [one.conversation_id for one in changes],
        "numbers": [one.seq for one in changes],
        "messages": [one.message_id for one in changes],
        "actors": [one.actor_id for one in changes],
        "clients": [one.client_id for one in changes],
        "fingerprints": [mark for _, mark in ledger.changes],
        "kinds": [str(one.__struct_config__.tag) for one in changes],
        "contents": [content_of(one) for one in changes],
        "mentions": [array_literal(one.mentions if isinstance(one, Edited) else ()) for one in changes],
    }


def content_of(change: ChangeEvent) -> str:
    match change:
        case Edited():
            return change.message
        case Reacted() | Unreacted():
            return change.emoji
        case _:
            return ""


def rows_of_changed(ledger: Ledger) -> dict[str, Any]:
    changed = list(ledger.changed.values())
    return {
        "conversations": [one.conversation_id for one in changed],
        "numbers": [one.message_id for one in changed],
        "contents": [one.message for one in changed],
        "mentions": [array_literal(one.mentions) for one in changed],
        "reactions": [encode(one.reactions).decode() for one in changed],
        "attachments": [encode(one.attachments).decode() for one in changed],
        "edits": [one.edited_at for one in changed],
        "deletions": [ledger.now if one.deleted else None for one in changed],
    }
