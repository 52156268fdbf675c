"""Reading and writing messages over HTTP."""

from typing import Literal

from msgspec import Struct

from app.domain.chat.schemas.events import EventFrame, MessageOut, Withheld
from app.domain.chat.schemas.fields import ClientId, FileIds, RowId, Text


class NewMessage(Struct, forbid_unknown_fields=True, kw_only=True):
    """With `files`, the text may be left out."""

    message: Text = ""
    client_id: ClientId | None = None
    reply_to: RowId | None = None
    files: FileIds = []


class MessageEdit(Struct, forbid_unknown_fields=True, kw_only=True):
    message: Text
    client_id: ClientId | None = None


class ConversationMessages(Struct):
    """`source` says where they were read; both sources give the same answer."""

    conversation_id: int
    messages: list[MessageOut]
    source: Literal["redis", "database"]


class ConversationEvents(Struct):
    """`position` is how far this answer reaches, `last` how far the conversation does."""

    conversation_id: int
    events: list[EventFrame | Withheld]
    position: int
    last: int
