"""The number game (documents A and B): even wins, odd loses, and the number decides the share that it pays.

Document B's sample shows 589.4 for 842; its own tiers, and the code of both applications, give 421.00.
"""

from typing import Annotated

from msgspec import Meta

from app.domain.game.definition import Game, Luck, Move, Outcome, Score

LOWEST, HIGHEST = 1, 9999
Number = Annotated[int, Meta(ge=LOWEST, le=HIGHEST, examples=[842])]

TIERS = ((900, 70), (600, 50), (300, 30), (0, 10))
"""Above this number, a win pays so many percent of it."""


class NumberMove(Move, kw_only=True):
    number: Number


class NumberOutcome(Outcome):
    percent: int
    """Of the number, that was paid."""


def play(move: NumberMove, _: Luck) -> Score:
    """Exact in integer cents: a percent of a whole amount is a whole number of cents."""
    if move.number % 2:
        return Score(won=False, prize_cents=0, outcome=NumberOutcome(0))
    percent = next(percent for above, percent in TIERS if move.number > above)
    return Score(won=True, prize_cents=move.number * percent, outcome=NumberOutcome(percent))


game = Game(
    name="number",
    title="The number game",
    rules=(
        f"Play a whole number from {LOWEST} to {HIGHEST}. Even wins, odd loses. "
        "A win pays 70 % of a number above 900, 50 % above 600, 30 % above 300, else 10 %."
    ),
    move=NumberMove,
    play=play,
)
