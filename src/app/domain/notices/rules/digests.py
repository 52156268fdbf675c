"""When a digest of unread notifications is mailed."""

from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.errors import AppError

Digest = Literal["off", "daily", "weekly"]

HOUR = time(8)
"""By the clock on the reader's wall; on Mondays for the weekly one."""

LISTED = 20
"""Notifications that a digest names, the newest; it counts the others."""

SETTLING = timedelta(minutes=1)
"""What is younger waits for the next digest: its transaction may be under way, and would be passed over unseen."""


class UnsubscribeRefused(AppError):
    status = 400
    code = "unsubscribe_refused"
    detail = "This link was not made by this server. Digests can be switched off in the settings."


def latest_digest_time(now: datetime, zone: ZoneInfo, digest: Digest) -> datetime:
    """The last moment, in UTC and not after `now`, at which a digest of this rhythm was to be mailed.

    One is due when the reader's last one is older. So a digest that was missed is made good once, however many were.
    """
    day = now.astimezone(zone).date()
    step = timedelta(days=7 if digest == "weekly" else 1)
    if digest == "weekly":
        day -= timedelta(days=day.weekday())
    moment = datetime.combine(day, HOUR, zone).astimezone(UTC)
    return moment if moment <= now else datetime.combine(day - step, HOUR, zone).astimezone(UTC)
