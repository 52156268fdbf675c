"""How far somebody has read, over HTTP and on sockets."""

from datetime import datetime

from msgspec import Struct

from app.domain.chat.schemas.fields import Number


class Unread(Struct):
    """What a member has not read: `messages` and `mentions` after `position`. 100 means as many or more."""

    position: int
    messages: int
    mentions: int


class Totals(Struct):
    """How many conversations have something unread, and your unread mentions in all of them, of each up to 100."""

    conversations: int
    mentions: int


class ReadUpTo(Struct, forbid_unknown_fields=True, kw_only=True):
    message_id: Number


class ReadFrame(Struct, tag="read"):
    """On all your devices: how far you have read a conversation, and what is unread since."""

    conversation_id: int
    position: int
    messages: int
    mentions: int


class Receipt(Struct, tag="receipt"):
    """How far another member has read."""

    conversation_id: int
    user_id: int
    position: int
    read_at: datetime


class Receipts(Struct):
    receipts: list[Receipt]
