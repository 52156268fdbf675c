"""What becomes of a push after its service has answered, and how many devices one may have."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, auto

from app.errors import AppError, NotFound

DEVICES = 20
"""Push subscriptions of one user."""

ENDPOINT_CHARACTERS = 1000
"""Those of today's browsers have 150 to 400."""

LEASE = timedelta(minutes=1)
"""How long a worker has for a push that it took, before another may send it. Longer than any attempt lasts."""

LIFETIME = timedelta(days=1)
"""After this a push is given up: what it says is in the list, and no news any more."""

FIRST_PAUSE = timedelta(minutes=1)

OK, REDIRECT, SERVER_ERROR = 200, 300, 500
NOT_FOUND, REQUEST_TIMEOUT, GONE, TOO_MANY_REQUESTS = 404, 408, 410, 429


class Verdict(Enum):
    SENT = auto()
    GONE = auto()
    """The subscription exists no more: the device has unsubscribed, or was wiped."""
    REFUSED = auto()
    """This push will never be taken."""
    AGAIN = auto()
    """Another attempt may succeed."""


class PushOff(NotFound):
    code = "push_off"
    detail = "This server sends no push messages: it was given no VAPID key."


class SubscriptionRefused(AppError):
    status = 422
    code = "subscription_refused"
    detail = "This is not a push subscription as browsers make them."


class TooManyDevices(AppError):
    status = 409
    code = "too_many_devices"
    detail = f"At most {DEVICES} devices can be subscribed. Remove one first."


def verdict_on(status: int) -> Verdict:
    """What a push service's status means (RFC 8030, 5 and 7.3). A redirect is not followed, so it refuses."""
    if OK <= status < REDIRECT:
        return Verdict.SENT
    if status in {NOT_FOUND, GONE}:
        return Verdict.GONE
    if status in {REQUEST_TIMEOUT, TOO_MANY_REQUESTS} or status >= SERVER_ERROR:
        return Verdict.AGAIN
    return Verdict.REFUSED


def next_attempt(attempt: int, now: datetime, created_at: datetime, asked: timedelta) -> datetime | None:
    """When to try again after the given attempt (from 1). None when that is beyond the push's lifetime.

    After a minute, then twice as long each time; and not sooner than the service `asked` for.
    """
    then = now + max(FIRST_PAUSE * (1 << attempt - 1), asked)
    return then if then < created_at + LIFETIME else None


def asked_pause(header: str, now: datetime) -> timedelta:
    """What a `Retry-After` asks for, in seconds or as a date (RFC 9110, 10.2.3). Nothing when it makes no sense."""
    if header.isascii() and header.isdecimal():
        return timedelta(seconds=int(header[:6]))
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return timedelta()
    return max(moment.replace(tzinfo=moment.tzinfo or UTC) - now, timedelta())
