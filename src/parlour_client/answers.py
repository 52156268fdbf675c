"""What requests answer with, as far as programs that talk and play need it; `Client.get` and the like have the rest."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from parlour_client.happenings import Message


class Person(Struct):
    id: int
    username: str
    first_name: str = ""
    last_name: str = ""


class Unread(Struct):
    """After `position`; 100 means as many or more."""

    position: int
    messages: int
    mentions: int


class Conversation(Struct, kw_only=True):
    id: int
    kind: str
    name: str | None
    participants: list[Person]
    member_count: int
    messages: list[dict[str, Any]]
    """The newest one, or none."""
    created_at: datetime
    last_message_id: int
    unread: Unread

    @property
    def last_message(self) -> Message | None:
        return message(self.id, self.messages[-1]) if self.messages else None


class Page(Struct):
    messages: list[dict[str, Any]]


class Ballot(Struct):
    """With its receipt, which proves that it was taken in: keep it."""

    id: str
    seq: int
    draw_date: str
    submitted_at: datetime
    receipt: dict[str, Any]


class Ballots(Struct):
    draw: dict[str, Any]
    ballots: list[Ballot]
    user_id: int
    salt: str


def message(conversation_id: int, row: dict[str, Any]) -> Message:
    """A message as history has it, in the form that sockets have."""
    rest = {name: value for name, value in row.items() if name not in {"id", "content"}}
    frame = {"type": "message", "conversation_id": conversation_id, "message_id": row["id"], "message": row["content"]}
    return msgspec.convert({**frame, **rest}, Message)
