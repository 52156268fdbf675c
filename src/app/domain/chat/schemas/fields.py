"""What ids and texts from clients may look like."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from app.domain.chat.rules import CLIENT_ID_CHARACTERS, EMOJI_CHARACTERS, FILES_PER_MESSAGE, MESSAGE_CHARACTERS

LARGEST_ID = 2**63 - 1


Number = Annotated[int, Meta(ge=0, le=LARGEST_ID)]
"""An event's number, or 0 for before the first."""

RowId = Annotated[int, Meta(ge=1, le=LARGEST_ID)]


ClientId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=CLIENT_ID_CHARACTERS,
        pattern=r"^[\x21-\x7e]+\Z",
        description="Your own name for this message. Sending it again under the same name creates nothing, ever.",
    ),
]


Text = Annotated[str, Meta(max_length=2 * MESSAGE_CHARACTERS)]


FileIds = Annotated[list[UUID], Meta(max_length=FILES_PER_MESSAGE)]
"""Files of one's own, uploaded before and not used yet."""

Emoji = Annotated[str, Meta(min_length=1, max_length=EMOJI_CHARACTERS)]
