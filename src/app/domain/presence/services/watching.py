"""Telling the sockets of this process what becomes of those whom they watch.

An announcement says only whom to look at again. What somebody is, and who may see it, is read at the moment of telling:
so nothing goes to who was blocked a second ago, and the last word is always the latest. Nor is pub/sub trusted: all who
are watched are looked at again in turn, at a bounded cost.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic

import msgspec
import structlog

from app.domain.presence.schemas import Presence, Seen
from app.domain.presence.services.roll import Roll, read_announcement
from app.domain.presence.services.sight import in_sight
from app.hub.outbox import Outbox
from app.outages import is_outage
from app.resources import Sessions

PAUSE_SECONDS = 0.25
"""What changes within this time is told together."""

PAIRS_AT_ONCE = 2000
"""Of a socket and somebody it watches, in one look: about 20 ms of PostgreSQL's time."""

CHECK_SECONDS = 0.5
"""How often a look is taken at those who were not looked at for longest, PAIRS_AT_ONCE of them: 20,000 in 5 s."""

CHECKED_SECONDS = 4.0
"""Nobody is looked at again sooner, unless announced."""

Replace = Callable[[Collection[int]], None]
"""Watch these people instead of those before. All of them are told, whether they were before or not."""

encode = msgspec.json.Encoder().encode
log = structlog.get_logger()


class Watch:
    """One list of a socket: whom it watches, and what it was last told of each; None for nothing yet."""

    __slots__ = ("checked_at", "outbox", "shown")

    def __init__(self, outbox: Outbox, people: Collection[int]) -> None:
        self.outbox = outbox
        self.shown: dict[int, Presence | None] = dict.fromkeys(people)
        self.checked_at = monotonic()

    def tell(self, news: Iterable[Presence]) -> None:
        """Send what differs from what was sent before, of those who are still watched."""
        fresh = [one for one in news if one.user_id in self.shown and self.shown[one.user_id] != one]
        if fresh:
            self.shown.update((one.user_id, one) for one in fresh)
            self.outbox.offer(encode(Seen(fresh)).decode())


class Watches:
    """One per API process. `run` must be running for anybody to be told."""

    def __init__(self, roll: Roll, sessions: Sessions) -> None:
        self._roll = roll
        self._sessions = sessions
        self._open: dict[Watch, None] = {}
        """Checked in turn: whose turn is next comes first."""
        self._watching: defaultdict[int, set[Watch]] = defaultdict(set)
        """By whom they watch."""
        self._due: defaultdict[Watch, set[int]] = defaultdict(set)
        self._wake = asyncio.Event()

    @contextmanager
    def opened(self, outbox: Outbox) -> Iterator[Replace]:
        """A socket, which watches nobody at first, for as long as the block runs; and how to name whom it watches."""
        watch = Watch(outbox, ())

        def replace(people: Collection[int]) -> None:
            nonlocal watch
            self._end(watch)
            watch = Watch(outbox, people)
            self._begin(watch)

        try:
            yield replace
        finally:
            self._end(watch)

    def hear(self, announcement: bytes) -> None:
        """What the roll announces on its channel."""
        for person in read_announcement(announcement):
            for watch in self._watching.get(person, ()):
                self._look_at(watch, (person,))

    async def run(self) -> None:
        """Tell who watches of whoever changes, until cancelled. An outage only delays it."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._tell_what_comes())
            tasks.create_task(self._check_regularly())

    async def tell(self) -> None:
        """Look at those that are due, or at the first of them, and tell what is new."""
        batch = self._take_due()
        try:
            pairs = {(watch.outbox.owner, person) for watch, people in batch.items() for person in people}
            async with self._sessions() as session:
                seen = await in_sight(session, pairs)
            present = await self._roll.look_up({person for _, person in seen})
        except BaseException:
            for watch, people in batch.items():
                self._look_at(watch, people)
            raise
        for watch, people in batch.items():
            owner = watch.outbox.owner
            watch.tell(present[one] if (owner, one) in seen else Presence(one, "offline") for one in people)

    async def _tell_what_comes(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.tell()
            except Exception as error:
                if not is_outage(error):
                    log.exception("Telling who is here failed")
            if self._due:
                self._wake.set()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _check_regularly(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            pairs, now = 0, monotonic()
            for watch in list(self._open):
                if pairs >= PAIRS_AT_ONCE or now - watch.checked_at < CHECKED_SECONDS:
                    break
                pairs += len(watch.shown)
                watch.checked_at = now
                self._open[watch] = self._open.pop(watch)
                self._look_at(watch, watch.shown)

    def _take_due(self) -> dict[Watch, set[int]]:
        """Whole lists, so that the answer to `watch` is one frame."""
        batch: dict[Watch, set[int]] = {}
        pairs = 0
        for watch in list(self._due):
            if pairs >= PAIRS_AT_ONCE:
                break
            batch[watch] = self._due.pop(watch)
            pairs += len(batch[watch])
        return batch

    def _look_at(self, watch: Watch, people: Iterable[int]) -> None:
        if watch in self._open:
            self._due[watch].update(people)
            self._wake.set()

    def _begin(self, watch: Watch) -> None:
        if not watch.shown:
            watch.outbox.offer(encode(Seen([])).decode())
            return
        self._open[watch] = None
        for person in watch.shown:
            self._watching[person].add(watch)
        self._look_at(watch, watch.shown)

    def _end(self, watch: Watch) -> None:
        for person in watch.shown:
            watching = self._watching[person]
            watching.discard(watch)
            if not watching:
                del self._watching[person]
        watch.shown = {}  # Whoever is just being told of it is told nothing.
        self._open.pop(watch, None)
        self._due.pop(watch, None)
