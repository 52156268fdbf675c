"""The shapes of the number game."""

from datetime import datetime
from typing import Annotated, Literal, Self

from msgspec import Meta, Struct

from app.domain.game.rules import HIGHEST, KEY_CHARACTERS, LOWEST

KEY_PATTERN = r"^[\x21-\x7e]+\Z"
"""Visible ASCII, as in a header."""

Key = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=KEY_CHARACTERS,
        pattern=KEY_PATTERN,
        description="Your own name for this play. Sent again under the same name, it answers the same play, for ever.",
    ),
]
Money = Annotated[float, Meta(ge=0, description="An amount with at most two decimals.", examples=[421.0])]
CENTS = 100


def as_money(cents: int) -> float:
    """Cents as the JSON number that clients read. Nothing is calculated with it."""
    return cents / CENTS


class Move(Struct, forbid_unknown_fields=True, kw_only=True):
    number: Annotated[int, Meta(ge=LOWEST, le=HIGHEST, examples=[842])]


class SocketMove(Struct, forbid_unknown_fields=True, kw_only=True):
    """A play over `/ws/game/`."""

    number: Annotated[int, Meta(ge=LOWEST, le=HIGHEST)]
    idempotency_key: Key | None = None


class Attempt(Struct, array_like=True):
    """A play on its way through the inbox."""

    user_id: int
    number: int
    idempotency_key: str


class PlayResult(Struct, tag="result"):
    """The result of a play: the answer of the request, and the frame on every socket of the player."""

    id: int
    number: int
    result: Literal["win", "lose"]
    prize: Money
    played_at: datetime
    idempotency_key: str

    @classmethod
    def of(cls, play_id: int, attempt: Attempt, prize_cents: int, played_at: datetime, *, won: bool) -> Self:
        result: Literal["win", "lose"] = "win" if won else "lose"
        return cls(play_id, attempt.number, result, as_money(prize_cents), played_at, attempt.idempotency_key)


class PendingPlay(Struct):
    """The play is in good hands but not stored yet: ask at `status_url`, or send it again under the same key."""

    status: Literal["pending"]
    idempotency_key: str
    status_url: str


class Statistics(Struct):
    total_games: int
    wins: int
    losses: int
    win_rate: Annotated[float, Meta(description="Percent of the games, with two decimals.")]
    total_prize: Money
    average_prize: Annotated[float, Meta(description="Per game, rounded to whole cents.")]
    best_prize: Money
    last_played: datetime | None
