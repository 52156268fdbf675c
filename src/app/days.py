"""Calendar days of a time zone: when each begins, and which is today."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


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
    """The date that ends next. It never goes back, even where clocks return to the day before (St. John's)."""
    day = now.astimezone(zone).date()
    while first_instant(day + DAY, zone) <= now:
        day += DAY
    return day
