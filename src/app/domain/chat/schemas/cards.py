"""Cards: what a message shows besides its text, as small typed facts.

Chat carries them and reads nothing out of them. Clients cannot write one: they name what is meant, and the slice whose
it is looks it up and vouches for it. Who is meant is the sender, or a number: a name in here would outlive its account.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

FACTS = 16
FACT_CHARACTERS = 200

Fact = Annotated[str, Meta(max_length=FACT_CHARACTERS)] | int | float | bool
Facts = Annotated[dict[Annotated[str, Meta(max_length=50)], Fact], Meta(max_length=FACTS)]
"""What a game says of a move or of its outcome, in its own words."""

GameName = Annotated[str, Meta(max_length=50)]
Title = Annotated[str, Meta(max_length=100)]


class PlayCard(Struct, tag_field="kind", tag="play", kw_only=True):
    """A play of the sender's, as it was stored."""

    play_id: int
    game: GameName
    title: Title
    move: Facts
    outcome: Facts
    result: Literal["win", "lose"]
    prize: Annotated[float, Meta(ge=0)]
    played_at: datetime

    @property
    def about(self) -> tuple[str, int]:
        """What it is of, also when a game's title has changed since."""
        return "play", self.play_id


Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
PLACES_SHOWN = 10


class Placing(Struct):
    """Somebody's place in a round. Equal prizes share a place."""

    place: int
    user_id: int
    prize: Annotated[float, Meta(ge=0)]


class RoundCard(Struct, tag_field="kind", tag="round", kw_only=True, omit_defaults=True):
    """A round that the group plays together, as it was when this was told."""

    round_id: int
    game: GameName
    title: Title
    state: Literal["open", "drawn", "cancelled"]
    closes_at: datetime
    commitment: Hash
    """To the seed, of which it is a hash."""
    picks: int
    root: Hash | None = None
    """What the picks were frozen by, before the seed was shown."""
    seed: Hash | None = None
    outcome: Facts | None = None
    """What luck gave everybody."""
    top: Annotated[list[Placing], Meta(max_length=PLACES_SHOWN)] = []
    """Who won the most; the round has the whole leaderboard, with names."""

    @property
    def about(self) -> tuple[str, int]:
        return "round", self.round_id


Card = PlayCard | RoundCard
