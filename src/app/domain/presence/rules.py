"""Who counts as present, who may see it, and how long typing lasts."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal

DeviceState = Literal["online", "away"]
State = Literal["online", "away", "offline"]
Audience = Literal["everyone", "friends", "nobody"]

BEATS_PER_LEASE = 3
"""A process renews its lease so often before it ends, so one beat may fail. Silent for longer, it counts as dead."""

SEEN_KEPT = timedelta(days=30)
"""After that it is forgotten when somebody was last seen."""

WATCHED = 200
"""People whom one socket may watch."""

ASKED = 100
"""People in one request."""

PEOPLE_SHOWN = 100
"""Of a conversation's members who are present; all of them are counted."""

TYPING_MEMBERS = 200
"""In a larger group nobody is told that somebody types."""

TYPING_SECONDS = 6
"""How long an event shows somebody as typing."""

TYPING_PAUSE_SECONDS = 3.0
"""Who goes on typing is announced again after this; what comes sooner is dropped in silence."""


def best(devices: Iterable[State]) -> State:
    """What several devices make of their owner: online if one is, else away if one is."""
    states = set(devices)
    return "online" if "online" in states else "away" if "away" in states else "offline"


def see_each_other(one: Audience, other: Audience, *, blocked: bool, friends: bool, together: bool) -> bool:
    """Sight is mutual: nobody sees whom they hide from. `together`: they are in some conversation together."""
    if blocked or "nobody" in (one, other):
        return False
    return friends or (together and one == other == "everyone")


def minute(seconds: float) -> datetime:
    """The minute of a Unix time: nobody is told more exactly when somebody was last seen."""
    return datetime.fromtimestamp(seconds // 60 * 60, UTC)
