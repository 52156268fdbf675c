"""The shapes of presence and typing, over HTTP and on `/ws`."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from app.domain.presence.rules import WATCHED, DeviceState, State

LARGEST_ID = 2**63 - 1
RowId = Annotated[int, Meta(ge=1, le=LARGEST_ID)]


class Presence(Struct, frozen=True):
    """Who may not be seen is `offline` and has no `last_seen`, as somebody who was never here.

    `last_seen` is the minute in which the last device of somebody who is offline went.
    """

    user_id: int
    state: State
    last_seen: datetime | None = None


class ConversationPresence(Struct):
    """`present` counts the members who are online or away and whom you may see, you too; `people` are the first."""

    conversation_id: int
    present: int
    people: list[Presence]


class Turn(Struct, tag="presence", forbid_unknown_fields=True):
    """What this device is from now on. Every device begins online; when to turn away is the client's matter."""

    state: DeviceState


class Watch(Struct, tag="watch", forbid_unknown_fields=True):
    """Whose presence to hear of; replaces whom this socket watched before."""

    users: Annotated[list[RowId], Meta(max_length=WATCHED)]


class Typing(Struct, tag="typing", forbid_unknown_fields=True):
    """Send it again while the user goes on typing, and once with `typing: false` if they stop without sending."""

    conversation_id: RowId
    typing: bool = True


class Seen(Struct, tag="presence"):
    """After `watch` everybody on the list, then whoever changes."""

    people: list[Presence]


class SomeoneTypes(Struct, tag="typing"):
    """Show it for `expires_in` seconds, or until a message of theirs, or until the event says that they stopped."""

    conversation_id: int
    user_id: int
    username: str
    typing: bool
    expires_in: int
