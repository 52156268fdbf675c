"""One period after the other, without gap or overlap, in every zone and under every change of clocks."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.domain.lottery.rules.zones import DAY, NOW, TEN_YEARS, WEEK, histories, instants, utc, zones

from app.days import first_instant
from app.domain.lottery.rules import CadenceRefused
from app.domain.lottery.rules.cadences import MINUTES_A_DAY, WEEKDAYS, Cadence, Period, cadence_named

DAILY, FRIDAYS, MINUTE = map(cadence_named, ("daily", "weekly:friday", "minutes:1"))
UTC_ZONE, APIA = ZoneInfo("UTC"), ZoneInfo("Pacific/Apia")

cadences = st.sampled_from(
    ["daily", *(f"weekly:{day}" for day in WEEKDAYS), "minutes:1", "minutes:15", "minutes:720"]
).map(cadence_named)


def periods_between(cadence: Cadence, zone: ZoneInfo, first: date, last: date) -> list[Period | None]:
    indices = range(cadence.of_date(first, NOW, zone), cadence.of_date(last, NOW, zone) + 1)
    return [cadence.period(index, zone) for index in indices]


def test_for_ten_years_every_date_of_every_zone_has_one_period_and_they_close_one_after_the_other() -> None:
    for zone, _ in histories(NOW):
        periods = periods_between(DAILY, zone, TEN_YEARS[0], TEN_YEARS[-1])
        assert [period.date for period in periods if period] == TEN_YEARS
        closings = [first_instant(TEN_YEARS[0], zone), *(period.closes_at for period in periods if period)]
        lengths = [after - before for before, after in pairwise(closings)]
        assert timedelta(hours=22) <= min(lengths) <= max(lengths) <= timedelta(hours=26)


def test_around_every_change_of_clocks_there_are_as_many_periods_as_dates_that_the_clocks_show() -> None:
    for zone, changes in histories():
        for change in changes:
            days = [change.astimezone(zone).date() + off * DAY for off in range(-2, 3)]
            shown = [day for day in days if first_instant(day, zone).astimezone(zone).date() == day]
            periods = periods_between(DAILY, zone, days[0], days[-1])
            assert [period.date for period in periods if period] == shown
            closings = [period.closes_at for period in periods if period]
            assert closings == sorted(set(closings))


@pytest.mark.parametrize("zone", ["Pacific/Apia", "Pacific/Fakaofo"])
def test_a_date_that_a_zone_skips_has_no_period(zone: str) -> None:
    periods = periods_between(DAILY, ZoneInfo(zone), date(2011, 12, 28), date(2012, 1, 1))
    assert [period and period.name for period in periods] == [
        "2011-12-28", "2011-12-29", None, "2011-12-31", "2012-01-01",
    ]  # fmt: skip


def test_for_ten_years_every_iso_week_of_every_zone_has_one_period() -> None:
    weeks = list(dict.fromkeys(f"{day:%G-W%V}" for day in TEN_YEARS[14:-14]))
    for n, (zone, _) in enumerate(histories(NOW)):
        weekly = cadence_named(f"weekly:{WEEKDAYS[n % 7]}")
        periods = [weekly.period(weekly.index(week), zone) for week in weeks]
        assert [period.name for period in periods if period] == weeks
        assert {period.date.isoweekday() for period in periods if period} == {n % 7 + 1}
        lengths = [after.closes_at - before.closes_at for before, after in pairwise(filter(None, periods))]
        assert WEEK - timedelta(hours=2) <= min(lengths) <= max(lengths) <= WEEK + timedelta(hours=2)


def test_a_week_is_drawn_though_its_zone_skipped_the_drawing_day() -> None:
    periods = periods_between(FRIDAYS, APIA, date(2011, 12, 23), date(2012, 1, 6))
    assert [period.name for period in periods if period] == ["2011-W51", "2011-W52", "2012-W01"]
    assert [period.closes_at for period in periods if period] == [
        utc("2011-12-24T10:00"), utc("2011-12-30T10:00"), utc("2012-01-06T10:00"),
    ]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(cadences, zones, instants)
@example(DAILY, APIA, utc("2011-12-30T09:59"))
@example(FRIDAYS, APIA, utc("2011-12-30T09:59"))
def test_at_every_instant_one_period_runs(cadence: Cadence, zone: ZoneInfo, now: datetime) -> None:
    current = cadence.current(now, zone)
    running = cadence.period(current, zone)
    before = cadence.period(current - 1, zone) or cadence.period(current - 2, zone)
    assert running
    assert before
    assert before.closes_at <= now < running.closes_at
    assert cadence.current(running.closes_at, zone) > current
    assert cadence.current(running.closes_at - timedelta(seconds=1), zone) == current


@settings(max_examples=400, deadline=None)
@given(cadences, zones, instants, st.integers(1, 3000))
def test_a_name_tells_which_period_it_is_and_names_sort_as_periods_do(
    cadence: Cadence, zone: ZoneInfo, now: datetime, later: int
) -> None:
    current = cadence.current(now, zone)
    assert cadence.index(cadence.name(current)) == current
    assert cadence.name(current) < cadence.name(current + later)


@settings(max_examples=400, deadline=None)
@given(cadences, zones, instants)
def test_a_ballot_for_today_is_for_the_period_that_runs(cadence: Cadence, zone: ZoneInfo, now: datetime) -> None:
    if first_instant(now.astimezone(zone).date() + DAY, zone) > now:
        assert cadence.of_date(now.astimezone(zone).date(), now, zone) == cadence.current(now, zone)


def test_a_weekly_period_takes_all_days_up_to_its_drawing_day() -> None:
    names = [FRIDAYS.name(FRIDAYS.of_date(date(2026, 11, day), NOW, UTC_ZONE)) for day in range(13, 22)]
    assert names == ["2026-W46", *["2026-W47"] * 7, "2026-W48"]
    assert FRIDAYS.period(FRIDAYS.index("2026-W47"), UTC_ZONE) == (
        "2026-W47", date(2026, 11, 20), utc("2026-11-21T00:00"),
    )  # fmt: skip


def test_the_week_around_new_year_is_named_after_the_year_that_it_counts_for() -> None:
    sundays = cadence_named("weekly:sunday")
    assert sundays.name(sundays.of_date(date(2027, 1, 1), NOW, UTC_ZONE)) == "2026-W53"
    assert sundays.period(sundays.index("2026-W53"), UTC_ZONE) == ("2026-W53", date(2027, 1, 3), utc("2027-01-04"))


@pytest.mark.parametrize("length", [1, 15, 90, 720])
def test_periods_of_minutes_begin_at_the_same_times_of_every_day_in_utc(length: int) -> None:
    cadence, day = cadence_named(f"minutes:{length}"), utc("2026-11-20")
    names = [cadence.name(cadence.current(day, UTC_ZONE) + n) for n in range(MINUTES_A_DAY // length)]
    starts = [day + timedelta(minutes=n * length) for n in range(MINUTES_A_DAY // length)]
    assert names == [f"{start:%Y-%m-%dT%H:%MZ}" for start in starts]
    period = cadence.period(cadence.index(names[-1]), ZoneInfo("Europe/Kyiv"))
    assert period == (names[-1], starts[-1].astimezone(ZoneInfo("Europe/Kyiv")).date(), day + DAY)


def test_a_date_counts_as_many_periods_of_minutes_from_now_as_lie_between() -> None:
    half_days = periods_between(cadence_named("minutes:720"), UTC_ZONE, date(2025, 12, 31), date(2026, 1, 2))
    assert [period.name for period in half_days if period] == [
        "2025-12-31T00:00Z", "2025-12-31T12:00Z", "2026-01-01T00:00Z", "2026-01-01T12:00Z", "2026-01-02T00:00Z",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["", "day", "Daily", "daily:1", "weekly", "weekly:", "weekly:5", "weekly:Friday", "minutes", "minutes:0",
     "minutes:7", "minutes:01", "minutes:-1", "minutes:1440", "minutes:2880", "minutes:²", "minute"],
)  # fmt: skip
def test_what_is_no_cadence_is_refused(name: str) -> None:
    with pytest.raises(CadenceRefused):
        cadence_named(name)
