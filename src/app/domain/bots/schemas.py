"""The shapes of bots and webhooks over HTTP, and of what an outgoing webhook delivers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from app.domain.accounts.scopes import Scope
from app.domain.bots.rules import EVENTS, NAME_CHARACTERS, URL_CHARACTERS
from app.domain.chat.schemas.fields import ClientId, Text

ONE_LINE = r"^[^\x00-\x1f\x7f]*\Z"
"""No control characters: they forge log lines, and PostgreSQL cannot store NUL."""

Username = Annotated[str, Meta(max_length=30, pattern=ONE_LINE, description="3 to 30 letters, digits, `.`, `-`, `_`.")]
Name = Annotated[
    str, Meta(min_length=1, max_length=NAME_CHARACTERS, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*\Z")
]
Scopes = Annotated[list[Scope], Meta(min_length=1, max_length=len(Scope))]
Moment = Annotated[datetime, Meta(tz=True)]
Url = Annotated[str, Meta(max_length=URL_CHARACTERS, pattern=r"^https?://[\x21-\x7e]+\Z")]
"""ASCII alone: a name in another alphabet is written in its `xn--` form."""

EventName = Literal["message.created", "message.edited", "message.deleted", "message.reacted", "message.unreacted"]
Events = Annotated[list[EventName], Meta(min_length=1, max_length=len(EVENTS))]


class NewBot(Struct, forbid_unknown_fields=True, kw_only=True):
    username: Username
    name: Name


class BotChange(Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name


class BotOut(Struct, kw_only=True):
    id: int
    username: str
    name: str
    created_at: datetime


class OwnBot(Struct, kw_only=True):
    """The bot of a key, and what the key may be used for."""

    id: int
    username: str
    scopes: list[Scope]
    expires_at: datetime | None


class NewKey(Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name
    scopes: Scopes
    expires_at: Moment | None = None


class KeyOut(Struct, kw_only=True):
    """`prefix` is how the key begins; `last_used_at` is right to within ten minutes."""

    id: UUID
    name: str
    prefix: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class IssuedKey(KeyOut, kw_only=True):
    key: str
    """Shown this once."""


class NewIncomingWebhook(Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name


class IncomingWebhookOut(Struct, kw_only=True):
    """It speaks as the bot `bot_id`, which is its owner's."""

    id: int
    name: str
    bot_id: int
    username: str
    owner_id: int
    created_at: datetime


class IssuedIncomingWebhook(IncomingWebhookOut, kw_only=True):
    url: str
    """Shown this once. Whoever has it may speak."""


class IncomingText(Struct, forbid_unknown_fields=True, kw_only=True):
    """What the simplest clients of Slack's incoming webhooks send; with a `client_id` it may be sent again."""

    text: Text
    client_id: ClientId | None = None


class SaidText(Struct, kw_only=True):
    conversation_id: int
    message_id: int
    timestamp: datetime
    client_id: str


class NewOutgoingWebhook(Struct, forbid_unknown_fields=True, kw_only=True):
    url: Url
    events: Events


class OutgoingWebhookChange(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays as it is."""

    url: Url | UnsetType = UNSET
    events: Events | UnsetType = UNSET


class Resumption(Struct, forbid_unknown_fields=True, kw_only=True):
    """Go on after the last event that was delivered, or with the next one that happens."""

    begin: Literal["position", "now"] = "position"


State = Literal["active", "failing", "disabled", "resting"]
Reason = Literal["by_hand", "gone", "failing"]


class OutgoingWebhookOut(Struct, kw_only=True):
    """`position` is the last event delivered or passed over; `state` says whether the next one will be.

    `active`: it will. `failing`: it will be tried again, `next_attempt_at`. `disabled`: not before it is enabled;
    `disabled_because` says why. `resting`: not while its owner is out of the group.
    """

    id: int
    conversation_id: int
    owner_id: int
    url: str
    events: list[str]
    state: State
    position: int
    created_at: datetime
    failing_since: datetime | None
    next_attempt_at: datetime | None
    disabled_because: Reason | None


class IssuedOutgoingWebhook(OutgoingWebhookOut, kw_only=True):
    secret: str
    """What deliveries are signed with. Shown this once."""


class RotatedSecret(Struct, kw_only=True):
    secret: str
    previous_until: datetime
    """Until then deliveries carry a signature by the old secret as well."""


class DeliveryOut(Struct, kw_only=True):
    """`status` is the receiver's answer; where there was none, `problem` says why."""

    attempt: int
    webhook_id: str
    """The header `webhook-id`: the same for every attempt at the same event."""
    event: str
    attempted_at: datetime
    delivered: bool
    status: int | None
    problem: str | None
    milliseconds: int


class Payload(Struct, kw_only=True):
    """The body of a delivery. `data` is the frame that sockets get, unchanged."""

    type: str
    timestamp: datetime
    data: msgspec.Raw


class PingData(Struct, kw_only=True):
    conversation_id: int
    webhook_id: int
