"""Dice: the odds are the stated ones, and the house has no edge."""

from collections.abc import Callable
from typing import Literal, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.game.games.dice import SIDES, STAKE_CENTS, Chance, DiceMove, DiceOutcome, play

CHANCES = st.sampled_from(get_args(Chance))
SIDE = st.sampled_from(["over", "under"])
Side = Literal["over", "under"]


def rolled(number: int) -> Callable[[int], int]:
    def luck(below: int) -> int:
        assert below == SIDES
        return number

    return luck


@given(SIDE, CHANCES)
def test_over_all_rolls_a_player_gets_back_exactly_what_they_staked(side: Side, chance: Chance) -> None:
    scores = [play(DiceMove(side=side, chance=chance), rolled(roll)) for roll in range(SIDES)]
    assert sum(score.prize_cents for score in scores) == SIDES * STAKE_CENTS
    assert sum(score.won for score in scores) == chance


@given(SIDE, CHANCES, st.integers(0, SIDES - 1))
def test_a_play_wins_the_stake_divided_by_the_chance_or_nothing(side: Side, chance: Chance, roll: int) -> None:
    won, prize_cents, outcome = play(DiceMove(side=side, chance=chance), rolled(roll))
    assert prize_cents * chance == (SIDES * STAKE_CENTS if won else 0)
    assert isinstance(prize_cents, int), "money is whole cents"
    assert outcome == DiceOutcome(roll)


@given(CHANCES, st.integers(0, SIDES - 1))
def test_over_is_under_in_the_mirror(chance: Chance, roll: int) -> None:
    over = play(DiceMove(side="over", chance=chance), rolled(roll))
    under = play(DiceMove(side="under", chance=chance), rolled(SIDES - 1 - roll))
    assert over[:2] == under[:2]


@pytest.mark.parametrize(
    ("side", "chance", "roll", "won"),
    [("under", 50, 49, True), ("under", 50, 50, False), ("over", 50, 50, True), ("over", 50, 49, False)],
)
def test_a_roll_at_the_edge(side: Side, chance: Chance, roll: int, *, won: bool) -> None:
    assert play(DiceMove(side=side, chance=chance), rolled(roll)).won is won


NONCE = "ab" * 32


@pytest.mark.parametrize(
    "body",
    [
        {"side": "over"},
        {"side": "middle", "chance": 50},
        {"side": "over", "chance": 3},
        {"side": "over", "chance": 100},
        {"side": "over", "chance": "50"},
        {"side": "over", "chance": 50, "stake": 2},
        {"side": "over", "chance": 50, "nonce": NONCE},
        {"side": "over", "chance": 50, "epoch": 1},
        {"side": "over", "chance": 50, "epoch": 1, "nonce": NONCE.upper()},
        {"side": "over", "chance": 50, "epoch": 1, "nonce": NONCE[1:] + "\n"},
        {"side": "over", "chance": 50, "epoch": 0, "nonce": NONCE},
    ],
)
def test_what_is_no_move(body: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(body), type=DiceMove)


@pytest.mark.parametrize("half", [{"nonce": NONCE}, {"epoch": 1}])
def test_a_player_who_gives_half_of_a_nonce_is_told_what_is_missing(half: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"^`nonce` and `epoch` are given together, or neither$"):
        msgspec.convert({"side": "over", "chance": 50, **half}, DiceMove)
