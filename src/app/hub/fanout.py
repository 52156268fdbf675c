"""Fan-out of events to the sockets of this process, each sequence complete and in order.

Pub/sub may lose anything at any time: a Redis restart, a dropped connection, a worker that died before it announced.
So the hub never trusts it. For every sequenced channel it knows the last number it delivered; a jump is read from the
journal first, a repeat is dropped, and every few seconds the journal is asked whether something was missed altogether.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

import structlog
from redis.asyncio import Redis

from app.hub.ear import Ear
from app.hub.events import DEPARTURES, EPHEMERAL, Event, decode_batch, decode_departure
from app.hub.outbox import Outbox
from app.outages import is_outage

PAGE = 200
"""Events read from the journal at a time, for a gap or for a socket that resumes."""

CHECK_SECONDS = 2.0
"""How often positions are compared with the journal's."""

CATCHING_UP = 2**63
"""The position of a seat that still reads history: beyond every number, so that no live event is offered to it."""

Evicted = Callable[[str], None]
"""Called with the channel's name when the owner of a seat may no longer listen, after the seat is gone."""

log = structlog.get_logger()


class Journal(Protocol):
    """Where the events of sequenced channels are stored, numbered from 1 without gaps."""

    async def read(self, channel: str, after: int, limit: int) -> Sequence[Event]:
        """The next events after a number, in order."""

    async def heads(self, channels: Collection[str]) -> Mapping[str, int]:
        """The last number of each channel that has a sequence; channels without one are left out."""

    async def outsiders(self, listeners: Collection[tuple[str, int]]) -> Collection[tuple[str, int]]:
        """Which of these may no longer listen? Each is a channel and the id of a person."""


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

    def deliver(self, number: int, frame: str) -> None:
        if number == EPHEMERAL:
            for seat in self.seats.values():
                seat.outbox.offer(frame)
            return
        self.position = number
        for seat in self.seats.values():
            if seat.position < number:
                seat.position = number
                seat.outbox.offer(frame)


class Hub:
    """One per API process, with one pub/sub connection. `run` must be running for anything to be heard."""

    def __init__(self, redis: "Redis", journal: Journal) -> None:
        self._ear = Ear(redis, self._receive)
        self._journal = journal
        self._channels: dict[str, Channel] = {}
        self._listeners: dict[str, Callable[[bytes], None]] = {}
        self.listen(DEPARTURES, lambda payload: self.evict(*decode_departure(payload)))

    def listen(self, name: str, receive: Callable[[bytes], None]) -> None:
        """Hand every payload on a channel to a function, for what goes to no socket."""
        self._listeners[name] = receive
        self._ear.want(name)

    async def join(self, name: str, outbox: Outbox, *, after: int | None = None, evicted: Evicted | None = None) -> int:
        """Put a socket on a channel; every event after the returned number reaches it, once and in order.

        With `after`, what it missed since that number is sent first, however much, page by page at the reader's pace.
        A channel is opened with its first socket: subscribed to, and its position read from the journal. With
        `evicted`, the journal is asked every few seconds whether the socket's owner may still listen.
        """
        channel = self._channels.get(name)
        if channel is None:
            channel = self._channels[name] = Channel(name)
            channel.opening = asyncio.create_task(self._open(channel))
        seat = channel.seats[outbox] = Seat(outbox, evicted)
        try:
            if channel.opening:
                await asyncio.shield(channel.opening)
            position = channel.position if after is None else await self._catch_up(channel, outbox, after)
        except BaseException:
            await self.leave(name, outbox)
            raise
        seat.position = position
        return position

    async def leave(self, name: str, outbox: Outbox) -> None:
        """Take a socket off a channel. The last one closes it."""
        self._leave(name, outbox)

    def evict(self, name: str, owner: int | None = None) -> None:
        """Put somebody's sockets off a channel at once, or everybody's; those whose owners may go on for ever stay."""
        channel = self._channels.get(name)
        for seat in list(channel.seats.values()) if channel else ():
            if seat.evicted and owner in {None, seat.outbox.owner}:
                self._leave(name, seat.outbox)
                seat.evicted(name)

    def _leave(self, name: str, outbox: Outbox) -> None:
        channel = self._channels.get(name)
        if channel is None or channel.seats.pop(outbox, None) is None or channel.seats:
            return
        del self._channels[name]
        self._ear.drop(name)

    async def run(self) -> None:
        """Hear what workers publish, and check positions, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._ear.run())
            tasks.create_task(self._check_regularly())

    async def connected(self) -> None:
        """Wait until Redis has confirmed the first subscription."""
        await self._ear.connected()

    async def _open(self, channel: Channel) -> None:
        """Subscribe, then read the position. Without Redis, the regular checks serve the channel."""
        self._ear.want(channel.name)
        await self._ear.confirmed(channel.name)
        heads = await self._journal.heads([channel.name])
        channel.position = heads.get(channel.name, 0)
        channel.opening = None
        self._learn_of(channel, channel.known)

    async def _catch_up(self, channel: Channel, outbox: Outbox, after: int) -> int:
        """Send history until it has met the channel's live position; no event can fall between the two.

        The last comparison and the return to `join` happen without an await in between.
        """
        position = after
        while position < channel.position and outbox in channel.seats:
            page = await self._journal.read(channel.name, position, PAGE)
            if not page:
                return channel.position
            for number, frame in page:
                await outbox.put(frame)
                position = number
        return position

    def _receive(self, name: str, payload: bytes) -> None:
        if listener := self._listeners.get(name):
            listener(payload)
        elif channel := self._channels.get(name):
            for number, frame in decode_batch(payload):
                self._admit(channel, number, frame)

    def _admit(self, channel: Channel, number: int, frame: str) -> None:
        """Deliver an event if it is the next one. A repeat is dropped; after a jump the journal is read first."""
        if number == EPHEMERAL or (number == channel.position + 1 and not channel.filling and not channel.opening):
            channel.deliver(number, frame)
        elif number > channel.position:
            self._learn_of(channel, number)

    def _learn_of(self, channel: Channel, number: int) -> None:
        channel.known = max(channel.known, number)
        if channel.known > channel.position and not channel.filling and not channel.opening:
            channel.filling = asyncio.create_task(self._fill(channel))

    async def _fill(self, channel: Channel) -> None:
        """Deliver from the journal up to the highest number heard of, also of those heard while reading."""
        try:
            while channel.position < channel.known:
                page = await self._journal.read(channel.name, channel.position, PAGE)
                for number, frame in page:
                    channel.deliver(number, frame)
                if not page:
                    channel.position = channel.known
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("A gap could not be read yet", channel=channel.name, error=repr(error))
        finally:
            channel.filling = None

    async def _check_regularly(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                await self._check()
            except Exception as error:
                if not is_outage(error):
                    log.exception("Checking positions failed")

    async def _check(self) -> None:
        for name, number in (await self._journal.heads(list(self._channels))).items():
            if channel := self._channels.get(name):
                self._learn_of(channel, number)
        guests = {
            (name, seat.outbox.owner)
            for name, channel in self._channels.items()
            for seat in channel.seats.values()
            if seat.evicted
        }
        for name, owner in await self._journal.outsiders(guests) if guests else ():
            self.evict(name, owner)
