"""When a failed draw is tried again."""

from datetime import UTC, datetime
from enum import Enum

ATTEMPTS = 10
"""A draw that failed so often waits for an operator (E: "retry every minute up to 10 times")."""


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
