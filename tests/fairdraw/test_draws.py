"""Records, entropy and winners, as docs/fairdraw-format.md has them."""

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fairdraw.chain import before
from app.fairdraw.draws import BeaconRound, close_id, close_record, entropy, leaf, open_id, pick, user_tag
from app.fairdraw.hashing import canonical, digest
from app.fairdraw.tree import Frontier, leaf_hash

SEED = digest(b"test seed")
OPEN = {
    "v": 1,
    "draw": 7,
    "date": "2026-11-20",
    "tz": "Europe/Kyiv",
    "opens_at": 1795039200,
    "closes_at": 1795125600,
    "prizes": 1,
    "seed_commit": before(7, SEED).hex(),
    "dealers": [],
    "beacon": None,
}
ENTROPY = "2e8e8515e8e543197666f27d08fbb76667bdcf1894937c169aa3bb68dfd8c1e9"


def test_the_vector_of_the_format() -> None:
    ballots = Frontier()
    for n in range(5):
        ballots.append(leaf_hash(leaf(7, n, digest(b"user%d" % n), digest(b"nonce%d" % n), UUID(int=0))))
    assert ballots.root.hex() == "bb6440c009b2ced8f2fe231a7ff978bbc7fa9cc1a540528130852c08655370e3"
    close = close_record(7, open_id(OPEN), 5, ballots.root)
    assert entropy(close_id(close), SEED).hex() == ENTROPY
    assert pick(bytes.fromhex(ENTROPY), 7, 1, 5) == [0]


@given(st.binary(min_size=32, max_size=32), st.integers(1, 99), st.integers(0, 60), st.integers(1, 20))
def test_each_prize_goes_to_another_ballot_as_long_as_there_are_any(
    drawn: bytes, number: int, ballots: int, prizes: int
) -> None:
    winners = pick(drawn, number, prizes, ballots)
    assert len(set(winners)) == len(winners) == min(prizes, ballots)
    assert set(winners) <= set(range(ballots))
    assert pick(drawn, number, min(prizes, ballots) or 1, ballots) == winners, (
        "further prizes change nothing before them"
    )


def test_every_ballot_is_as_likely_to_win_as_any_other() -> None:
    wins = Counter(seq for n in range(4000) for seq in pick(digest(b"%d" % n), 1, 2, 5))
    assert all(abs(wins[seq] - 1600) < 160 for seq in range(5))


def test_each_source_changes_the_entropy_and_so_does_their_order() -> None:
    closed, one, two = digest(b"close"), digest(b"one"), digest(b"two")
    beacon = BeaconRound(1, b"signature")
    outcomes = [
        entropy(closed, one),
        entropy(closed, two),
        entropy(closed, one, [two]),
        entropy(closed, two, [one]),
        entropy(closed, one, [two], beacon),
        entropy(closed, one, (), beacon),
        entropy(digest(b"other"), one),
    ]
    assert len(set(outcomes)) == len(outcomes)


def test_a_tag_needs_the_salt_and_the_user() -> None:
    assert len({user_tag(digest(salt), user) for salt in (b"a", b"b") for user in (1, 2)}) == 4


def test_a_record_has_one_way_to_be_written() -> None:
    assert canonical({"b": 1, "a": ["é", None]}) == b'{"a":["\\u00e9",null],"b":1}'
    for unwritable in ({"a": 1.5}, {"a": [{"b": 1.0}]}):
        with pytest.raises(ValueError, match="integers"):
            canonical(unwritable)
