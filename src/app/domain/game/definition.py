"""What a game is made of. Each file in `games` defines one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Generic, NamedTuple, TypeVar

from msgspec import Meta, Struct

NAME_PATTERN = r"^[a-z0-9-]{1,32}\Z"

Luck = Callable[[int], int]
"""A whole number from 0 to below the one that it is asked with, each of them equally likely."""


class Move(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a player chooses. Its name is the game's too, since it stands on the API page."""


class LuckyMove(Move):
    """A move in a game that leaves something to luck."""

    nonce: (
        Annotated[
            str,
            Meta(
                min_length=64,
                max_length=64,
                pattern="^[0-9a-f]{64}$",
                description="Your half of the luck: 32 random bytes in hex. Without it the server draws one.",
            ),
        ]
        | None
    ) = None
    epoch: (
        Annotated[int, Meta(ge=1, le=2**31, description="With a nonce: the epoch whose commitment you chose it after.")]
        | None
    ) = None

    def __post_init__(self) -> None:
        if (self.nonce is None) != (self.epoch is None):
            raise ValueError("`nonce` and `epoch` are given together, or neither")


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
    """In addresses and in the rows of its plays, for ever."""
    title: str
    rules: str
    """For people."""
    move: type[M]
    play: Callable[[M, Luck], Score]
    """Pure: the same move with the same luck has the same score."""
    odds: str | None = None
    """How likely what is, for people, where the move is a LuckyMove."""

    def __post_init__(self) -> None:
        if not re.match(NAME_PATTERN, self.name):
            raise ValueError(f"{self.name!r} cannot stand in an address")
        if self.is_lucky != (self.odds is not None):
            raise ValueError(f"{self.name} has luck and no odds, or odds and no luck")

    @property
    def is_lucky(self) -> bool:
        return issubclass(self.move, LuckyMove)


def no_luck(below: int) -> int:
    """What a game that leaves nothing to luck is given."""
    raise LookupError(f"a game without luck asked for one of {below}")
