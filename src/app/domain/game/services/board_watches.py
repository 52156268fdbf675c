"""Telling the sockets of this process of the leaderboards that they watch.

An announcement says only in which games something has changed. What the first places are is read at the moment of
telling, once for all sockets on a board and at most once a second; who stands where among the others, for so many
sockets at a time. Nothing is sent that was sent before. Announcements may get lost, and a day ends without one, so
every board that is watched is looked at again every few seconds.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec
import structlog

from app.days import today
from app.domain.game.schemas.standings import BoardPlace, BoardView, LeaderboardFrame, OwnPlaceFrame
from app.domain.game.services.ladder import Ladder
from app.domain.game.services.leaderboards import Leaderboard
from app.domain.game.standings.boards import WATCHED_PLACES, Board, Period, board_on
from app.domain.social.services.blocks import Blocks
from app.hub.events import NOBODY, decode_names
from app.hub.outbox import Outbox
from app.outages import is_outage
from app.resources import Sessions

PAUSE_SECONDS = 1.0
"""What changes within this time is told together."""

CHECK_SECONDS = 5.0
"""How often a board is looked at without an announcement."""

SEATS_AT_ONCE = 500
"""Sockets that are told of their own place in one look: some 20 ms of Redis's time. The others follow in the next."""

Name = tuple[str, Period]
"""A game, as it is counted, and a period: a board, whichever day it is."""

Replace = Callable[[Collection[Name]], None]
"""Watch these boards instead of those before. All of them are told."""

encode = msgspec.json.Encoder().encode
log = structlog.get_logger()


class Seat:
    """A socket on a board, and what it was last told."""

    __slots__ = ("first_places", "name", "outbox", "own_place")

    def __init__(self, name: Name, outbox: Outbox) -> None:
        self.name = name
        self.outbox = outbox
        self.first_places = ""
        self.own_place: tuple[BoardView, BoardPlace | None] | None = None

    def tell_first_places(self, frame: str) -> None:
        if frame != self.first_places:
            self.first_places = frame
            self.outbox.offer(frame)

    def tell_own_place(self, frame: OwnPlaceFrame) -> None:
        if (frame.board, frame.me) != self.own_place:
            self.own_place = (frame.board, frame.me)
            self.outbox.offer(encode(frame).decode())


class BoardWatches:
    """One per API process. `run` must be running for anybody to be told."""

    def __init__(self, ladder: Ladder, sessions: Sessions, zone: ZoneInfo) -> None:
        self._ladder = ladder
        self._sessions = sessions
        self._zone = zone
        self._seats: defaultdict[Name, dict[Outbox, Seat]] = defaultdict(dict)
        self._changed: set[Name] = set()
        self._due: dict[Seat, None] = {}
        """Whose own place may have changed; who has waited longest comes first."""
        self._wake = asyncio.Event()

    @contextmanager
    def opened(self, outbox: Outbox) -> Iterator[Replace]:
        """A socket, which watches nothing at first, for as long as the block runs; and how to name what it watches."""
        watched: Collection[Name] = ()

        def replace(names: Collection[Name]) -> None:
            nonlocal watched
            self._leave(outbox, watched)
            watched = frozenset(names)
            self._join(outbox, watched)

        try:
            yield replace
        finally:
            self._leave(outbox, watched)

    def hear(self, announcement: bytes) -> None:
        """What workers announce on `events.BOARDS`."""
        games = set(decode_names(announcement))
        self._look_at([name for name in self._seats if name[0] in games])

    async def run(self) -> None:
        """Tell whoever watches what changes, until cancelled. An outage only delays it."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._tell_what_comes())
            tasks.create_task(self._check_regularly())

    async def tell(self) -> None:
        """Tell of the boards that may have changed, and so many sockets of their own places."""
        changed, self._changed = self._changed, set()
        try:
            for name in changed:
                await self._tell_first_places(name)
            due: defaultdict[Name, list[Seat]] = defaultdict(list)
            for seat in islice(self._due, SEATS_AT_ONCE):
                due[seat.name].append(seat)
            for name, seats in due.items():
                await self._tell_own_places(name, seats)
        except BaseException:
            self._look_at(changed)
            raise

    async def _tell_first_places(self, name: Name) -> None:
        board, day = self._present(name)
        async with self._sessions() as session:
            places = await Leaderboard(session, self._ladder, board, day).first_places(NOBODY, WATCHED_PLACES)
            hidden = await Blocks(session=session).hidden_from([place.user_id for place in places])
        view = BoardView.of(board, self._zone)
        everybody = encode(LeaderboardFrame(view, places)).decode()
        veiled = {one for others in hidden.values() for one in others}
        for seat in self._seats.get(name, {}).values():
            self._due[seat] = None
            if seat.outbox.owner in veiled:
                shown = [place for place in places if seat.outbox.owner not in hidden[place.user_id]]
                seat.tell_first_places(encode(LeaderboardFrame(view, shown)).decode())
            else:
                seat.tell_first_places(everybody)

    async def _tell_own_places(self, name: Name, seats: Sequence[Seat]) -> None:
        board, day = self._present(name)
        async with self._sessions() as session:
            reading = Leaderboard(session, self._ladder, board, day)
            places, players = await reading.places_of([seat.outbox.owner for seat in seats])
        view = BoardView.of(board, self._zone)
        for seat, place in zip(seats, places, strict=True):
            if seat in self._due:  # Or it has left meanwhile.
                del self._due[seat]
                seat.tell_own_place(OwnPlaceFrame(view, players, place))

    def _present(self, name: Name) -> tuple[Board, date]:
        day = today(datetime.now(UTC), self._zone)
        return board_on(*name, day), day

    async def _tell_what_comes(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.tell()
            except Exception as error:
                if not is_outage(error):
                    log.exception("Telling of leaderboards failed")
            if self._due:
                self._wake.set()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _check_regularly(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            self._look_at(self._seats)

    def _look_at(self, names: Collection[Name]) -> None:
        if here := self._seats.keys() & names:
            self._changed |= here
            self._wake.set()

    def _join(self, outbox: Outbox, names: Collection[Name]) -> None:
        for name in names:
            self._seats[name][outbox] = Seat(name, outbox)
        self._look_at(names)

    def _leave(self, outbox: Outbox, names: Collection[Name]) -> None:
        for name in names:
            self._due.pop(self._seats[name].pop(outbox), None)
            if not self._seats[name]:
                del self._seats[name]
