from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.lottery.rules.minutes import ATTEMPTS, Step, is_countdown, next_step

NOW = datetime(2026, 11, 20, 10, 5, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 21, tzinfo=ZoneInfo("Europe/Kyiv"))


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


@pytest.mark.parametrize("seconds", [0, 0.001, 1, 59, 59.999])
def test_a_minute_is_that_of_the_clock_from_its_first_instant_to_its_last(seconds: float) -> None:
    first = NOW.replace(second=0)
    now = first + timedelta(seconds=seconds)
    for last, step in (
        (first - timedelta(microseconds=1), Step.TRY),
        (first, Step.WAIT),
        (first + timedelta(seconds=59, microseconds=999_999), Step.WAIT),
        (first + timedelta(minutes=1), Step.TRY),
    ):
        assert next_step(attempts=1, last_attempt_at=last, alerted=False, now=now, catch_up=False) is step


@pytest.mark.parametrize("seconds", [0, 1, 59.999])
def test_an_hour_ten_minutes_and_one_before_a_draw_closes_it_is_said_once(seconds: float) -> None:
    moments = [MIDNIGHT.astimezone(UTC) + timedelta(minutes=minute, seconds=seconds) for minute in range(-120, 120)]
    told = [moment for moment in moments if is_countdown(MIDNIGHT, moment)]
    assert [(moment - MIDNIGHT) // timedelta(minutes=1) for moment in told] == [-60, -10, -1]
