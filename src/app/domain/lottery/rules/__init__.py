"""The rules of the draws: which are open, when each closes, who wins, and when a failed one is tried again.

A *period* is the stretch of time that one draw stands for: a date in the lottery's zone, or a minute. Its name is
the draw's identity, so that no change of zone and no jump of the clock can make a second draw of it.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from app.errors import AppError, NotFound

DAYS_AHEAD = 7
"""Ballots are taken for today and so many days after it (E's "within the week")."""

MISSED_DAYS = 366
MISSED_MINUTES = 60
"""After a downtime, at most so many periods that nobody opened get their (empty) draw; older ones stay without."""

ATTEMPTS = 10
"""A draw that failed so often waits for an operator (E: "retry every minute up to 10 times")."""

BALLOTS_PER_REQUEST = 100

COUNTDOWN_MINUTES = (60, 10, 1)
"""So long before a draw closes, every open socket is told."""

CHAIN_LENGTH = 100_000
"""Draws under one seed chain: 273 years of days, ten weeks of minutes. Then the next chain begins."""

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


class DrawClosed(AppError):
    status = 409
    code = "draw_closed"
    detail = "This draw takes no more ballots."


class DateTooFarAhead(AppError):
    status = 422
    code = "date_too_far_ahead"
    detail = "This draw takes no ballots yet."


class NoSuchDate(AppError):
    status = 422
    code = "no_such_date"
    detail = "The lottery's zone skips this date."


class TooManyBallots(AppError):
    status = 409
    code = "too_many_ballots"
    detail = "You have as many ballots for this draw as one person may have."


class LotteryEnded(AppError):
    status = 409
    code = "lottery_ended"
    detail = "This lottery has ended."


class NoncesMiscounted(AppError):
    status = 422
    code = "nonces_miscounted"
    detail = "Give a nonce for each ballot, or none."


class NotAWinner(AppError):
    status = 409
    code = "not_a_winner"
    detail = "This ballot has not won."


class DrawNotHeldYet(AppError):
    status = 409
    code = "draw_not_held_yet"
    detail = "This draw has not been held yet."
    retry_after = 60


class DrawHeld(AppError):
    status = 409
    code = "draw_held"
    detail = "This draw has been held. Nothing can undo it."


class DrawNotClosedYet(AppError):
    status = 409
    code = "draw_not_closed_yet"
    detail = "The ballots of this draw are not frozen yet."
    retry_after = 60


class SeedsDoNotMatchError(RuntimeError):
    """The draw secret is not the one that the lottery is committed to. For operators: nobody else can mend it."""


class NotInTheLog(NotFound):
    code = "not_in_the_log"
    detail = "The log has no such record, or was never of this size."


class Period(NamedTuple):
    """`date` is the lottery's, in its zone; `closes_at` the first instant after the period, in UTC."""

    name: str
    date: date
    closes_at: datetime


class Cadence(Protocol):
    """How one kind of lottery divides time. Periods are numbered, so that they can be counted and compared."""

    ahead: int
    missed: int

    def current(self, now: datetime, zone: ZoneInfo) -> int: ...

    def period(self, index: int, zone: ZoneInfo) -> Period | None:
        """None for a period that the zone skips."""

    def index(self, name: str) -> int: ...

    def wanted(self, day: date | None, now: datetime, zone: ZoneInfo) -> int:
        """The period that a ballot for this date (None: now) is for."""


class Daily:
    ahead = DAYS_AHEAD
    missed = MISSED_DAYS

    def current(self, now: datetime, zone: ZoneInfo) -> int:
        return today(now, zone).toordinal()

    def period(self, index: int, zone: ZoneInfo) -> Period | None:
        day = date.fromordinal(index)
        opens_at, closes_at = first_instant(day, zone), first_instant(day + DAY, zone)
        return Period(day.isoformat(), day, closes_at) if opens_at < closes_at else None

    def index(self, name: str) -> int:
        return date.fromisoformat(name).toordinal()

    def wanted(self, day: date | None, now: datetime, zone: ZoneInfo) -> int:
        return day.toordinal() if day else self.current(now, zone)


class Minutely:
    """For trying the lottery out: a ballot is always for the minute that runs."""

    ahead = 0
    missed = MISSED_MINUTES

    def current(self, now: datetime, zone: ZoneInfo) -> int:  # noqa: ARG002 - Minutes are the same in every zone.
        return int(now.timestamp()) // 60

    def period(self, index: int, zone: ZoneInfo) -> Period:
        start = datetime.fromtimestamp(index * 60, UTC)
        return Period(start.strftime("%Y-%m-%dT%H:%MZ"), start.astimezone(zone).date(), start + MINUTE)

    def index(self, name: str) -> int:
        return int(datetime.fromisoformat(name).timestamp()) // 60

    def wanted(self, day: date | None, now: datetime, zone: ZoneInfo) -> int:
        days_off = (day - now.astimezone(zone).date()).days if day else 0
        return self.current(now, zone) + days_off * 24 * 60


CADENCES: dict[str, Cadence] = {"daily": Daily(), "minute": Minutely()}


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which the zone's clocks show this date or a later one.

    Where midnight comes twice it is the first (fold=0). Where clocks skip midnight (Cairo 2024-04-26), or the whole
    date (Apia 2011-12-30), it is the moment of the jump, which lies between the skipped midnight's two readings.
    """
    midnight = datetime.combine(day, time(), zone)
    first, second = midnight.astimezone(UTC), midnight.replace(fold=1).astimezone(UTC)
    if first <= second:
        return first
    seconds = range(int((first - second).total_seconds()))
    jump = bisect_left(seconds, day, key=lambda after: (second + timedelta(seconds=after)).astimezone(zone).date())
    return second + timedelta(seconds=jump)


def today(now: datetime, zone: ZoneInfo) -> date:
    """The date whose draw closes next. It never goes back, even where clocks return to the day before (St. John's)."""
    day = now.astimezone(zone).date()
    while first_instant(day + DAY, zone) <= now:
        day += DAY
    return day


def periods_to_open(cadence: Cadence, zone: ZoneInfo, now: datetime, newest: str | None) -> list[Period]:
    """Those that take ballots now, after those that passed unopened since `newest`, the last one opened. In order."""
    current = cadence.current(now, zone)
    first = current if newest is None else min(current, cadence.index(newest) + 1)
    indices = range(max(first, current - cadence.missed), current + cadence.ahead + 1)
    return [period for index in indices if (period := cadence.period(index, zone))]


def period_for_ballots(cadence: Cadence, zone: ZoneInfo, now: datetime, day: date | None) -> Period:
    """The period whose draw a ballot for `day` takes part in. Raises DrawClosed, DateTooFarAhead, NoSuchDate."""
    current, wanted = cadence.current(now, zone), cadence.wanted(day, now, zone)
    if wanted < current:
        raise DrawClosed
    if wanted > current + cadence.ahead:
        raise DateTooFarAhead(f"Ballots are taken for the current draw and the {cadence.ahead} after it.")
    period = cadence.period(wanted, zone)
    if period is None:
        raise NoSuchDate
    return period


def is_countdown(closes_at: datetime, now: datetime) -> bool:
    """Is this the minute in which to say that a draw is about to close?"""
    return (_minute(closes_at) - _minute(now)) in {timedelta(minutes=minutes) for minutes in COUNTDOWN_MINUTES}


class Step(Enum):
    TRY = "try"
    WAIT = "wait"
    ALERT = "alert"


def next_step(*, attempts: int, last_attempt_at: datetime | None, alerted: bool, now: datetime, catch_up: bool) -> Step:
    """What to do about a draw that is due: one attempt in a minute of the clock, ten in all, then one alert.

    Only a catch-up tries a draw again after that. Minutes are compared for equality, so that a clock set back an
    hour does not hold a draw up for that hour.
    """
    if last_attempt_at and _minute(last_attempt_at) == _minute(now):
        return Step.WAIT
    if attempts < ATTEMPTS or catch_up:
        return Step.TRY
    return Step.WAIT if alerted else Step.ALERT


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)
