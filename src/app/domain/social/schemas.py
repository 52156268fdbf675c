"""The shapes of friendship."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct


class FriendRequest(Struct, forbid_unknown_fields=True, kw_only=True):
    username: Annotated[str, Meta(min_length=1, max_length=30, pattern=r"^[^\x00-\x1f\x7f]*\Z")]


class Friend(Struct):
    """Somebody, and since when: friends since, or asked at."""

    id: int
    username: str
    since: datetime


class FriendRequests(Struct):
    received: list[Friend]
    sent: list[Friend]
