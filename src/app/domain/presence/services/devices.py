"""The devices of this process: whose socket is open here, and what the roll has been told of it."""

import asyncio
from collections import defaultdict
from collections.abc import Hashable
from contextlib import suppress
from itertools import islice
from uuid import uuid4

import structlog

from app.domain.presence.rules import BEATS_PER_LEASE, DeviceState, State, best
from app.domain.presence.services.roll import Roll
from app.outages import is_outage

PAUSE_SECONDS = 0.25
"""What changes within this time is reported together. A restless device costs those who watch four frames a second."""

REPORTED_AT_ONCE = 500

log = structlog.get_logger()


class Devices:
    """One per API process. `run` must be running for anybody to hear of what comes and goes."""

    def __init__(self, roll: Roll, *, lease: float, grace: float) -> None:
        """For so many seconds the roll believes this process after its last word, and a device stays that has gone."""
        self._roll = roll
        self._lease = lease
        self._grace = grace
        self._people: defaultdict[int, dict[Hashable, DeviceState]] = defaultdict(dict)
        self._unreported: dict[int, None] = {}
        """A set that keeps its order."""
        self._wake = asyncio.Event()
        self._name = ""
        self._lease_ends = 0
        self._take_a_name()

    def come(self, device: Hashable, person: int) -> None:
        self._people[person][device] = "online"
        self._changed(person)

    def turn(self, device: Hashable, person: int, state: DeviceState) -> None:
        self._people[person][device] = state
        self._changed(person)

    def go(self, device: Hashable, person: int) -> None:
        """After a grace, so that who reconnects at once, here or elsewhere, was never gone."""
        asyncio.get_running_loop().call_later(self._grace, self._end, device, person)

    def state_of(self, person: int) -> State:
        """What this process knows of somebody."""
        return best(self._people[person].values()) if person in self._people else "offline"

    async def run(self) -> None:
        """Report what changes, and that we live, until cancelled. An outage only delays it."""
        while True:
            try:
                await self.report()
            except Exception as error:
                if not is_outage(error):
                    log.exception("Reporting who is here failed")
            if len(self._unreported) < REPORTED_AT_ONCE:
                await asyncio.sleep(PAUSE_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._lease / BEATS_PER_LEASE)
            self._wake.clear()

    async def report(self) -> None:
        """Renew the lease, and tell the roll of those who changed since the last report, or of the first of them."""
        batch = dict.fromkeys(islice(self._unreported, REPORTED_AT_ONCE))
        for person in batch:
            del self._unreported[person]
        try:
            states = {person: self.state_of(person) for person in batch}
            entry = await self._roll.report(self._name, self._lease_ends, self._lease, states)
        except BaseException:
            self._unreported |= batch
            raise
        self._lease_ends = entry.lease_ends
        if not entry.lease_ends:
            self._take_a_name()
        if entry.more or self._unreported:
            self._wake.set()

    async def depart(self) -> None:
        """At the end of the process. Its people have the grace to connect elsewhere, then others announce them gone."""
        try:
            await self._roll.report(self._name, self._lease_ends, self._grace, {})
        except Exception as error:
            if not is_outage(error):
                raise

    def _take_a_name(self) -> None:
        """Begin anew as a process that the roll has not heard of, and report everybody to it."""
        self._name = uuid4().hex
        self._lease_ends = 0
        self._unreported |= dict.fromkeys(self._people)
        self._wake.set()

    def _changed(self, person: int) -> None:
        self._unreported[person] = None
        self._wake.set()

    def _end(self, device: Hashable, person: int) -> None:
        devices = self._people[person]
        devices.pop(device, None)
        if not devices:
            del self._people[person]
        self._changed(person)
