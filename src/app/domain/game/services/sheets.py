"""What a batch of slips makes of the picks in rounds: rules, no database.

Slips are taken one after the other, each against what those before it have left, also within the batch.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.game.rules import (
    PICKS_PER_PLAYER,
    PICKS_PER_ROUND,
    NoSuchRound,
    RoundCancelled,
    RoundClosed,
    RoundFull,
    TooManyPicks,
)
from app.domain.game.schemas.rounds import Slip
from app.errors import IdempotencyConflict

Move = Mapping[str, Any]


@dataclass(frozen=True)
class Held:
    """A round as it stands before the batch. It is locked, so it stays so until the batch is stored."""

    round_id: int
    conversation_id: int
    game: str
    closes_at: datetime
    closed: bool
    cancelled: bool
    picks: int


@dataclass(frozen=True)
class Made:
    """A pick, of now or of earlier."""

    round_id: int
    user_id: int
    idempotency_key: str
    move: Move
    player: bytes
    salt: bytes | None
    picked_at: datetime


@dataclass(frozen=True)
class Known:
    """What the database says about one slip. There is nothing to say of a round that its player may not see."""

    held: Held
    made: int
    """Picks of this player in the round, with those that were replaced."""
    earlier: Made | None
    """What the same key has made before."""


@dataclass
class Sheet:
    """Collects what is to be written: the new picks, the last of each player being the one that counts."""

    now: datetime
    """By the database's clock, after the rounds were locked: what is not closed by then closes after the batch."""
    tag: Callable[[int], tuple[bytes, bytes]]
    """A new salt, and with it the tag of a player."""
    fresh: list[Made] = field(default_factory=list)
    added: dict[int, int] = field(default_factory=dict)
    """Players who had not picked before, by round."""
    _standing: dict[tuple[int, int], Made] = field(default_factory=dict)
    _named: dict[tuple[int, int, str], Made] = field(default_factory=dict)
    _counts: dict[tuple[int, int], int] = field(default_factory=dict)

    def take(self, slip: Slip, move: Move, known: Known | None) -> Made:
        """The pick that a slip makes, or has made before. Raises the error that refuses it."""
        if known is None:
            raise NoSuchRound
        name = (slip.round_id, slip.user_id, slip.idempotency_key)
        made = self._named.get(name) or known.earlier
        if made is None:
            made = self._named[name] = self._make(slip, move, known)
        elif made.move != move:
            raise IdempotencyConflict
        return made

    def picks(self, held: Held) -> int:
        """How many players have picked in a round after this."""
        return held.picks + self.added.get(held.round_id, 0)

    @property
    def standing(self) -> set[int]:
        """Which of the fresh ones count, by identity: the others were replaced within the batch."""
        return {id(made) for made in self._standing.values()}

    def _make(self, slip: Slip, move: Move, known: Known) -> Made:
        held, whose = known.held, (slip.round_id, slip.user_id)
        if held.cancelled:
            raise RoundCancelled
        if held.closed or self.now >= held.closes_at:
            raise RoundClosed
        before = self._counts.get(whose, known.made)
        if before >= PICKS_PER_PLAYER:
            raise TooManyPicks
        if not before:
            if self.picks(held) >= PICKS_PER_ROUND:
                raise RoundFull
            self.added[held.round_id] = self.added.get(held.round_id, 0) + 1
        salt, player = self.tag(slip.user_id)
        made = Made(slip.round_id, slip.user_id, slip.idempotency_key, move, player, salt, self.now)
        self._counts[whose] = before + 1
        self._standing[whose] = made
        self.fresh.append(made)
        return made
