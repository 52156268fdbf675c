"""Each seed commits to the next one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fairdraw.chain import SeedChain, before, tail_of

SEEDS = st.binary(min_size=32, max_size=32)


@given(SEEDS, st.integers(1, 3000), st.data())
def test_a_seed_hashes_to_the_commitment_that_was_known_before(tail: bytes, last: int, data: st.DataObject) -> None:
    chain = SeedChain(tail, last)
    n = data.draw(st.integers(1, last))
    assert before(n, chain.seed(n)) == chain.commitment(n) == chain.seed(n - 1)
    assert chain.seed(last) == tail


def test_a_chain_has_two_ends() -> None:
    chain = SeedChain(bytes(32), 10)
    for beyond in (-1, 11):
        with pytest.raises(IndexError, match=f"^{beyond}$"):
            chain.seed(beyond)


def test_names_have_chains_of_their_own() -> None:
    assert len({tail_of(secret, name) for secret in (b"a" * 32, b"b" * 32) for name in ("daily", "minute")}) == 4
