"""How much may be asked for, and what is refused."""

from app.errors import AppError

QUERY_CHARACTERS = 100
HIGHLIGHTS = 50
"""Ranges shown with one message: the first ones."""

STATEMENT_MS = 1000
SEARCH_SECONDS = 2.0
"""When a search gives up: one statement of it in PostgreSQL, and all of it."""


class QueryTooShort(AppError):
    status = 400
    code = "query_too_short"
    detail = "Look for two characters or more side by side, or for one ideograph, syllable or emoji."


class UnknownCursor(AppError):
    status = 400
    code = "unknown_cursor"
    detail = "`before` is the `next` of an earlier answer."


class SearchTooSlow(AppError):
    status = 503
    code = "search_too_slow"
    detail = "This search takes too long. Narrow it: to a conversation, a sender, a time, or a longer word."
