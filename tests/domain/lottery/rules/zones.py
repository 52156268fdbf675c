"""Every zone and its changes, for tests that go through all of them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

BEGIN, NOW, END = (datetime(year, 1, 1, tzinfo=UTC) for year in (2011, 2026, 2036))
"""From the year in which Apia and Fakaofo skipped a date to ten years ahead."""

WEEK, DAY, SECOND = timedelta(weeks=1), timedelta(days=1), timedelta(seconds=1)
TEN_YEARS = [NOW.date() + n * DAY for n in range((END - NOW).days)]

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
instants = st.datetimes(BEGIN.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@cache
def histories(begin: datetime = BEGIN) -> Sequence[tuple[ZoneInfo, Sequence[datetime]]]:
    """A zone for every history that there is, and the instants at which its clocks change.

    Most of the six hundred zones share their clocks with others since then, and need be looked at once.
    """
    found: dict[tuple[object, ...], tuple[ZoneInfo, Sequence[datetime]]] = {}
    for zone in map(ZoneInfo, sorted(available_timezones())):
        changes = tuple(_changes(zone, begin))
        found.setdefault((_offset(begin, zone), *((at, _offset(at, zone)) for at in changes)), (zone, changes))
    return list(found.values())


def _changes(zone: ZoneInfo, begin: datetime) -> Iterator[datetime]:
    """To the second, looked for week by week."""
    weeks = [begin + n * WEEK for n in range((END - begin) // WEEK)]
    offsets = [_offset(week, zone) for week in weeks]
    for week, before, after in zip(weeks, offsets, offsets[1:], strict=False):
        if before != after:
            yield _first_with_another_offset(week, before, zone)


def _first_with_another_offset(week: datetime, offset: timedelta | None, zone: ZoneInfo) -> datetime:
    seconds = range(int(WEEK.total_seconds()))
    return week + bisect_left(seconds, 1, key=lambda n: _offset(week + n * SECOND, zone) != offset) * SECOND


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
