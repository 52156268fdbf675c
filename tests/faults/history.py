"""What happened in a fault run, as its users saw it: a JSON line for each invocation, each outcome, each frame seen.

The vocabulary is Jepsen's. `invoke` opens an attempt; `ok` says that it happened, `fail` that it certainly did not, and
`info` that nobody knows: a time-out, a lost connection and a 503 are all `info`.
"""

from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Literal

import msgspec

from app.domain.lottery.schemas import SignedReceipt

Type = Literal["invoke", "ok", "fail", "info"]
Op = Literal["send", "play", "ballot", "join", "leave", "logout", "fault", "recover"]


class Event(msgspec.Struct, kw_only=True, omit_defaults=True, tag="event", tag_field="record"):
    type: Type
    op: Op
    time: float = 0.0
    """Seconds on the monotonic clock of the machine, on which all processes of a run are."""
    user: int = 0
    key: str = ""
    """The client id of a send, the key of a play or of ballots, the session of a logout, the name of a fault."""
    conversation: int = 0
    body: str = ""
    """What was said, the number that was played, or how many ballots were asked for."""
    line: str = ""
    """The connection it went over. Order is promised to what goes over one line, and to what waits for its answer."""
    number: int = 0
    """Of an `ok`: the message's number in its conversation, or the play's id."""
    prize_cents: int = 0
    receipts: tuple[SignedReceipt, ...] = ()
    """Of ballots that were acknowledged."""
    code: str = ""
    """Of a `fail` or an `info`: why."""


class Sighting(msgspec.Struct, kw_only=True, tag="sighting", tag_field="record"):
    """A message frame, as a socket's client got it."""

    watcher: str
    user: int
    session: str
    """The login that the socket was opened with."""
    time: float
    conversation: int
    number: int
    sender: int
    client_id: str
    body: str


class History:
    """Everything in the order in which it happened; written to `file` at once, so that our own crash loses nothing."""

    def __init__(self, file: Path) -> None:
        self.events: list[Event] = []
        self.sightings: list[Sighting] = []
        self._file = file.open("ab", buffering=0)

    def note(self, event: Event) -> Event:
        event.time = monotonic()
        self.events.append(event)
        self._write(event)
        return event

    def saw(self, sighting: Sighting) -> None:
        self.sightings.append(sighting)
        self._write(sighting)

    def close(self) -> None:
        self._file.close()

    def _write(self, line: Event | Sighting) -> None:
        self._file.write(msgspec.json.encode(line) + b"\n")


def read(file: Path) -> tuple[list[Event], list[Sighting]]:
    """A history from an earlier run, to be checked again."""
    lines: Sequence[Event | Sighting] = msgspec.json.Decoder(Event | Sighting).decode_lines(file.read_bytes())
    events = [line for line in lines if isinstance(line, Event)]
    return events, [line for line in lines if isinstance(line, Sighting)]
