"""Which draws are open: which to open next, and which one a ballot is for.

Draws are numbered in order of their periods, and close in it too. A period that is not opened before a later one is
never opened: so no clock that is wrong and no change of zone can put a draw among those that have their numbers.
"""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.lottery.rules import DateTooFarAhead, DrawClosed
from app.domain.lottery.rules.cadences import Cadence, Period

MISSED = 366
"""After a downtime, so many periods that nobody opened get their (empty) draw; older ones stay without."""


class Opened(NamedTuple):
    """The newest draw of a lottery."""

    period: str
    closes_at: datetime


def periods_to_open(cadence: Cadence, zone: ZoneInfo, now: datetime, newest: Opened | None) -> list[Period]:
    """Those that take ballots now, after those that passed unopened since the newest draw. In order, all later than it.

    Where the lottery has moved east across the date line, a date may be over before the last one of the old zone is.
    It is skipped, as a zone that crosses the line skips a date.
    """
    current = cadence.current(now, zone)
    first = current if newest is None else cadence.index(newest.period) + 1
    indices = range(max(first, current - MISSED), current + cadence.ahead + 1)
    periods = [period for index in indices if (period := cadence.period(index, zone))]
    return [period for period in periods if newest is None or period.closes_at > newest.closes_at]


def name_for_ballots(cadence: Cadence, zone: ZoneInfo, now: datetime, day: date) -> str:
    """The name of the period that a ballot for this date is for; whether its draw is open, its row says.

    Raises DateTooFarAhead, and DrawClosed for what is over in every zone.
    """
    current, wanted = cadence.current(now, zone), cadence.of_date(day, now, zone)
    if wanted > current + cadence.ahead:
        raise DateTooFarAhead(f"Ballots are taken for the current draw and the {cadence.ahead} after it.")
    if wanted < current - cadence.behind:
        raise DrawClosed
    return cadence.name(wanted)


def has_passed(cadence: Cadence, zone: ZoneInfo, now: datetime, name: str) -> bool:
    return cadence.index(name) < cadence.current(now, zone)
