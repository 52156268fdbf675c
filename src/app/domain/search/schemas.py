"""The shapes of a search."""

from msgspec import Struct

from app.domain.chat.schemas.events import MessageOut


class SearchHit(Struct):
    """`highlights` are the places in `content` that match, in order: from a code point to the one after the last."""

    conversation_id: int
    message: MessageOut
    highlights: list[tuple[int, int]]


class SearchResults(Struct):
    """The newest first. `next` is the `before` of the page that follows; null at the end."""

    hits: list[SearchHit]
    next: str | None
