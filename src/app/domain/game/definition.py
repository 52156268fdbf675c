"""What a game is made of. Each file in `games` defines one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from msgspec import Struct

Luck = Callable[[int], int]
"""A whole number from 0 to below the one that it is asked with, each of them equally likely."""


class Move(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a player chooses. Its name is the game's too, since it stands on the API page."""


class Outcome(Struct):
    """What came of a move, beside what it wins."""


class Score(NamedTuple):
    won: bool
    prize_cents: int
    outcome: Outcome


M = TypeVar("M", bound=Move)


@dataclass(frozen=True)
class Game(Generic[M]):
    name: str
    """In addresses and in the rows of its plays, for ever: 1 to 32 of a-z, 0-9 and `-`."""
    title: str
    rules: str
    """For people."""
    move: type[M]
    play: Callable[[M, Luck], Score]
    """Pure: the same move with the same luck has the same score."""
    odds: str | None = None
    """How likely what is, for people; None where nothing is left to luck."""


def no_luck(below: int) -> int:
    """What a game that leaves nothing to luck is given."""
    raise LookupError(f"a game without odds asked for one of {below}")
