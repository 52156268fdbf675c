"""What the index holds of a message, and what it is asked for: one set of numbers for each message.

A text is known by its grams: short runs of its characters that every longer part of it is covered by. So whatever is
looked for, messages without all its grams cannot hold it. In the same set are the conversation, the sender and the
periods of time, so that the index intersects all of it by itself.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from unicodedata import category, east_asian_width
from zlib import crc32

from app.domain.search.rules.windows import periods_of

WITH_FILE = "has a file"

TOKENS_KEPT = 2**16
"""In the cache: the grams that most messages consist of."""


def tokens_of_message(
    conversation_id: int, sender_id: int, sent_at: datetime, folded: str, *, has_file: bool
) -> list[int]:
    places = [of_conversation(conversation_id), of_sender(sender_id), *map(token, periods_of(sent_at))]
    return [*places, *[token(WITH_FILE)] * has_file, *map(token, grams(folded))]


def tokens_of_terms(terms: Iterable[str]) -> list[int]:
    """What every message has that holds these; nothing if no index could tell."""
    return [token(gram) for gram in strongest({gram for term in terms for gram in grams(term)})]


def of_conversation(conversation_id: int) -> int:
    return token(f"conversation {conversation_id}")


def of_sender(sender_id: int) -> int:
    return token(f"sender {sender_id}")


def grams(folded: str) -> set[str]:
    """Each wide character, each pair, each three narrow ones, and each three that a space is in the middle of.

    Ideographs, syllables and emoji are many, and one or two of them tell messages apart. Letters are few, which takes
    three. The seams between words are what a phrase is found by.
    """
    wides = set(filter(wide, folded))
    pairs = {folded[at : at + 2] for at in range(len(folded) - 1)}
    threes = {folded[at : at + 3] for at in range(len(folded) - 2)}
    return (
        wides
        | {pair for pair in pairs if " " not in pair}
        | {three for three in threes if three[1] == " " or (" " not in three and wides.isdisjoint(three))}
    )


def strongest(found: set[str]) -> list[str]:
    """Without those that a longer one implies, in an order of their own."""
    return sorted(gram for gram in found if not any(gram != other and gram in other for other in found))


@lru_cache(TOKENS_KEPT)
def wide(character: str) -> bool:
    """Ideographs, kana, Hangul, and what is drawn like them (UAX 11); other symbols too."""
    return east_asian_width(character) == "W" or category(character) == "So"


@lru_cache(TOKENS_KEPT)
def token(name: str) -> int:
    """A number as PostgreSQL's integer holds it. Two names may share one: what is found is looked at again."""
    return crc32(name.encode()) - 2**31
