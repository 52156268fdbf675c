"""The roll: who is here, on any API process. It is in Redis alone, where a process has a lease on what it reported."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from importlib.resources import files
from typing import NamedTuple

import msgspec
from redis.asyncio import Redis

from app.domain.presence.rules import SEEN_KEPT, State, minute
from app.domain.presence.schemas import Presence

CHANNEL = "presence"
"""Announces the ids of those whose state has changed. What it is now stands in the roll."""

PROCESSES, ONLINE, AWAY, GONE = (f"{{presence}}:{name}" for name in ("processes", "online", "away", "gone"))
PEOPLE = "{presence}:people:"
"""The tag keeps all keys in one slot of a Redis Cluster: a report is one atomic step."""

BURIED_AT_ONCE = 500
"""People of a dead process in one step: about two milliseconds of Redis's time."""

MICROSECONDS = 1_000_000
MINUTE_SECONDS = 60

read_announcement = msgspec.json.Decoder(list[int], strict=False).decode
"""The ids, which Lua's numbers could not hold, come as text."""


class Entry(NamedTuple):
    """What a report came to."""

    lease_ends: int
    """0: the roll does not know this process as it knows itself. See roll.lua."""
    more: bool
    """Report again at once: a dead process has more people than are buried in one step."""


class Roll:
    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._report = redis.register_script((files("app.domain.presence.services") / "roll.lua").read_text())

    async def report(self, process: str, lease_ends: int, lease: float, people: Mapping[int, State]) -> Entry:
        """Renew a process's lease for so many seconds, and record what its people are now. Others stay as they were.

        `lease_ends` is what its last report answered, 0 at first. Atomic; after a lost answer the next one is 0.
        """
        told = [part for person, state in people.items() for part in (person, state)]
        kept = SEEN_KEPT // timedelta(minutes=1)
        ends, more = await self._report(
            keys=[PROCESSES, f"{PEOPLE}{process}", ONLINE, AWAY, GONE],
            args=[process, lease_ends, int(lease * MICROSECONDS), BURIED_AT_ONCE, kept, CHANNEL, *told],
        )
        return Entry(ends, bool(more))

    async def count_online(self) -> int:
        """How many people are online, on whatever devices."""
        return int(await self._redis.hlen(ONLINE))

    async def look_up(self, people: Collection[int]) -> dict[int, Presence]:
        """What each of them is, as of one moment."""
        asked = list(people)
        if not asked:
            return {}
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.hmget(ONLINE, asked)
        pipeline.hmget(AWAY, asked)
        pipeline.zmscore(GONE, [str(person) for person in asked])
        found = zip(asked, *await pipeline.execute(), strict=True)
        return {person: presence(person, online, away, gone) for person, online, away, gone in found}


def presence(person: int, online: bytes | None, away: bytes | None, gone: float | None) -> Presence:
    if online:
        return Presence(person, "online")
    if away:
        return Presence(person, "away")
    return Presence(person, "offline", None if gone is None else minute(gone * MINUTE_SECONDS))
