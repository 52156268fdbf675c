"""What somebody looks for, and where it stands in a text."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from app.domain.search.rules.folding import fold, fold_with_places
from app.domain.search.rules.limits import HIGHLIGHTS, QueryTooShort
from app.domain.search.rules.places import Place
from app.domain.search.rules.tokens import tokens_of_terms

TERM = re.compile('["“”„]([^"“”„]+)(?:["“”„]|$)|([^\\s"“”„]+)')
"""A phrase in quotation marks, of whichever keyboard, or a word. Whoever opens a phrase may leave it open."""

Range = tuple[int, int]
"""From a code point of the shown text to the one after its last."""


@dataclass(frozen=True)
class Query:
    """All of `terms` have to occur, each anywhere: within words too. They are folded."""

    terms: tuple[str, ...]

    @classmethod
    def read(cls, typed: str) -> "Query":
        """Words, which may stand anywhere, and phrases, which stand as they are. Raises QueryTooShort."""
        found = (fold(phrase or word) for phrase, word in TERM.findall(typed))
        query = cls(tuple(dict.fromkeys(term for term in found if term)))
        if not query.tokens:
            raise QueryTooShort
        return query

    @cached_property
    def tokens(self) -> list[int]:
        return tokens_of_terms(self.terms)

    def ranges(self, text: str) -> list[Range]:
        """Where the terms stand, in order, the first ones; nothing unless all of them do."""
        folded = fold_with_places(text)
        if not all(term in folded.text for term in self.terms):
            return []
        found = [
            (folded.starts[match.start()], folded.ends[match.end() - 1])
            for term in self.terms
            for match in re.finditer(re.escape(term), folded.text)
        ]
        return united(found)[:HIGHLIGHTS]


@dataclass(frozen=True, kw_only=True)
class Search:
    """A query, and where to look: in one conversation, at one sender, from a time on and before another."""

    query: Query
    conversation_id: int | None = None
    sender_id: int | None = None
    has_file: bool = False
    """Only messages with files."""
    since: datetime | None = None
    until: datetime | None = None
    before: Place | None = None
    """Where the page before ended."""


def united(ranges: list[Range]) -> list[Range]:
    """In order, those that touch as one."""
    joined: list[Range] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
