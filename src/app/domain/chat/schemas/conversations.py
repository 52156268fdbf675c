"""Conversations over HTTP, groups among them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from app.domain.chat.roles import Role
from app.domain.chat.rules import GROUP_NAME_CHARACTERS, PARTICIPANTS_AT_ONCE
from app.domain.chat.schemas.events import MessageOut
from app.domain.chat.schemas.fields import RowId
from app.domain.chat.schemas.reading import Unread


class Participant(Struct, omit_defaults=True):
    """A participant. `email` is shown to yourself only, `is_bot` of bots only."""

    id: int
    username: str
    email: str | None
    first_name: str
    last_name: str
    is_bot: bool = False
    avatar_id: UUID | None = None
    """Of who has a picture that you may see. Another one has another id."""


class NewConversation(Struct, forbid_unknown_fields=True, kw_only=True):
    participants: Annotated[list[RowId], Meta(min_length=1, max_length=PARTICIPANTS_AT_ONCE)]
    name: Annotated[str, Meta(min_length=1, max_length=GROUP_NAME_CHARACTERS)] | None = None


class ConversationOut(Struct, omit_defaults=True):
    id: int
    kind: Literal["direct", "group"]
    name: str | None
    topic: str | None
    joinable: bool
    members_may_invite: bool
    retention_days: int | None
    role: Role
    """Yours."""
    muted_until: datetime | None
    """You may say nothing here before."""
    participants: list[Participant]
    member_count: int
    messages: list[MessageOut]
    created_at: datetime
    last_message_id: int
    unread: Unread
    websocket_url: str
    picture_id: UUID | None = None
    """Of a group that has a picture. Another one has another id."""


class SocketAddress(Struct):
    conversation_id: int
    websocket_url: str
