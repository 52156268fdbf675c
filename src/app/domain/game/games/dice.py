"""Dice: over or under, at odds of one's own choosing. The house has no edge, to the cent.

The stake is a notional 1.00. A chance of c percent pays 100/c, for those c of which that is a whole number of cents.
"""

from typing import Annotated, Literal

from msgspec import Meta

from app.domain.game.definition import Game, Luck, LuckyMove, Outcome, Score

SIDES = 100
STAKE_CENTS = 100
Chance = Literal[1, 2, 4, 5, 8, 10, 16, 20, 25, 40, 50, 80]


class DiceMove(LuckyMove, kw_only=True):
    side: Annotated[Literal["over", "under"], Meta(examples=["over"])]
    chance: Annotated[Chance, Meta(description="Percent.", examples=[50])]


class DiceOutcome(Outcome):
    roll: int
    """0 to 99."""


def play(move: DiceMove, luck: Luck) -> Score:
    roll = luck(SIDES)
    won = roll < move.chance if move.side == "under" else roll >= SIDES - move.chance
    return Score(won, SIDES * STAKE_CENTS // move.chance if won else 0, DiceOutcome(roll))


game = Game(
    name="dice",
    title="Dice, over or under",
    rules=(
        "Choose a side and a chance in percent; a roll from 0 to 99 decides. `under` wins below the chance, `over` "
        "from 100 minus the chance on. A win pays 1.00 divided by the chance: 2.00 at 50 %, 100.00 at 1 %."
    ),
    odds=(
        "You win with exactly the chance that you choose, since all 100 rolls are equally likely. The house has no "
        "edge: at every chance a play wins 1.00 on average."
    ),
    move=DiceMove,
    play=play,
)
