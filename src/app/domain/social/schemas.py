"""The shapes of friendship, of blocks and of privacy, over HTTP and on sockets."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.domain.social.rules import Audience, Relation


class FriendRequest(Struct, forbid_unknown_fields=True, kw_only=True):
    username: Annotated[str, Meta(min_length=1, max_length=30, pattern=r"^[^\x00-\x1f\x7f]*\Z")]


class Somebody(Struct):
    id: int
    username: str
    first_name: str
    last_name: str


class Friend(Somebody, omit_defaults=True):
    """A friend, or who asked or was asked to be one; `since` they are, or since the request."""

    since: datetime
    avatar_id: UUID | None = None
    """Of who has a picture. Another one has another id."""


class BlockedPerson(Somebody):
    """Somebody whom you have blocked."""

    since: datetime


class PublicProfile(Somebody, omit_defaults=True):
    """Somebody as others see them, and what they are to you."""

    relation: Relation
    is_bot: bool = False
    avatar_id: UUID | None = None
    """Of who has a picture that you may see. Another one has another id."""


class FriendFrame(Struct):
    """What both people of a friendship hear of it, on all their devices.

    `friend` is the other one, as in the lists; `by_me` says who of the two did it.
    """

    friend: Friend
    by_me: bool


class FriendRequested(FriendFrame, tag="friend_request"):
    """Somebody asks you to be their friend, or you asked them on another device. `since` is when."""


class FriendAccepted(FriendFrame, tag="friend_accepted"):
    """You are friends, from `since` on."""


class FriendRequestDropped(FriendFrame, tag="friend_request_dropped"):
    """A request was declined or taken back; `since` is when it was made."""


class FriendRemoved(FriendFrame, tag="friend_removed"):
    """You are no longer friends; `since` is when the friendship began."""


class Blocked(Struct, tag="blocked"):
    """You have blocked somebody, on this device or another. They hear nothing of it."""

    person: BlockedPerson


class Unblocked(Struct, tag="unblocked"):
    """You have lifted a block, on this device or another."""

    user_id: int


class PrivacySetting(Struct, kw_only=True):
    """What others may see of you, and who may open a one-to-one chat with you.

    `direct_chats` is null for who has not chosen: by username the server's own setting counts then, by id everyone may.
    `presence` is for people who share a conversation or a friendship with you, and mutual: who hides theirs from
    somebody does not see that somebody's. Who hides `receipts` sees none either. `leaderboards` is whether others see
    you there.
    """

    direct_chats: Audience | None = None
    presence: Audience = "everyone"
    receipts: bool = True
    typing: bool = True
    leaderboards: bool = True


class PrivacyChange(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays as it is."""

    direct_chats: Audience | UnsetType | None = UNSET
    presence: Audience | UnsetType = UNSET
    receipts: bool | UnsetType = UNSET
    typing: bool | UnsetType = UNSET
    leaderboards: bool | UnsetType = UNSET
