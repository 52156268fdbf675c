"""How far back each step of a search looks.

What is looked for may stand in every second message or in none. Newest first and page by page, the one needs a few
minutes of the index and the other all of it. So the first step looks at the last minute, and each further one 32 times
as far back: as soon as a page is full, the search ends.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

PERIOD_BITS = (6, 11, 16, 21, 26)
"""The lengths of periods, as powers of two seconds: about a minute, half an hour, 18 hours, 24 days, two years."""

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Window(NamedTuple):
    """The time from `since` until where the window before began, and the periods that cover it; none: all of time."""

    since: datetime
    periods: list[str]


def windows_before(newest: datetime) -> Iterator[Window]:
    """Further and further back, the last one to the beginning."""
    until = int(newest.timestamp())
    start = until
    for bits in PERIOD_BITS:
        first = (start - 2**bits) >> bits
        yield Window(
            datetime.fromtimestamp(first << bits, UTC),
            [period(bits, number) for number in range(first, (until >> bits) + 1)],
        )
        until = first << bits
    yield Window(BEGINNING, [])


def periods_of(sent_at: datetime) -> list[str]:
    """One of each length."""
    seconds = int(sent_at.timestamp())
    return [period(bits, seconds >> bits) for bits in PERIOD_BITS]


def period(bits: int, number: int) -> str:
    return f"period {bits} {number}"
