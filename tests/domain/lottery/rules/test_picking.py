from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.lottery.rules.picking import pick


@given(st.integers(0, 200), st.integers(1, 20), st.randoms(use_true_random=False))
def test_winners_are_those_of_a_list_from_which_each_is_taken_out(ballots: int, prizes: int, random: Random) -> None:
    chosen: list[int] = []

    def below(remaining: int) -> int:
        chosen.append(random.randrange(remaining))
        return chosen[-1]

    winners = pick(ballots, prizes, below)

    left = list(range(ballots))
    assert winners == [left.pop(place) for place in chosen]
    assert len(winners) == min(prizes, ballots)


def test_nobody_wins_a_draw_without_ballots() -> None:
    assert pick(0, 3, lambda _: pytest.fail("nothing to choose from")) == []


def test_every_ballot_is_as_likely_to_win_as_any_other() -> None:
    random = Random(2026)  # noqa: S311 - reproducible on purpose
    wins = Counter(seq for _ in range(20_000) for seq in pick(5, 2, random.randrange))
    assert all(abs(wins[seq] - 8_000) < 400 for seq in range(5))
