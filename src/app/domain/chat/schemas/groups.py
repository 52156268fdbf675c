"""Groups over HTTP: what they are, who is in them, who may come in."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.domain.chat.roles import MUTE_SECONDS, Role
from app.domain.chat.rules import (
    GROUP_MEMBERS,
    GROUP_NAME_CHARACTERS,
    GROUP_TOPIC_CHARACTERS,
    INVITE_SECONDS,
    PARTICIPANTS_AT_ONCE,
    RETENTION_DAYS,
)
from app.domain.chat.schemas.fields import RowId

Name = Annotated[str, Meta(min_length=1, max_length=GROUP_NAME_CHARACTERS)]
Topic = Annotated[str, Meta(max_length=GROUP_TOPIC_CHARACTERS)]


class NewGroup(Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name
    topic: Topic | None = None
    joinable: bool = True
    """May anybody join? It is listed then."""
    participants: Annotated[list[RowId], Meta(max_length=PARTICIPANTS_AT_ONCE)] = []


class GroupPicture(Struct, forbid_unknown_fields=True, kw_only=True):
    """An image that was uploaded before."""

    file_id: UUID


class GroupChange(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays as it is."""

    name: Name | UnsetType = UNSET
    topic: Topic | UnsetType | None = UNSET
    joinable: bool | UnsetType = UNSET
    members_may_invite: bool | UnsetType = UNSET
    retention_days: Annotated[int, Meta(ge=1, le=RETENTION_DAYS)] | UnsetType | None = UNSET
    """After so many days a message is forgotten. Null keeps it for as long as the server does."""


class GroupSummary(Struct, omit_defaults=True):
    """A group as somebody sees it who is perhaps not in it."""

    id: int
    name: str
    topic: str | None
    members: int
    created_at: datetime
    joined: bool
    """Are you in it?"""
    picture_id: UUID | None = None
    """If it has a picture. Who is invited sees it once they are in."""


class MemberOut(Struct, omit_defaults=True):
    id: int
    username: str
    first_name: str
    last_name: str
    role: Role
    joined_at: datetime
    muted_until: datetime | None
    avatar_id: UUID | None = None
    """Of who has a picture that you may see. Another one has another id."""


class RoleChange(Struct, forbid_unknown_fields=True, kw_only=True):
    role: Literal["admin", "member"]


class Transfer(Struct, forbid_unknown_fields=True, kw_only=True):
    user_id: RowId


class Mute(Struct, forbid_unknown_fields=True, kw_only=True):
    """One of the two."""

    until: Annotated[datetime, Meta(tz=True)] | None = None
    seconds: Annotated[int, Meta(ge=1, le=MUTE_SECONDS)] | None = None


class BanOut(Struct):
    id: int
    username: str
    banned_by: int
    banned_at: datetime


class NewInvite(Struct, forbid_unknown_fields=True, kw_only=True):
    """Without an end or a limit, it is good until it is revoked."""

    expires_in_seconds: Annotated[int, Meta(ge=1, le=INVITE_SECONDS)] | None = None
    max_uses: Annotated[int, Meta(ge=1, le=GROUP_MEMBERS)] | None = None


class InviteOut(Struct):
    id: int
    created_by: int
    created_at: datetime
    expires_at: datetime | None
    max_uses: int | None
    uses: int


class InviteLink(InviteOut):
    """A new one. Its token is not shown again."""

    token: str
    url: str
