"""Which draws are open, whatever the clocks and the zone do meanwhile."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.domain.lottery.rules.zones import instants, utc, zones

from app.domain.lottery.rules import DateTooFarAhead, DrawClosed
from app.domain.lottery.rules.cadences import Cadence, Period, cadence_named
from app.domain.lottery.rules.opening import MISSED, Opened, has_passed, name_for_ballots, periods_to_open

DAILY, FRIDAYS, MINUTE = map(cadence_named, ("daily", "weekly:friday", "minutes:1"))
LONDON_LIKE = ZoneInfo("UTC")
WEST, EAST = ZoneInfo("Etc/GMT+12"), ZoneInfo("Pacific/Kiritimati")
"""Twenty-six hours apart, on either side of the date line."""
NOW = utc("2026-11-20T10:05:30")


def opened(name: str, closes_at: str) -> Opened:
    return Opened(name, utc(closes_at))


def names(cadence: Cadence, zone: ZoneInfo, now: datetime, newest: Opened | None = None) -> list[str]:
    return [period.name for period in periods_to_open(cadence, zone, now, newest)]


def test_eight_dates_are_open() -> None:
    first, *_ = periods = periods_to_open(DAILY, LONDON_LIKE, NOW, None)
    assert [period.name for period in periods] == [f"2026-11-{day}" for day in range(20, 28)]
    assert first.closes_at == utc("2026-11-21T00:00")


def test_two_weeks_are_open_and_one_period_of_minutes() -> None:
    assert names(FRIDAYS, LONDON_LIKE, NOW) == ["2026-W47", "2026-W48"]
    assert names(MINUTE, LONDON_LIKE, NOW) == ["2026-11-20T10:05Z"]


def test_a_date_that_the_zone_skips_is_not_opened() -> None:
    apia = names(DAILY, ZoneInfo("Pacific/Apia"), utc("2011-12-28T12:00"))
    assert apia[:4] == ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]


def test_dates_that_passed_during_a_downtime_are_opened_first() -> None:
    newest = opened("2026-11-16", "2026-11-17T00:00")
    assert names(DAILY, LONDON_LIKE, NOW, newest) == [f"2026-11-{day}" for day in range(17, 28)]


@pytest.mark.parametrize(("cadence", "longago"), [(DAILY, "1999-01-01"), (MINUTE, "1999-01-01T00:00Z")])
def test_a_long_downtime_is_made_good_up_to_a_bound(cadence: Cadence, longago: str) -> None:
    newest = opened(longago, "1999-01-02T00:00")
    assert len(periods_to_open(cadence, LONDON_LIKE, NOW, newest)) == MISSED + 1 + cadence.ahead


def test_a_clock_set_back_over_midnight_opens_nothing() -> None:
    newest = periods_to_open(DAILY, LONDON_LIKE, utc("2026-11-20T00:10"), None)[-1]
    assert names(DAILY, LONDON_LIKE, utc("2026-11-19T23:10"), Opened(newest.name, newest.closes_at)) == []


def test_a_date_that_is_over_in_the_east_before_the_one_before_it_is_in_the_west_is_skipped() -> None:
    last = periods_to_open(DAILY, WEST, NOW, None)[-1]
    assert last[::2] == ("2026-11-26", utc("2026-11-27T12:00"))
    after = periods_to_open(DAILY, EAST, NOW + timedelta(days=3), Opened(last.name, last.closes_at))
    assert [period.name for period in after] == ["2026-11-28", "2026-11-29", "2026-11-30", "2026-12-01"]


def test_of_two_dates_that_are_over_at_one_instant_in_west_and_east_the_later_is_skipped() -> None:
    last = periods_to_open(DAILY, WEST, NOW, None)[-1]
    east = ZoneInfo("Etc/GMT-12")
    assert DAILY.period(DAILY.index("2026-11-27"), east) == ("2026-11-27", date(2026, 11, 27), last.closes_at)
    after = periods_to_open(DAILY, east, NOW + timedelta(days=3), Opened(last.name, last.closes_at))
    assert [period.name for period in after] == ["2026-11-28", "2026-11-29", "2026-11-30"]


def test_no_date_is_skipped_when_a_lottery_moves_west() -> None:
    last = periods_to_open(DAILY, EAST, NOW, None)[-1]
    after = periods_to_open(DAILY, WEST, NOW + timedelta(days=3), Opened(last.name, last.closes_at))
    assert (last.name, after[0].name) == ("2026-11-28", "2026-11-29")
    assert after[0].closes_at - last.closes_at == timedelta(hours=24 + 26)


courses = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 30), st.integers(-100, 100), st.sampled_from([-1, 1]), st.integers(0, 24 * 500)),
        st.one_of(st.none(), st.none(), zones),
    ),
    min_size=1,
    max_size=12,
)
"""Hours that pass on the clock, or are taken back, and a new zone for some of them."""


def opened_in_the_course_of(
    cadence: Cadence, zone: ZoneInfo, now: datetime, course: Sequence[tuple[int, ZoneInfo | None]]
) -> list[tuple[Period, ZoneInfo, datetime]]:
    """Every period that was opened, in which zone, and when."""
    found: list[tuple[Period, ZoneInfo, datetime]] = []
    for hours, new_zone in course:
        now, zone = now + timedelta(hours=hours), new_zone or zone
        newest = Opened(found[-1][0].name, found[-1][0].closes_at) if found else None
        found += [(period, zone, now) for period in periods_to_open(cadence, zone, now, newest)]
        assert found[-1][0].closes_at > now, "some draw is always open"
    return found


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["daily", "weekly:friday", "minutes:60"]), zones, instants, courses)
@example("daily", WEST, NOW, [(0, None), (72, EAST), (1, None), (72, WEST), (-80, EAST), (200, None)])
@example("daily", LONDON_LIKE, NOW, [(0, None), (24 * 700, None), (-24 * 700, None), (24, None)])
def test_whatever_clocks_and_zones_do_numbers_periods_and_closings_rise_together(
    name: str, zone: ZoneInfo, now: datetime, course: list[tuple[int, ZoneInfo | None]]
) -> None:
    cadence = cadence_named(name)
    found = opened_in_the_course_of(cadence, zone, now, course)
    for (one, _, _), (other, its_zone, at) in pairwise(found):
        assert one.closes_at < other.closes_at
        assert cadence.index(one.name) < cadence.index(other.name)
        for index in range(cadence.index(one.name) + 1, cadence.index(other.name)):
            skipped, too_old = cadence.period(index, its_zone), index < cadence.current(at, its_zone) - MISSED
            assert skipped is None or too_old or skipped.closes_at <= one.closes_at


# Which one a ballot is for


@pytest.mark.parametrize("ahead", range(8))
def test_ballots_are_taken_for_today_and_seven_days_ahead(ahead: int) -> None:
    day = date(2026, 11, 20 + ahead)
    assert name_for_ballots(DAILY, LONDON_LIKE, NOW, day) == day.isoformat()


@pytest.mark.parametrize(("cadence", "ahead"), [(DAILY, 7), (FRIDAYS, 1), (MINUTE, 0)])
@pytest.mark.parametrize("day", [date(2026, 12, 5), date.max])
def test_no_ballot_is_taken_for_a_date_further_ahead(cadence: Cadence, ahead: int, day: date) -> None:
    taken = f"^Ballots are taken for the current draw and the {ahead} after it.$"
    with pytest.raises(DateTooFarAhead, match=taken):
        name_for_ballots(cadence, LONDON_LIKE, NOW, day)


@pytest.mark.parametrize(("zone", "today"), [(WEST, 19), (LONDON_LIKE, 20), (EAST, 21)])
def test_today_is_that_of_the_zone(zone: ZoneInfo, today: int) -> None:
    """At one instant, on three dates."""
    assert name_for_ballots(DAILY, zone, NOW, date(2026, 11, today + 7)) == f"2026-11-{today + 7}"
    with pytest.raises(DateTooFarAhead):
        name_for_ballots(DAILY, zone, NOW, date(2026, 11, today + 8))
    assert name_for_ballots(MINUTE, zone, NOW, date(2026, 11, today)) == "2026-11-20T10:05Z"
    assert has_passed(DAILY, zone, NOW, f"2026-11-{today - 1}")
    assert not has_passed(DAILY, zone, NOW, f"2026-11-{today}")


@pytest.mark.parametrize("cadence", [DAILY, FRIDAYS, MINUTE])
@pytest.mark.parametrize("zone", [LONDON_LIKE, EAST, WEST])
@pytest.mark.parametrize("day", [date(2026, 11, 1), date.min])
def test_no_ballot_is_taken_for_a_date_that_is_over_everywhere(cadence: Cadence, zone: ZoneInfo, day: date) -> None:
    with pytest.raises(DrawClosed):
        name_for_ballots(cadence, zone, NOW, day)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([DAILY, FRIDAYS, MINUTE]), zones, zones, instants)
@example(DAILY, WEST, EAST, utc("2026-11-20T11:30"))
def test_what_is_open_by_the_old_zone_can_be_named_in_the_new_one(
    cadence: Cadence, old: ZoneInfo, new: ZoneInfo, now: datetime
) -> None:
    running = cadence.period(cadence.current(now, old), old)
    assert running
    if cadence.current(now, new) <= cadence.index(running.name) + cadence.behind:
        assert cadence is MINUTE or name_for_ballots(cadence, new, now, running.date) == running.name
    else:
        pytest.fail("more periods apart than any two zones are")


def test_a_week_may_be_named_by_any_of_its_days() -> None:
    assert {name_for_ballots(FRIDAYS, LONDON_LIKE, NOW, date(2026, 11, day)) for day in range(21, 28)} == {"2026-W48"}


def test_a_minute_lottery_takes_ballots_for_the_minute_that_runs() -> None:
    assert name_for_ballots(MINUTE, LONDON_LIKE, NOW, date(2026, 11, 20)) == "2026-11-20T10:05Z"
    with pytest.raises(DateTooFarAhead):
        name_for_ballots(MINUTE, LONDON_LIKE, NOW, date(2026, 11, 21))


def test_a_period_has_passed_when_a_later_one_runs() -> None:
    assert has_passed(DAILY, LONDON_LIKE, NOW, "2026-11-19")
    assert not has_passed(DAILY, LONDON_LIKE, NOW, "2026-11-20")
