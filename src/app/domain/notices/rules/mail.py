"""When a mail is tried again, and when it is given up."""

from datetime import timedelta

MOST_ATTEMPTS = 10
"""Spread over seventeen hours, which outlasts a night without a mail server."""

FIRST_PAUSE = timedelta(minutes=1)


def pause_after(attempt: int) -> timedelta:
    """How long to wait after the given attempt (from 1): one minute, then twice as long each time.

    A mail being sent counts as failed until it is settled, so this is also how long a worker has for one: the first
    pause must be longer than a postman's patience.
    """
    return FIRST_PAUSE * (1 << attempt - 1)
