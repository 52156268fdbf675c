"""How a lottery divides time: into dates, weeks, or so many minutes.

A *period* is the stretch of time that one draw stands for. Its name is the draw's identity, so that no change of zone
and no jump of the clock can make a second draw of it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from app.days import DAY, first_instant, today
from app.domain.lottery.rules import CadenceRefused

DAYS_AHEAD = 7
"""Ballots are taken for today and so many days after it (E's "within the week")."""

MINUTES_A_DAY = 24 * 60
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Period(NamedTuple):
    """`date` is the lottery's, in its zone; `closes_at` the first instant after the period, in UTC."""

    name: str
    date: date
    closes_at: datetime


class Cadence(Protocol):
    """Periods are numbered, so that they can be counted and compared. Names sort as the numbers do."""

    @property
    def ahead(self) -> int:
        """So many periods after the current one take ballots, too."""

    @property
    def behind(self) -> int:
        """So many before it may be open still, after a change of zone: no two are more than 26 hours apart."""

    def current(self, now: datetime, zone: ZoneInfo) -> int:
        """The one that closes next."""

    def of_date(self, day: date, now: datetime, zone: ZoneInfo) -> int:
        """The one that a ballot for this date is for. Any date will do, also where no period is."""

    def name(self, index: int) -> str: ...

    def index(self, name: str) -> int: ...

    def period(self, index: int, zone: ZoneInfo) -> Period | None:
        """None for a period that the zone skips."""


class Daily:
    """Closes at the end of each date. The names are dates, 2026-11-20."""

    ahead = DAYS_AHEAD
    behind = 2

    def current(self, now: datetime, zone: ZoneInfo) -> int:
        return today(now, zone).toordinal()

    def of_date(self, day: date, now: datetime, zone: ZoneInfo) -> int:  # noqa: ARG002  A date is one everywhere.
        return day.toordinal()

    def name(self, index: int) -> str:
        return date.fromordinal(index).isoformat()

    def index(self, name: str) -> int:
        return date.fromisoformat(name).toordinal()

    def period(self, index: int, zone: ZoneInfo) -> Period | None:
        day = date.fromordinal(index)
        opens_at, closes_at = first_instant(day, zone), first_instant(day + DAY, zone)
        return Period(self.name(index), day, closes_at) if opens_at < closes_at else None


@dataclass(frozen=True)
class Weekly:
    """Closes at the end of one day of each week. The names are the ISO weeks that these days lie in, 2026-W47."""

    weekday: int
    """1 is Monday, as ISO 8601 counts."""
    ahead = 1
    behind = 1

    def current(self, now: datetime, zone: ZoneInfo) -> int:
        return self.of_date(today(now, zone), now, zone)

    def of_date(self, day: date, now: datetime, zone: ZoneInfo) -> int:  # noqa: ARG002  As above.
        """The week whose drawing day this is, or comes next. Week 0 is the one of 0001-01-01, a Monday."""
        return -((self.weekday - day.toordinal()) // 7)

    def name(self, index: int) -> str:
        sunday = date.fromordinal((index + 1) * 7)
        return f"{sunday:%G-W%V}"

    def index(self, name: str) -> int:
        year, week = name.split("-W")
        return date.fromisocalendar(int(year), int(week), 7).toordinal() // 7 - 1

    def period(self, index: int, zone: ZoneInfo) -> Period:
        """A week is drawn even where the zone skips its drawing day, as Apia did a Friday."""
        day = date.fromordinal(index * 7 + self.weekday)
        return Period(self.name(index), day, first_instant(day + DAY, zone))


@dataclass(frozen=True)
class Minutes:
    """Closes every so many minutes of UTC, counted from its midnight: a ballot is always for the period that runs.

    The names are the periods' first minutes, 2026-11-20T10:05Z.
    """

    length: int
    ahead = 0
    behind = 0

    def current(self, now: datetime, zone: ZoneInfo) -> int:  # noqa: ARG002  Minutes are the same in every zone.
        return int(now.timestamp()) // (60 * self.length)

    def of_date(self, day: date, now: datetime, zone: ZoneInfo) -> int:
        days_off = (day - now.astimezone(zone).date()).days
        return self.current(now, zone) + days_off * (MINUTES_A_DAY // self.length)

    def name(self, index: int) -> str:
        return f"{self._start(index):%Y-%m-%dT%H:%MZ}"

    def index(self, name: str) -> int:
        return int(datetime.fromisoformat(name).timestamp()) // (60 * self.length)

    def period(self, index: int, zone: ZoneInfo) -> Period:
        start = self._start(index)
        return Period(self.name(index), start.astimezone(zone).date(), start + timedelta(minutes=self.length))

    def _start(self, index: int) -> datetime:
        return datetime.fromtimestamp(index * 60 * self.length, UTC)


_CADENCES: dict[str, Cadence] = {
    "daily": Daily(),
    **{f"weekly:{day}": Weekly(number) for number, day in enumerate(WEEKDAYS, start=1)},
    # Only with a divisor do periods begin at the same times every day.
    **{f"minutes:{length}": Minutes(length) for length in range(1, MINUTES_A_DAY) if MINUTES_A_DAY % length == 0},
}


def cadence_named(name: str) -> Cadence:
    """`daily`, `weekly:friday`, `minutes:15`. Raises CadenceRefused."""
    try:
        return _CADENCES[name]
    except KeyError:
        raise CadenceRefused from None
