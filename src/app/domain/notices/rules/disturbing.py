"""Whether a push may disturb its reader now."""

from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from app.domain.notices.rules.kinds import Kind
from app.zones import UnknownZone, known_zone

PushMessages = Literal["all", "mentions", "none"]
"""Which messages are pushed. Requests, invites and prizes are no messages."""

ADDRESSED = frozenset({Kind.MENTION, Kind.REPLY})
"""Messages that single out their reader, in whichever conversation."""

QUIET = frozenset({Kind.ACHIEVEMENT})
"""Never pushed: they come while their reader plays."""

PRESSING = ADDRESSED | {Kind.DIRECT_MESSAGE}
"""Somebody may be waiting for an answer: these wake a sleeping phone (RFC 8030, 5.3: urgency `high`)."""


def may_disturb(kind: str, *, push: bool, messages: PushMessages, muted: bool, seen: bool, quiet: bool) -> bool:
    """`push` and `messages` are settings of the reader, `muted` is the conversation, `seen` the notification."""
    if not push or muted or seen or quiet or kind in QUIET:
        return False
    if kind == Kind.DIRECT_MESSAGE:
        return messages == "all"
    return messages != "none" or kind not in ADDRESSED


def is_quiet(now: datetime, zone: str, begins: time | None, ends: time | None) -> bool:
    """Is it within the hours of no disturbance, which may span midnight, by the clock on a wall in that zone?

    From 22:00 to 07:00, a push at 22:00 is silent and one at 07:00 is not. No hours, no quiet.
    """
    if begins is None or ends is None:
        return False
    clock = now.astimezone(zone_named(zone)).time()
    return begins <= clock < ends if begins < ends else clock >= begins or clock < ends


def zone_named(name: str) -> ZoneInfo:
    """A zone that was stored, and that a newer tzdata has dropped since, counts as UTC."""
    try:
        return known_zone(name)
    except UnknownZone:
        return ZoneInfo("UTC")
