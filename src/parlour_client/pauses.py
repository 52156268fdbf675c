"""How long to wait before the next attempt."""

from random import uniform

FIRST_SECONDS = 0.4
LONGEST_SECONDS = 20.0


def pause(attempt: int) -> float:
    """Doubles from attempt 0 on; anywhere in its upper half, so that the clients of one dead server spread."""
    whole = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(attempt, 10))
    return uniform(whole / 2, whole)  # noqa: S311  no secret
