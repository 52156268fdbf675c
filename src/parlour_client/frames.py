"""What goes over the socket `/ws`, as docs/protocol.md has it. Times are aware, in UTC.

Frames that only few clients care for (draws, leaderboards, friends, …) are heard as `Other`, with all their fields.
"""

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from parlour_client.happenings import Happening


class Ready(Struct, tag="ready"):
    """The socket is open: for the first time, or again. What belongs to no conversation may have been missed."""

    user_id: int
    username: str
    expires_at: datetime | None


class Subscribed(Struct, tag="subscribed"):
    conversation_id: int
    position: int


class Unsubscribed(Struct, tag="unsubscribed"):
    """You are no longer in a conversation that you heard."""

    conversation_id: int


class ConversationAdded(Struct, tag="conversation_added"):
    conversation_id: int
    seq: int


class ConversationRemoved(Struct, tag="conversation_removed"):
    conversation_id: int
    seq: int
    reason: str


class Stored(Struct, tag="stored"):
    """PostgreSQL has it, under the number `seq`."""

    client_id: str
    conversation_id: int
    message_id: int
    seq: int
    timestamp: datetime


class Problem(Struct, tag="error"):
    """A frame was refused that nothing waits for: one that was `tell`-ed."""

    code: str
    error: str
    client_id: str | None = None
    conversation_id: int | None = None
    retry_after: int | None = None


class Read(Struct, tag="read"):
    """How far you have read, on any of your devices; 100 unread means as many or more."""

    conversation_id: int
    position: int
    messages: int
    mentions: int


class Receipt(Struct, tag="receipt"):
    conversation_id: int
    user_id: int
    position: int
    read_at: datetime


class Result(Struct, tag="result", kw_only=True):
    """A play of yours. `prize` is an amount with at most two decimals."""

    id: int
    game: str
    number: int | None = None
    move: dict[str, Any]
    outcome: dict[str, Any]
    result: Literal["win", "lose"]
    prize: float
    played_at: datetime
    idempotency_key: str
    proof: dict[str, Any] | None = None


class SomeoneTypes(Struct, tag="typing"):
    """Good for `expires_in` seconds."""

    conversation_id: int
    user_id: int
    username: str
    typing: bool
    expires_in: int


class Presence(Struct):
    user_id: int
    state: str
    last_seen: datetime | None = None


class Seen(Struct, tag="presence"):
    people: list[Presence]


class Notification(Struct, tag="notification", kw_only=True):
    id: int
    kind: str
    conversation_id: int | None
    body: dict[str, Any]
    created_at: datetime
    read_at: datetime | None


class Other(Struct):
    """Any other frame: its fields, `type` among them."""

    type: str
    fields: dict[str, Any]


class Disconnected(Struct):
    """Made up by this client, not heard: the line is lost, and dialled anew after a pause.

    `code` is a WebSocket's close code, 1006 where there was none.
    """

    code: int
    reason: str
    retry_seconds: float


Known = (
    Happening
    | Ready
    | Subscribed
    | Unsubscribed
    | ConversationAdded
    | ConversationRemoved
    | Stored
    | Problem
    | Read
    | Receipt
    | Result
    | SomeoneTypes
    | Seen
    | Notification
)
Heard = Known | Other
Event = (
    Happening
    | Ready
    | Disconnected
    | Unsubscribed
    | ConversationAdded
    | ConversationRemoved
    | Problem
    | Read
    | Receipt
    | Result
    | SomeoneTypes
    | Seen
    | Notification
    | Other
)
"""What `Client.events` tells."""

_known = msgspec.json.Decoder(Known)
_any = msgspec.json.Decoder(dict[str, Any])


class _Kind(Struct):
    type: str


_kind = msgspec.json.Decoder(_Kind)
_KINDS = {frame.__struct_config__.tag for frame in Known.__args__}


def hear(data: bytes | str) -> Heard:
    """Raises msgspec.DecodeError for what no Parlour sends."""
    kind = _kind.decode(data).type
    return _known.decode(data) if kind in _KINDS else Other(kind, _any.decode(data))
