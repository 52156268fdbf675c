from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.notices.postmen import PATIENCE_SECONDS
from app.domain.notices.rules.digests import Digest, latest_digest_time
from app.domain.notices.rules.disturbing import is_quiet, may_disturb, zone_named
from app.domain.notices.rules.kinds import EXCERPT_CHARACTERS, Kind, excerpt
from app.domain.notices.rules.mail import MOST_ATTEMPTS, pause_after
from app.domain.notices.rules.push import LEASE, LIFETIME, Verdict, asked_pause, next_attempt, verdict_on
from app.outbound.posting import PATIENCE_SECONDS as PUSH_PATIENCE_SECONDS

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
zones = st.sampled_from(sorted(available_timezones()))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  UTC by timezones
clock_times = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


def test_the_pauses_between_mails_double_and_their_sum_outlasts_a_night() -> None:
    pauses = [pause_after(attempt) for attempt in range(1, MOST_ATTEMPTS)]
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert sum(pauses, timedelta()) > timedelta(hours=8)


def test_a_postman_gives_up_well_before_another_one_may_set_out_with_the_same_mail() -> None:
    assert pause_after(1) > 2 * timedelta(seconds=PATIENCE_SECONDS)


def test_a_courier_gives_up_well_before_another_one_may_set_out_with_the_same_push() -> None:
    assert 2 * timedelta(seconds=PUSH_PATIENCE_SECONDS) < LEASE


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.SENT),
        (201, Verdict.SENT),
        (299, Verdict.SENT),
        (301, Verdict.REFUSED),
        (400, Verdict.REFUSED),
        (403, Verdict.REFUSED),
        (404, Verdict.GONE),
        (408, Verdict.AGAIN),
        (410, Verdict.GONE),
        (413, Verdict.REFUSED),
        (429, Verdict.AGAIN),
        (500, Verdict.AGAIN),
        (599, Verdict.AGAIN),
    ],
)
def test_what_a_push_services_status_means(status: int, verdict: Verdict) -> None:
    assert verdict_on(status) is verdict


def test_a_push_is_tried_again_after_longer_and_longer_pauses_for_a_day() -> None:
    now, attempts = NOON, 0
    pauses = []
    while then := next_attempt(attempts + 1, now, NOON, timedelta()):
        pauses.append(then - now)
        now, attempts = then, attempts + 1
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert attempts == 10
    assert now < NOON + LIFETIME


def test_a_service_that_asks_for_a_longer_pause_gets_it() -> None:
    assert next_attempt(1, NOON, NOON, timedelta(hours=2)) == NOON + timedelta(hours=2)
    assert next_attempt(9, NOON, NOON, timedelta(seconds=1)) == NOON + timedelta(minutes=256)
    assert next_attempt(1, NOON, NOON, timedelta(days=2)) is None


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("", timedelta()),
        ("120", timedelta(minutes=2)),
        ("Fri, 20 Nov 2026 13:00:00 GMT", timedelta(hours=1)),
        ("Fri, 20 Nov 2026 13:00:00", timedelta(hours=1)),
        ("Fri, 20 Nov 2020 13:00:00 GMT", timedelta()),
        ("soon", timedelta()),
        ("-5", timedelta()),
        ("²", timedelta()),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, pause: timedelta) -> None:
    assert asked_pause(header, NOON) == pause


@given(st.text())
def test_whatever_a_service_asks_for_is_some_pause(header: str) -> None:
    assert timedelta() <= asked_pause(header, NOON)


@given(zones, st.times(), st.integers(1, 24 * 60 - 1), moments)
def test_quiet_hours_are_those_from_their_beginning_on(zone: str, begins: time, minutes: int, now: datetime) -> None:
    """By the clock on the wall, which is counted in minutes since the hours began: midnight is no special case."""
    begins = begins.replace(second=0, microsecond=0)
    ends = (datetime.combine(NOON, begins) + timedelta(minutes=minutes)).time()
    clock = now.astimezone(ZoneInfo(zone)).time()
    since = (clock.hour - begins.hour) * 60 + clock.minute - begins.minute
    assert is_quiet(now, zone, begins, ends) == (since % (24 * 60) < minutes)


@given(zones, clock_times, clock_times, moments)
def test_the_day_is_split_into_hours_and_the_hours_between(zone: str, one: time, other: time, now: datetime) -> None:
    if one != other:
        assert is_quiet(now, zone, one, other) != is_quiet(now, zone, other, one)


def test_a_night_spans_midnight_in_the_zone_of_the_reader() -> None:
    night = (time(22), time(7))
    in_kyiv = [hour for hour in range(24) if is_quiet(NOON.replace(hour=hour), "Europe/Kyiv", *night)]
    assert in_kyiv == [0, 1, 2, 3, 4, 20, 21, 22, 23]
    assert not is_quiet(datetime(2026, 11, 20, 5, tzinfo=UTC), "Europe/Kyiv", *night), "07:00 sharp is morning"
    assert not is_quiet(NOON, "Europe/Kyiv", None, None)


def test_a_zone_that_tzdata_has_dropped_since_it_was_stored_counts_as_utc() -> None:
    assert zone_named("Europe/Atlantis").key == "UTC"


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("messages", ["all", "mentions", "none"])
def test_which_messages_are_pushed_is_for_the_reader_to_say(kind: Kind, messages: str) -> None:
    allowed = may_disturb(kind, push=True, messages=messages, muted=False, seen=False, quiet=False)  # type: ignore[arg-type]  # parametrized
    refused = {
        "all": set[Kind](),
        "mentions": {Kind.DIRECT_MESSAGE},
        "none": {Kind.DIRECT_MESSAGE, Kind.MENTION, Kind.REPLY},
    }
    never = {Kind.ACHIEVEMENT}
    assert allowed == (kind not in refused[messages] | never)


@pytest.mark.parametrize("reason", ["push", "muted", "seen", "quiet"])
def test_one_reason_is_enough_not_to_disturb(reason: str) -> None:
    calm = {"push": True, "muted": False, "seen": False, "quiet": False}
    assert may_disturb(Kind.MENTION, messages="all", **calm)
    assert not may_disturb(Kind.MENTION, messages="all", **(calm | {reason: not calm[reason]}))


@given(moments, zones, st.sampled_from(["daily", "weekly"]))
def test_a_digest_is_due_at_eight_by_the_readers_clock_and_once_in_its_period(
    now: datetime, zone_name: str, digest: Digest
) -> None:
    zone = ZoneInfo(zone_name)
    latest = latest_digest_time(now, zone, digest)
    assert latest <= now
    days = 7 if digest == "weekly" else 1
    assert now - latest < timedelta(days=days, hours=26), "a day has 25 hours at times, and once one was left out"
    assert latest_digest_time(latest, zone, digest) == latest
    assert latest_digest_time(latest - timedelta(microseconds=1), zone, digest) < latest
    local = latest.astimezone(zone)
    assert local.time() == time(8)
    assert digest == "daily" or local.weekday() == 0


def test_a_daily_digest_comes_in_the_morning_of_each_zone() -> None:
    assert latest_digest_time(NOON, ZoneInfo("Asia/Kathmandu"), "daily") == datetime(2026, 11, 20, 2, 15, tzinfo=UTC)
    assert latest_digest_time(NOON, ZoneInfo("America/New_York"), "daily") == datetime(2026, 11, 19, 13, tzinfo=UTC)
    assert latest_digest_time(NOON, ZoneInfo("UTC"), "weekly") == datetime(2026, 11, 16, 8, tzinfo=UTC)


@given(st.text())
def test_an_excerpt_is_one_short_line(text: str) -> None:
    short = excerpt(text)
    assert len(short) <= EXCERPT_CHARACTERS
    assert len(short.splitlines()) <= 1


def test_an_excerpt_keeps_what_fits_and_says_when_something_is_missing() -> None:
    assert excerpt("  Hello,\n\n\tworld ") == "Hello, world"
    assert excerpt("x" * EXCERPT_CHARACTERS) == "x" * EXCERPT_CHARACTERS
    assert excerpt("x" * (EXCERPT_CHARACTERS + 1)).endswith("x…")
