"""What is done in which minute: attempts at a draw, and the countdown to its close."""

from datetime import datetime
from enum import Enum

ATTEMPTS = 10
"""A draw that failed so often waits for an operator (E: "retry every minute up to 10 times")."""

COUNTDOWN_MINUTES = (60, 10, 1)
"""So long before a draw closes, every open socket is told."""


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


def is_countdown(closes_at: datetime, now: datetime) -> bool:
    """Is this the minute in which to say that a draw is about to close?"""
    return _minute(closes_at) - _minute(now) in COUNTDOWN_MINUTES


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60
