"""The shapes of rounds."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Raw, Struct

from app.domain.chat.schemas.cards import Hash
from app.domain.chat.schemas.fields import RowId
from app.domain.game.rules import LONGEST_ROUND, SHORTEST_ROUND
from app.domain.game.schemas.plays import GameName, Money

State = Literal["open", "closed", "drawn", "cancelled"]
Reason = Literal["called off", "group ended", "seed lost", "picks changed", "game gone"]
Seconds = Annotated[
    int, Meta(ge=int(SHORTEST_ROUND.total_seconds()), le=int(LONGEST_ROUND.total_seconds()), examples=[60])
]


class RoundRequest(Struct, forbid_unknown_fields=True, kw_only=True):
    """A game of luck, and when it closes: at a time, or in so many seconds."""

    conversation_id: RowId
    game: GameName
    closes_at: Annotated[datetime, Meta(tz=True)] | None = None
    closes_in: Seconds | None = None


class Slip(Struct, array_like=True, tag="pick"):
    """A pick on its way through the inbox."""

    round_id: int
    user_id: int
    move: Raw
    """In MessagePack, to be decoded as the game's."""
    idempotency_key: str


class PickOut(Struct, tag="picked", kw_only=True):
    """A pick as its player sees it: the answer of the request, and the acknowledgement on the socket that picked.

    `player` is the tag under which it stands in the proof: the hash of `salt`, shown to you alone, and your id.
    """

    round_id: int
    conversation_id: int
    move: Annotated[dict[str, Any], Meta(description="As it was picked.", examples=[{"chance": 50, "side": "over"}])]
    idempotency_key: str
    picked_at: datetime
    player: Hash
    salt: Hash | None


class PickCount(Struct, tag="picks"):
    """How many players have picked in a round so far; what they have picked, nobody hears before it closes."""

    conversation_id: int
    round_id: int
    picks: int


class RoundOut(Struct, kw_only=True):
    id: int
    conversation_id: int
    game: GameName
    title: str
    state: State
    """`closed` takes no more picks, and has its result in a moment."""
    opened_by: int
    opened_at: datetime
    closes_at: datetime
    picks: int
    genesis: Hash
    """By which the chain of seeds is known that the round's is of."""
    commitment: Hash
    """What the seed hashes to."""
    root: Hash | None
    """Of the tree of picks, once they are frozen."""
    seed: Hash | None
    """When the round has ended."""
    outcome: dict[str, Any] | None
    """What luck gave everybody."""
    ended_at: datetime | None
    cancelled_because: Reason | None


class Place(Struct, kw_only=True):
    """Somebody on the leaderboard of a round. Equal prizes share a place; who picked first stands first.

    Of somebody with whom you have a block, only the place and the prize are shown.
    """

    place: int
    user_id: int | None
    username: str | None
    move: dict[str, Any] | None
    player: Hash | None
    """The tag under which the pick stands in the proof."""
    result: Literal["win", "lose"]
    prize: Money


class RoundDetails(RoundOut, kw_only=True):
    leaderboard: list[Place]
    """The first ten, once it is drawn."""
    my_pick: PickOut | None


class RoundProof(Struct, kw_only=True):
    """A transcript as docs/fairdraw-format.md defines it, to the byte."""

    format: Literal["fairdraw-round/1"]
    open: dict[str, int | str]
    picks: list[dict[str, Any]]
    close: dict[str, int | str]
    result: dict[str, Any]
