"""How far back each step of a search looks.

What is looked for may stand in every second message or in none. Newest first and page by page, the one needs a few
minutes of the index and the other all of it. So the first step looks at the last minute, and the further ones further
and further back: as soon as a page is full, the search ends.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

PERIOD_BITS = (6, 11, 16, 21, 26)
"""The lengths of periods, as powers of two seconds: about a minute, half an hour, 18 hours, 24 days, two years."""

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Window(NamedTuple):
    """The time from `since` until where the window before began, all of it in one period; None: in any."""

    since: datetime
    period: str | None


def windows_before(newest: datetime) -> Iterator[Window]:
    """Further and further back, the last one to the beginning: of each length the period of then, and the one before.

    One period each, because so the index goes by whichever is rarest, the period or what is looked for.
    """
    now = int(newest.timestamp())
    looked_at = now + 1
    for bits in PERIOD_BITS:
        for number in (now >> bits, (now >> bits) - 1):
            if number << bits < looked_at:
                looked_at = number << bits
                yield Window(datetime.fromtimestamp(looked_at, UTC), period(bits, number))
    yield Window(BEGINNING, None)


def periods_of(sent_at: datetime) -> list[str]:
    """One of each length."""
    seconds = int(sent_at.timestamp())
    return [period(bits, seconds >> bits) for bits in PERIOD_BITS]


def period(bits: int, number: int) -> str:
    return f"period {bits} {number}"
