"""The shapes of plays. A game's move and outcome are its own."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from app.domain.chat.schemas.fields import ClientId, RowId, Text
from app.domain.game.definition import NAME_PATTERN, Game
from app.domain.game.games.number import Number
from app.domain.game.rules import KEY_CHARACTERS
from app.domain.game.schemas.proofs import Proof

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
GameName = Annotated[str, Meta(pattern=NAME_PATTERN, examples=["number"])]
Money = Annotated[float, Meta(ge=0, description="An amount with at most two decimals.", examples=[421.0])]
CENTS = 100


def as_money(cents: int) -> float:
    """Cents as the JSON number that clients read. Nothing is calculated with it."""
    return cents / CENTS


class SocketMove(Struct, forbid_unknown_fields=True, kw_only=True):
    """A play over `/ws/game/`."""

    number: Number
    idempotency_key: Key | None = None


class Attempt(Struct, array_like=True, tag="play"):
    """A play on its way through the inbox."""

    user_id: int
    game: str
    move: Raw
    """In MessagePack, to be decoded as the game's."""
    idempotency_key: str


class PlayResult(Struct, tag="result", kw_only=True):
    """The result of a play: the answer of the request, and the frame on every socket of the player."""

    id: int
    game: GameName
    number: (
        Annotated[int, Meta(description="The number game's move, as the documents A and B have it.")] | UnsetType
    ) = UNSET
    move: Annotated[dict[str, Any], Meta(description="As it was played.", examples=[{"number": 842}])]
    outcome: Annotated[
        dict[str, Any], Meta(description="What came of it, in the game's own form.", examples=[{"percent": 50}])
    ]
    result: Literal["win", "lose"]
    prize: Money
    played_at: datetime
    idempotency_key: str
    proof: (
        Annotated[Proof, Meta(description="Where the luck of it came from, in games that need some.")] | UnsetType
    ) = UNSET


class GameView(Struct):
    name: GameName
    title: str
    rules: str
    odds: Annotated[str | None, Meta(description="Null where nothing is left to luck.")]
    move: Annotated[dict[str, Any], Meta(description="The JSON Schema of a move.")]

    @classmethod
    def of(cls, game: Game[Any]) -> Self:
        return cls(game.name, game.title, game.rules, game.odds, msgspec.json.schema(game.move))


class ShareRequest(Struct, forbid_unknown_fields=True, kw_only=True):
    """Where a play is shown. The message may say something besides, or nothing."""

    conversation_id: RowId
    client_id: ClientId | None = None
    message: Text = ""


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
    win_streak: Annotated[int, Meta(description="Wins since the last loss.")] = 0
    best_win_streak: int = 0
    day_streak: Annotated[
        int, Meta(description="Days in a row with a play, until today; one that ends with yesterday goes on.")
    ] = 0
    best_day_streak: int = 0


class DayStatistics(Struct):
    """The plays of one day, by the server's zone."""

    day: date
    games: int
    wins: int
    prize: Money
