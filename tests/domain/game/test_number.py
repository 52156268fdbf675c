"""The number game's rules, as the documents tell them."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.game.definition import no_luck
from app.domain.game.games.number import NumberMove, NumberOutcome, play
from app.domain.game.schemas.plays import as_money


def score(number: int) -> tuple[bool, int]:
    won, prize_cents, _ = play(NumberMove(number=number), no_luck)
    return won, prize_cents


def test_842_wins_421() -> None:
    """Document B's sample says 589.4; its own tiers, and both applications' code, say this."""
    assert score(842) == (True, 42_100)


@pytest.mark.parametrize(
    ("number", "cents"),
    [(2, 20), (300, 3_000), (302, 9_060), (600, 18_000), (602, 30_100), (900, 45_000), (902, 63_140), (9998, 699_860)],
)
def test_the_share_changes_right_above_300_600_and_900(number: int, cents: int) -> None:
    assert score(number) == (True, cents)


@given(st.integers(1, 9999))
def test_an_even_number_wins_its_tier_s_share_to_the_cent_and_an_odd_one_nothing(number: int) -> None:
    share = (
        Fraction(7, 10)
        if number > 900
        else Fraction(1, 2)
        if number > 600
        else Fraction(3, 10)
        if number > 300
        else Fraction(1, 10)
    )
    won = number % 2 == 0
    assert score(number) == (won, number * share * 100 if won else 0)


@given(st.integers(1, 9999))
def test_the_outcome_says_what_share_was_paid(number: int) -> None:
    _, prize_cents, outcome = play(NumberMove(number=number), no_luck)
    assert outcome == NumberOutcome(prize_cents // number)


@pytest.mark.parametrize("number", [0, -2, 10_000, 10**22])
def test_other_numbers_cannot_be_played(number: int) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"number": %d}' % number, type=NumberMove)


@given(st.integers(0, 10**13))
def test_money_is_shown_exactly_and_with_at_most_two_decimals(cents: int) -> None:
    shown = repr(as_money(cents))
    assert round(float(shown) * 100) == cents
    assert len(shown.partition(".")[2]) <= 2
