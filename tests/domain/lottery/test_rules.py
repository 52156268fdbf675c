from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.lottery import rules
from app.domain.lottery.rules import (
    ATTEMPTS,
    CADENCES,
    DAY,
    MISSED_DAYS,
    MISSED_MINUTES,
    DateTooFarAhead,
    DrawClosed,
    NoSuchDate,
    Step,
    first_instant,
    next_step,
    period_for_ballots,
    periods_to_open,
    today,
)

DAILY, MINUTE = CADENCES["daily"], CADENCES["minute"]
NOW = datetime(2026, 11, 20, 10, 5, 30, tzinfo=UTC)
LONDON_LIKE = ZoneInfo("UTC")

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are given naive


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Closing instants


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


@settings(max_examples=400, deadline=None)
@given(zones, days)
@example(ZoneInfo("Pacific/Apia"), date(2011, 12, 29))
def test_in_every_zone_draws_close_one_after_the_other(zone: ZoneInfo, day: date) -> None:
    length = first_instant(day + DAY, zone) - first_instant(day, zone)
    assert timedelta() <= length <= timedelta(hours=50)
    assert (DAILY.period(day.toordinal(), zone) is None) == (length == timedelta())


def test_ten_years_of_clock_changes_in_all_zones() -> None:
    mondays = [date(2020, 1, 6) + 7 * DAY * week for week in range(522)]
    histories = {tuple(offsets_of(zone, mondays)): zone for zone in map(ZoneInfo, available_timezones())}
    for offsets, zone in histories.items():
        for monday, before, after in zip(mondays, offsets, offsets[1:], strict=False):
            if before != after:
                for weekday in range(8):
                    assert_begins(monday + DAY * weekday, zone)


def offsets_of(zone: ZoneInfo, dates: list[date]) -> list[timedelta | None]:
    return [datetime.combine(day, time(), zone).utcoffset() for day in dates]


# Which draws are open


@settings(max_examples=400, deadline=None)
@given(zones, instants)
@example(ZoneInfo("America/St_Johns"), utc("2010-11-07T02:45"))
def test_today_is_the_date_whose_draw_closes_next(zone: ZoneInfo, now: datetime) -> None:
    assert first_instant(today(now, zone), zone) <= now < first_instant(today(now, zone) + DAY, zone)


def test_today_does_not_go_back_where_the_clocks_return_to_the_day_before() -> None:
    zone = ZoneInfo("America/St_Johns")
    now = utc("2010-11-07T02:45")
    assert now.astimezone(zone).date() == date(2010, 11, 6)
    assert today(now, zone) == date(2010, 11, 7)


def test_eight_dates_are_open() -> None:
    opened = periods_to_open(DAILY, LONDON_LIKE, NOW, None)
    assert [period.name for period in opened] == [f"2026-11-{day}" for day in range(20, 28)]
    assert opened[0].closes_at == utc("2026-11-21T00:00")


def test_a_date_that_the_zone_skips_is_not_opened_and_takes_no_ballots() -> None:
    apia, now = ZoneInfo("Pacific/Apia"), utc("2011-12-28T12:00")
    names = [period.name for period in periods_to_open(DAILY, apia, now, None)]
    assert names[:4] == ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]
    with pytest.raises(NoSuchDate):
        period_for_ballots(DAILY, apia, now, date(2011, 12, 30))


def test_dates_that_passed_during_a_downtime_are_opened_first() -> None:
    names = [period.name for period in periods_to_open(DAILY, LONDON_LIKE, NOW, "2026-11-16")]
    assert names == [f"2026-11-{day}" for day in range(17, 28)]


def test_a_long_downtime_is_made_good_up_to_a_bound() -> None:
    assert len(periods_to_open(DAILY, LONDON_LIKE, NOW, "1999-01-01")) == MISSED_DAYS + 8
    assert len(periods_to_open(MINUTE, LONDON_LIKE, NOW, "1999-01-01T00:00Z")) == MISSED_MINUTES + 1


def test_a_clock_set_back_over_midnight_asks_for_nothing_new() -> None:
    before = {period.name for period in periods_to_open(DAILY, LONDON_LIKE, utc("2026-11-20T00:10"), None)}
    after = {period.name for period in periods_to_open(DAILY, LONDON_LIKE, utc("2026-11-19T23:10"), max(before))}
    assert after - before == {"2026-11-19"}


@settings(max_examples=200, deadline=None)
@given(zones, instants, st.integers(0, 400))
def test_opening_goes_on_where_it_left_off(zone: ZoneInfo, now: datetime, hours: int) -> None:
    first = periods_to_open(DAILY, zone, now, None)
    then = periods_to_open(DAILY, zone, now + timedelta(hours=hours), first[-1].name)
    dates = sorted({period.date for period in [*first, *then]})
    skipped = [day for day in (dates[0] + DAY * n for n in range((dates[-1] - dates[0]).days + 1)) if day not in dates]
    assert all(DAILY.period(day.toordinal(), zone) is None for day in skipped)


@pytest.mark.parametrize("ahead", range(8))
def test_ballots_are_taken_for_today_and_seven_days_ahead(ahead: int) -> None:
    day = date(2026, 11, 20 + ahead)
    assert period_for_ballots(DAILY, LONDON_LIKE, NOW, day).date == day


@pytest.mark.parametrize("day", [date(2026, 11, 28), date.max])
def test_no_ballot_is_taken_for_a_date_further_ahead(day: date) -> None:
    with pytest.raises(DateTooFarAhead):
        period_for_ballots(DAILY, LONDON_LIKE, NOW, day)


@pytest.mark.parametrize("day", [date(2026, 11, 19), date.min])
@pytest.mark.parametrize("cadence", CADENCES.values())
def test_no_ballot_is_taken_for_a_date_that_has_passed(cadence: rules.Cadence, day: date) -> None:
    with pytest.raises(DrawClosed):
        period_for_ballots(cadence, LONDON_LIKE, NOW, day)


def test_without_a_date_a_ballot_is_for_today_in_the_zone_of_the_lottery() -> None:
    evening = utc("2026-11-20T23:30")
    assert period_for_ballots(DAILY, LONDON_LIKE, evening, None).name == "2026-11-20"
    assert period_for_ballots(DAILY, ZoneInfo("Europe/Kyiv"), evening, None).name == "2026-11-21"


def test_a_minute_lottery_takes_ballots_for_the_minute_that_runs() -> None:
    period = period_for_ballots(MINUTE, LONDON_LIKE, NOW, None)
    assert period == ("2026-11-20T10:05Z", date(2026, 11, 20), utc("2026-11-20T10:06"))
    assert period_for_ballots(MINUTE, LONDON_LIKE, NOW, date(2026, 11, 20)) == period
    with pytest.raises(DateTooFarAhead):
        period_for_ballots(MINUTE, LONDON_LIKE, NOW, date(2026, 11, 21))


@given(st.sampled_from(["daily", "minute"]), zones, instants)
@settings(max_examples=200, deadline=None)
def test_the_name_of_a_period_tells_which_it_is(cadence: str, zone: ZoneInfo, now: datetime) -> None:
    index = CADENCES[cadence].current(now, zone)
    period = CADENCES[cadence].period(index, zone)
    assert period is not None
    assert CADENCES[cadence].index(period.name) == index


# Retries


def attempt_at(minute: int) -> datetime:
    return NOW + timedelta(minutes=minute)


def test_a_draw_that_keeps_failing_is_tried_ten_times_a_minute_apart_then_alerted_once() -> None:
    attempts, last, alerted, steps = 0, None, False, []
    for half_minute in range(60):
        now = NOW.replace(second=0) + timedelta(seconds=30 * half_minute)
        step = next_step(attempts=attempts, last_attempt_at=last, alerted=alerted, now=now, catch_up=False)
        steps.append(step)
        if step is Step.TRY:
            attempts, last = attempts + 1, now
        alerted = alerted or step is Step.ALERT
    assert Counter(steps)[Step.TRY] == ATTEMPTS == 10
    assert Counter(steps)[Step.ALERT] == 1
    assert steps[:20] == [Step.TRY, Step.WAIT] * 10
    assert steps[20] is Step.ALERT


def test_a_catch_up_tries_a_draw_that_was_given_up_but_not_twice_in_a_minute() -> None:
    def step(last: datetime) -> Step:
        return next_step(attempts=10, last_attempt_at=last, alerted=True, now=NOW, catch_up=True)

    assert step(attempt_at(-30)) is Step.TRY
    assert step(NOW - timedelta(seconds=20)) is Step.WAIT


def test_a_clock_set_back_does_not_hold_a_retry_up() -> None:
    step = next_step(attempts=1, last_attempt_at=attempt_at(60), alerted=False, now=NOW, catch_up=False)
    assert step is Step.TRY
