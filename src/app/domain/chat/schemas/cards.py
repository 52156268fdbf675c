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


Card = PlayCard
