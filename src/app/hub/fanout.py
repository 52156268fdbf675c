"""Fan-out of events to the sockets of this process, each sequence complete and in order.

Pub/sub may lose anything at any time: a Redis restart, a dropped connection, a worker that died before it announced.
So the hub never trusts it. For every sequenced channel it knows the last number it delivered; a jump is read from the
journal first, a repeat is dropped, and every few seconds the journal is asked whether something was missed altogether.
"""

import asyncio
from collections.abc import Callable

import structlog
from redis.asyncio import Redis

from app.hub.channels import Channel, Evicted, Seat
from app.hub.ear import Ear
from app.hub.events import (
    BLOCKS,
    DEPARTURES,
    EPHEMERAL,
    TO_OTHERS,
    Event,
    decode_batch,
    decode_departure,
    decode_people,
)
from app.hub.journal import Journal
from app.hub.outbox import Outbox
from app.hub.veils import Veils
from app.outages import is_outage

PAGE = 200
"""Events read from the journal at a time, for a gap or for a socket that resumes."""

CHECK_SECONDS = 2.0
"""How often positions are compared with the journal's."""

log = structlog.get_logger()


class Hub:
    """One per API process, with one pub/sub connection. `run` must be running for anything to be heard."""

    def __init__(self, redis: "Redis", journal: Journal) -> None:
        self._ear = Ear(redis, self._receive)
        self._journal = journal
        self._channels: dict[str, Channel] = {}
        self._listeners: dict[str, Callable[[bytes], None]] = {}
        self._veils = Veils(journal.unheard)
        self._refreshing: set[asyncio.Task[None]] = set()
        self.listen(BLOCKS, self._learn_of_block)
        self.listen(DEPARTURES, lambda payload: self.evict(*decode_departure(payload)))

    def listen(self, name: str, receive: Callable[[bytes], None]) -> None:
        """Hand every payload on a channel to a function, for what goes to no socket."""
        self._listeners[name] = receive
        self._ear.want(name)

    async def join(self, name: str, outbox: Outbox, *, after: int | None = None, evicted: Evicted | None = None) -> int:
        """Put a socket on a channel; every event after the returned number reaches it, once and in order.

        With `after`, what it missed since that number is sent first, however much, page by page at the reader's pace.
        A channel is opened with its first socket: subscribed to, and its position read from the journal. With
        `evicted`, the journal is asked every few seconds whether the socket's owner may still listen; of whom they hear
        nothing, they get a frame that says no more than the number.
        """
        if evicted:
            await self._veils.cover(outbox.owner)
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
            for event in page:
                await outbox.put(self._frame_for(outbox.owner, event, channel))
                position = event.number
        return position

    def _frame_for(self, person: int, event: Event, channel: Channel) -> str:
        deaf = person in self._veils.deaf_to(event.author)
        return self._journal.withheld(channel.name, event.number) if deaf else event.frame

    def _deliver(self, channel: Channel, event: Event) -> None:
        deaf = self._veils.deaf_to(event.author)
        if event.number == TO_OTHERS:
            deaf = {*deaf, event.author}
        channel.deliver(event, deaf, self._journal.withheld(channel.name, event.number) if deaf else "")

    def _receive(self, name: str, payload: bytes) -> None:
        if listener := self._listeners.get(name):
            listener(payload)
        elif channel := self._channels.get(name):
            for event in decode_batch(payload):
                self._admit(channel, event)

    def _admit(self, channel: Channel, event: Event) -> None:
        """Deliver an event if it is the next one. A repeat is dropped; after a jump the journal is read first."""
        number = event.number
        if number <= EPHEMERAL or (number == channel.position + 1 and not channel.filling and not channel.opening):
            self._deliver(channel, event)
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
                for event in page:
                    self._deliver(channel, event)
                if not page:
                    channel.position = channel.known
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("A gap could not be read yet", channel=channel.name, error=repr(error))
        finally:
            channel.filling = None

    def _learn_of_block(self, payload: bytes) -> None:
        """Between two people, made or lifted. If asking fails, the next regular check asks again."""
        task = asyncio.create_task(self._veils.changed(decode_people(payload)))
        self._refreshing.add(task)
        task.add_done_callback(self._refreshing.discard)
        task.add_done_callback(report_outage)

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
        await self._veils.keep({owner for _, owner in guests})
        for name, owner in await self._journal.outsiders(guests) if guests else ():
            self.evict(name, owner)


def report_outage(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        log.warning("Blocks could not be read yet", error=repr(error))
