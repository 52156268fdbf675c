"""The frames of a conversation's own socket, in the documents' form."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.domain.chat.rules import CACHED_MESSAGES, RETRIEVED_MESSAGES
from app.domain.chat.schemas.events import MessageOut
from app.domain.chat.schemas.fields import ClientId, RowId, Text


class Retrieved(Struct):
    """Document D's answer to `retrieve_message`: to the asker only, oldest first."""

    messages: list[MessageOut]


class ChatFrame(Struct, kw_only=True):
    """What a conversation's own socket takes: document C's `{"message"}`, document D's `{"action", …}`.

    Unknown fields are let through, as both documents' servers did.
    """

    action: Literal["send_message", "retrieve_message"] = "send_message"
    message: Text | None = None
    number: Annotated[int, Meta(ge=1, le=CACHED_MESSAGES)] = RETRIEVED_MESSAGES
    client_id: ClientId | None = None
    reply_to: RowId | None = None


class ChatError(Struct, omit_defaults=True):
    """An error on a conversation's own socket, in document C's form."""

    error: str
    client_id: str | None = None
