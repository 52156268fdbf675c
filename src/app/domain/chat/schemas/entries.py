"""What travels through the inbox: one thing that somebody wants to say or change."""

from uuid import UUID

from msgspec import Struct

from app.domain.chat.schemas.cards import Card


class Draft(Struct, array_like=True, tag="send"):
    """A message on its way through the inbox."""

    conversation_id: int
    sender_id: int
    client_id: str
    content: str
    reply_to: int | None = None
    files: list[UUID] = []


class Share(Draft, array_like=True, tag="share", kw_only=True):
    """A message with a card. Whoever hands it over vouches for the card."""

    card: Card


class Edit(Struct, array_like=True, tag="edit"):
    """A new text for a message, on its way through the inbox."""

    conversation_id: int
    sender_id: int
    client_id: str
    message_id: int
    content: str


class Deletion(Struct, array_like=True, tag="delete"):
    conversation_id: int
    sender_id: int
    client_id: str
    message_id: int


class Removal(Struct, array_like=True, tag="remove"):
    """A deletion by one of the server's moderators, who need not be in the conversation."""

    conversation_id: int
    sender_id: int
    client_id: str
    message_id: int


class Reaction(Struct, array_like=True, tag="react"):
    """An emoji put to a message, or taken off it again."""

    conversation_id: int
    sender_id: int
    client_id: str
    message_id: int
    emoji: str
    on: bool


Entry = Draft | Share | Edit | Deletion | Removal | Reaction
