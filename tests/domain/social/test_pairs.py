"""Two people, whoever is named first."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.social.services.pairs import pair


@given(st.integers(), st.integers())
def test_a_pair_is_filed_the_same_way_whoever_is_named_first(one: int, other: int) -> None:
    assert pair(one, other) == pair(other, one) == tuple(sorted((one, other)))
