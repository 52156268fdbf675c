"""The shapes of chat, over HTTP and on sockets."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.domain.chat.rules import (
    CACHED_MESSAGES,
    CLIENT_ID_CHARACTERS,
    GROUP_NAME_CHARACTERS,
    MESSAGE_CHARACTERS,
    PARTICIPANTS_AT_ONCE,
    RETRIEVED_MESSAGES,
)

LARGEST_ID = 2**63 - 1
RowId = Annotated[int, Meta(ge=1, le=LARGEST_ID)]
ClientId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=CLIENT_ID_CHARACTERS,
        pattern=r"^[\x21-\x7e]+\Z",
        description="Your own name for this message. Sending it again under the same name creates nothing, ever.",
    ),
]
Text = Annotated[str, Meta(max_length=2 * MESSAGE_CHARACTERS)]


class Participant(Struct, omit_defaults=True):
    """A participant. `email` is shown to yourself only, `is_bot` of bots only."""

    id: int
    username: str
    email: str | None
    first_name: str
    last_name: str
    is_bot: bool = False


class NewConversation(Struct, forbid_unknown_fields=True, kw_only=True):
    participants: Annotated[list[RowId], Meta(min_length=1, max_length=PARTICIPANTS_AT_ONCE)]
    name: Annotated[str, Meta(min_length=1, max_length=GROUP_NAME_CHARACTERS)] | None = None


class NewGroup(Struct, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=GROUP_NAME_CHARACTERS)]


class NewMessage(Struct, forbid_unknown_fields=True, kw_only=True):
    message: Text
    client_id: ClientId | None = None


class MessageOut(Struct):
    """A message as document C reads it. `id` counts from 1 in each conversation, without gaps."""

    id: int
    sender_id: int
    sender: str
    content: str
    timestamp: datetime
    client_id: str


class ConversationOut(Struct):
    id: int
    kind: Literal["direct", "group"]
    name: str | None
    participants: list[Participant]
    member_count: int
    messages: list[MessageOut]
    created_at: datetime
    last_message_id: int
    websocket_url: str


class ConversationMessages(Struct):
    """`source` says where they were read; both sources give the same answer."""

    conversation_id: int
    messages: list[MessageOut]
    source: Literal["redis", "database"]


class GroupSummary(Struct):
    id: int
    name: str
    members: int
    created_at: datetime


class SocketAddress(Struct):
    conversation_id: int
    websocket_url: str


class Draft(Struct, array_like=True):
    """A message on its way through the inbox."""

    conversation_id: int
    sender_id: int
    client_id: str
    content: str


class MessageFrame(Struct, tag="message"):
    """A message on a socket. The first five fields are document C's; the same bytes go to every socket."""

    message_id: int
    message: str
    sender_id: int
    sender: str
    timestamp: datetime
    conversation_id: int
    client_id: str

    def as_answer(self) -> MessageOut:
        return MessageOut(self.message_id, self.sender_id, self.sender, self.message, self.timestamp, self.client_id)


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


class ChatError(Struct, omit_defaults=True):
    """An error on a conversation's own socket, in document C's form."""

    error: str
    client_id: str | None = None
