"""The shapes of files."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct


class Attachment(Struct, omit_defaults=True):
    """A file as those see it who may read it. Only images have a width and a height, in pixels, and a thumbnail."""

    id: UUID
    name: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None


class OwnFile(Attachment, kw_only=True, omit_defaults=True):
    """A file as its owner sees it. Without `attached_as` it is collected a day after it was uploaded."""

    created_at: datetime
    attached_as: Literal["message", "avatar"] | None = None
    conversation_id: int | None = None
    message_id: int | None = None


class OwnFiles(Struct):
    """`bytes_used` counts what all of one's files take, thumbnails included, each at least 4 KiB."""

    files: list[OwnFile]
    bytes_used: int
    bytes_allowed: int


class AvatarChoice(Struct, forbid_unknown_fields=True, kw_only=True):
    """An image that was uploaded before."""

    file_id: UUID


class AvatarOut(Struct):
    """`url` shows it to everybody who is logged in."""

    user_id: int
    file_id: UUID
    url: str
