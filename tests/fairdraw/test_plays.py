"""The bytes of provable plays: what our side makes is what the verifier, written from the format alone, expects."""

import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fairdraw.making import h

from app.fairdraw.chain import before
from app.fairdraw.hashing import below
from app.fairdraw.plays import entropy, luck_from
from app.fairdraw.verifier import chosen, tag, u32

GENESIS = "46a39f290379cfd920cf8e2576772b247b3a144c8bb2e60fff4a020553313bc6"
LAST = h(b"test seed")
FIRST = before(2, LAST)


def test_the_genesis_of_the_page_s_vector() -> None:
    assert before(1, FIRST).hex() == GENESIS


@pytest.mark.parametrize(
    ("n", "seed", "by_player", "move", "expected", "roll"),
    [
        (
            1,
            FIRST,
            True,
            {"side": "over", "chance": 50},
            "5c88f93a9a0b24c1ea62a11a4f919c71424457f8587a12ea589f733fc093c16b",
            54,
        ),
        (
            2,
            LAST,
            False,
            {"side": "under", "chance": 8},
            "19d99d4cdf8e6e70cbd012a98e6a681700e5a9f0b631fe9b0a8562545b178d75",
            75,
        ),
    ],
)
def test_the_plays_of_the_page_s_vector(
    n: int, seed: bytes, by_player: bool, move: dict[str, Any], expected: str, roll: int
) -> None:
    drawn = entropy(
        game="dice",
        player=7,
        epoch=1,
        n=n,
        seed=seed,
        nonce=h(b"nonce%d" % n),
        by_player=by_player,
        move=move,
    )
    assert drawn.hex() == expected
    assert luck_from(drawn)(100) == roll


@given(st.binary(min_size=32, max_size=32), st.lists(st.integers(1, 2**64 - 1), min_size=1, max_size=5))
def test_luck_is_the_verifier_s_one_number_after_the_other(drawn: bytes, bounds: list[int]) -> None:
    luck, expected = luck_from(drawn), [chosen(drawn, tag("luck") + u32(i), bound) for i, bound in enumerate(bounds)]
    assert [luck(bound) for bound in bounds] == expected


@given(st.binary(min_size=32, max_size=32), st.integers(1, 100))
def test_luck_stays_below_its_bound(drawn: bytes, bound: int) -> None:
    assert 0 <= luck_from(drawn)(bound) < bound


@given(st.binary(min_size=32, max_size=32), st.integers(2**63 + 1, 2**64 - 1))
def test_numbers_that_would_favour_the_lower_ones_are_passed_over(key: bytes, bound: int) -> None:
    """Just above half of 2^64 every other draw is too high, and a remainder would fold it onto the low numbers."""
    draws = (int.from_bytes(hmac.digest(key, b"label" + j.to_bytes(8, "big"), "sha256")[:8], "big") for j in range(999))
    assert below(bound, key, b"label") == next(x for x in draws if x < bound)
