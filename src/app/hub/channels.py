"""One channel in this process: who sits on it, and what of its sequence has been delivered."""

import asyncio
from collections.abc import Callable, Collection

from app.hub.events import EPHEMERAL, Event
from app.hub.outbox import Outbox

CATCHING_UP = 2**63
"""The position of a seat that still reads history: beyond every number, so that no live event is offered to it."""

Evicted = Callable[[str], None]
"""Called with the channel's name when the owner of a seat may no longer listen, after the seat is gone."""


class Seat:
    """A socket on a channel, the last number it was given, and what to do when it has to go."""

    __slots__ = ("evicted", "outbox", "position")

    def __init__(self, outbox: Outbox, evicted: Evicted | None) -> None:
        self.outbox = outbox
        self.evicted = evicted
        self.position = CATCHING_UP


class Channel:
    """The seats of one channel, and what this process has delivered of its sequence."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seats: dict[Outbox, Seat] = {}
        self.position = 0
        self.known = 0
        """The highest number heard of; above `position` while a gap is being read."""
        self.filling: asyncio.Task[None] | None = None
        self.opening: asyncio.Task[None] | None = None

    def deliver(self, event: Event, deaf: Collection[int], withheld: str) -> None:
        """Offer an event to every seat that has not had it; to the deaf, what is given for it, if anything."""
        number, frame, _ = event
        if number <= EPHEMERAL:
            for seat in self.seats.values():
                if seat.outbox.owner not in deaf:
                    seat.outbox.offer(frame)
            return
        self.position = number
        for seat in self.seats.values():
            if seat.position < number:
                seat.position = number
                seat.outbox.offer(withheld if seat.outbox.owner in deaf else frame)
