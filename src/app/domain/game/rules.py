"""The number game (documents A and B): even wins, odd loses, and the number decides the share that it pays.

Document B's sample shows 589.4 for 842; its own tiers, and the code of both applications, give 421.00.
"""

from typing import NamedTuple

from app.errors import AppError, NotFound

GAME = "number"
LOWEST, HIGHEST = 1, 9999

TIERS = ((900, 70), (600, 50), (300, 30), (0, 10))
"""Above this number, a win pays so many percent of it."""

HISTORY = 3
"""Plays that the history shows unless asked for more (document A)."""

KEY_CHARACTERS = 64


class Score(NamedTuple):
    won: bool
    prize_cents: int


class NumberOutOfRange(AppError):
    status = 400
    code = "number_out_of_range"
    detail = f"Play a whole number from {LOWEST} to {HIGHEST}."


class NoSuchPlay(NotFound):
    code = "no_such_play"
    detail = "No play of yours is stored under this key. If it was accepted moments ago, ask again."


def score(number: int) -> Score:
    """What a number wins, exact in integer cents: a percent of a whole amount is a whole number of cents."""
    if not LOWEST <= number <= HIGHEST:
        raise NumberOutOfRange
    if number % 2:
        return Score(won=False, prize_cents=0)
    percent = next(percent for above, percent in TIERS if number > above)
    return Score(won=True, prize_cents=number * percent)
