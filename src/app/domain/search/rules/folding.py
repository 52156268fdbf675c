"""The form in which texts are compared: what people type differently and mean alike is alike.

Case, width and composition make no difference, as in Unicode's NFKC_Casefold (section 3.13), nor do invisible
characters, the kind of white space, and the three apostrophes that Ukrainian keyboards write. A text is folded cluster
by cluster (a character and the marks upon it), so that each place in the folded text has its place in the shown one.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category, normalize

APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc", "'"))
JOINING_JAMO = range(0x1160, 0x1200)
"""Hangul vowels and finals, which compose with the consonant before them."""

CLUSTER_LENGTH = 30
"""Marks beyond these begin a cluster of their own, so that nobody's tower of marks takes long (UAX 15, stream-safe)."""

CHARACTERS_KEPT = 2**16
"""In each of the caches: more than all living scripts have. What everybody writes is folded once."""


class Folded(NamedTuple):
    text: str
    starts: list[int]
    """For each character: where in the shown text its cluster starts, in code points."""
    ends: list[int]


def fold(text: str) -> str:
    """The text for comparison: without white space around it, one space for any within it."""
    pieces = text.lower() if text.isascii() else "".join([fold_cluster(cluster) for cluster in clusters(text)])
    return " ".join(pieces.split())


def fold_with_places(text: str) -> Folded:
    """The same, and where each of its characters comes from."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for cluster in clusters(text):
        start, at = at, at + len(cluster)
        for character in fold_cluster(cluster):
            blank = character.isspace()
            if blank and (not characters or characters[-1] == " "):
                continue
            characters.append(" " if blank else character)
            starts.append(start)
            ends.append(at)
    return Folded("".join(characters).rstrip(" "), starts, ends)


def clusters(text: str) -> Iterator[str]:
    """The text in its order, in pieces that fold independently of each other."""
    start = 0
    for at, character in enumerate(text):
        if at > start and (begins_cluster(character) or at - start == CLUSTER_LENGTH):
            yield text[start:at]
            start = at
    if start < len(text):
        yield text[start:]


@lru_cache(CHARACTERS_KEPT)
def begins_cluster(character: str) -> bool:
    """Not so a mark, or what becomes one: half-width Japanese and Korean have their own."""
    first = normalize("NFKC", character)[0]
    return not invisible(first) and category(first)[0] != "M" and ord(first) not in JOINING_JAMO


@lru_cache(CHARACTERS_KEPT)
def fold_cluster(cluster: str) -> str:
    visible = "".join([character for character in cluster if not invisible(character)])
    return normalize("NFKC", normalize("NFKC", visible).casefold()).translate(APOSTROPHES)


def invisible(character: str) -> bool:
    """Joiners, soft hyphens, marks of direction, and selectors of a symbol's variant."""
    return category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"
