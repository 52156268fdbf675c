"""When days begin, in every zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.domain.lottery.rules.zones import DAY, histories, instants, utc, zones

from app.days import first_instant, today

days = st.dates(date(2011, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        pytest.param("UTC", date(2026, 11, 21), "2026-11-21T00:00", id="an ordinary midnight"),
        pytest.param("Europe/Kyiv", date(2026, 11, 21), "2026-11-20T22:00", id="an ordinary midnight east of UTC"),
        pytest.param("Africa/Cairo", date(2024, 4, 26), "2024-04-25T22:00", id="Cairo skipped midnight"),
        pytest.param("America/Havana", date(2024, 11, 3), "2024-11-03T04:00", id="Havana had midnight twice"),
        pytest.param("Australia/Lord_Howe", date(2024, 4, 7), "2024-04-06T13:00", id="Lord Howe, half an hour back"),
        pytest.param("Australia/Lord_Howe", date(2024, 4, 8), "2024-04-07T13:30", id="Lord Howe, the day after"),
        pytest.param("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00", id="Apia skipped the whole date"),
        pytest.param("Pacific/Apia", date(2011, 12, 31), "2011-12-30T10:00", id="Apia, the date after it"),
        pytest.param("America/St_Johns", date(2010, 11, 7), "2010-11-07T02:30", id="St. John's went back at 00:01"),
        pytest.param("America/Toronto", date(1919, 3, 31), "1919-03-31T04:30", id="Toronto went from 23:30 to 00:30"),
    ],
)
def test_a_date_begins_where_the_clocks_of_its_zone_first_show_it(zone: str, day: date, instant: str) -> None:
    assert first_instant(day, ZoneInfo(zone)) == utc(instant)


def assert_begins(day: date, zone: ZoneInfo) -> None:
    begins = first_instant(day, zone)
    assert begins.astimezone(zone).date() >= day
    for earlier in (timedelta(seconds=1), *(timedelta(minutes=15 * quarter) for quarter in range(1, 4 * 26))):
        assert (begins - earlier).astimezone(zone).date() < day


@settings(max_examples=400, deadline=None)
@given(zones, days)
@example(ZoneInfo("Africa/Cairo"), date(2024, 4, 26))
@example(ZoneInfo("America/Havana"), date(2024, 11, 3))
@example(ZoneInfo("Australia/Lord_Howe"), date(2024, 4, 7))
@example(ZoneInfo("Pacific/Apia"), date(2011, 12, 30))
def test_in_every_zone_a_date_begins_at_the_first_instant_that_shows_it_and_not_before(
    zone: ZoneInfo, day: date
) -> None:
    assert_begins(day, zone)


def test_so_it_does_around_every_change_of_clocks_in_all_zones_for_twenty_five_years() -> None:
    for zone, changes in histories():
        for change in changes:
            for off in (-1, 0, 1, 2):
                assert_begins(change.astimezone(zone).date() + off * DAY, zone)


@settings(max_examples=400, deadline=None)
@given(zones, instants)
@example(ZoneInfo("America/St_Johns"), utc("2010-11-07T02:45"))
def test_today_is_the_date_that_ends_next(zone: ZoneInfo, now: datetime) -> None:
    assert first_instant(today(now, zone), zone) <= now < first_instant(today(now, zone) + DAY, zone)


def test_today_does_not_go_back_where_the_clocks_return_to_the_day_before() -> None:
    zone = ZoneInfo("America/St_Johns")
    now = utc("2010-11-07T02:45")
    assert now.astimezone(zone).date() == date(2010, 11, 6)
    assert today(now, zone) == date(2010, 11, 7)
