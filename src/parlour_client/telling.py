"""Frames that a client sends over `/ws`. Whatever has a `client_id` is stored once, however often it is sent."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct


class Authenticate(Struct, tag="authenticate"):
    token: str


class Subscribe(Struct, tag="subscribe"):
    conversation_id: int
    after: int | None = None


class Unsubscribe(Struct, tag="unsubscribe"):
    conversation_id: int


class Resume(Struct, tag="resume"):
    positions: dict[int, int]


class Send(Struct, tag="send", omit_defaults=True):
    conversation_id: int
    message: str
    client_id: str
    reply_to: int | None = None
    files: Sequence[UUID | str] = ()


class Edit(Struct, tag="edit"):
    conversation_id: int
    message_id: int
    message: str
    client_id: str


class Delete(Struct, tag="delete"):
    conversation_id: int
    message_id: int
    client_id: str


class React(Struct, tag="react"):
    conversation_id: int
    message_id: int
    emoji: str
    client_id: str
    on: bool = True


class Typing(Struct, tag="typing"):
    conversation_id: int
    typing: bool = True


class Turn(Struct, tag="presence"):
    state: Literal["online", "away"]


class Watch(Struct, tag="watch"):
    users: list[int]


Entry = Send | Edit | Delete | React
"""Goes through the outbox until it is stored or refused."""

Told = Authenticate | Subscribe | Unsubscribe | Resume | Entry | Typing | Turn | Watch
AnyFrame = Told | dict[str, Any]
"""Or one of docs/protocol.md that has no class here."""
