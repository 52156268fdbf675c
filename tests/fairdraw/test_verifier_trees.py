"""RFC 9162, 2.1: every proof of small trees, and some of larger ones, against its definitions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fairdraw import making

from app.fairdraw.verifier import Refused, leaf_hash, root_of, root_with, roots_with, split

LEAVES = [b"leaf %d" % n for n in range(300)]
SAMPLE = [21, 31, 32, 33, 63, 81, 127, 128, 129, 200, 255, 256, 257, 299, 300]


def accepts_inclusion(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    try:
        return root_with(leaf_hash(leaf), index, size, path) == root
    except Refused:
        return False


def accepts_consistency(roots: tuple[bytes, bytes], old: int, new: int, path: list[bytes]) -> bool:
    try:
        return roots_with(roots[0], old, new, path) == roots
    except Refused:
        return False


@pytest.mark.parametrize("size", [*range(21), *SAMPLE])
def test_the_root_is_that_of_the_definition(size: int) -> None:
    assert root_of(LEAVES[:size]) == making.mth(LEAVES[:size])


def test_the_roots_of_the_test_vectors_of_certificate_transparency() -> None:
    """Those that implementations of RFC 6962 share."""
    vectors = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [bytes.fromhex(vector) for vector in vectors]
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_of(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root_of(leaves[:7]).hex() == "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"
    assert root_of(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(st.integers(2, 2**64))
def test_a_tree_splits_at_the_largest_power_of_two_below_its_size(size: int) -> None:
    left = split(size)
    assert left & (left - 1) == 0
    assert left < size <= 2 * left


@pytest.mark.parametrize("size", [*range(1, 21), *SAMPLE[:6]])
def test_every_leaf_is_proven_to_be_in_its_place_and_in_no_other(size: int) -> None:
    leaves = LEAVES[:size]
    root = making.mth(leaves)
    for index in range(size):
        path = making.path(index, leaves)
        assert accepts_inclusion(leaves[index], index, size, path, root)
        assert not accepts_inclusion(b"another leaf", index, size, path, root)
        if size <= 20:
            others = [other for other in range(size) if other != index]
            assert not any(accepts_inclusion(leaves[index], other, size, path, root) for other in others)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 20])
def test_a_proof_of_inclusion_has_exactly_its_hashes(size: int) -> None:
    leaves = LEAVES[:size]
    root = making.mth(leaves)
    for index in range(size):
        path = making.path(index, leaves)
        for place in range(len(path)):
            assert not accepts_inclusion(leaves[index], index, size, [*path[:place], *path[place + 1 :]], root)
            assert not accepts_inclusion(
                leaves[index], index, size, [*path[:place], bytes(32), *path[place + 1 :]], root
            )
        for longer in ([*path, bytes(32)], [bytes(32), *path]):
            assert not accepts_inclusion(leaves[index], index, size, longer, root)


@pytest.mark.parametrize("new", [*range(1, 21), *SAMPLE[:6]])
def test_every_beginning_of_a_log_is_proven_to_be_one(new: int) -> None:
    for old in range(1, new + 1):
        roots = making.mth(LEAVES[:old]), making.mth(LEAVES[:new])
        path = making.proof(old, LEAVES[:new])
        assert accepts_consistency(roots, old, new, path)
        assert not accepts_consistency((making.mth([b"other", *LEAVES[1:old]]), roots[1]), old, new, path)
        assert not accepts_consistency((roots[0], bytes(32)), old, new, path)


@pytest.mark.parametrize("new", [1, 2, 3, 7, 8, 13])
def test_a_proof_of_consistency_has_exactly_its_hashes(new: int) -> None:
    for old in range(1, new + 1):
        roots = making.mth(LEAVES[:old]), making.mth(LEAVES[:new])
        path = making.proof(old, LEAVES[:new])
        for place in range(len(path)):
            assert not accepts_consistency(roots, old, new, [*path[:place], *path[place + 1 :]])
            assert not accepts_consistency(roots, old, new, [*path[:place], bytes(32), *path[place + 1 :]])
        for longer in ([*path, bytes(32)], [bytes(32), *path]):
            assert not accepts_consistency(roots, old, new, longer)
        for other in range(1, new + 1):
            if other != old:
                assert not accepts_consistency((making.mth(LEAVES[:other]), roots[1]), other, new, path)


@pytest.mark.parametrize("path", [[], [bytes(32)], [bytes(32)] * 63, [bytes(32)] * 64, [bytes(32)] * 65])
def test_a_proof_for_the_largest_tree_is_judged_at_once(path: list[bytes]) -> None:
    assert not accepts_inclusion(b"leaf", 2**63, 2**64 - 1, path, bytes(32))
    assert not accepts_consistency((bytes(32), bytes(32)), 2**63 + 1, 2**64 - 1, path)


def test_the_refusal_of_a_proof_says_what_is_wrong_with_it() -> None:
    for path, wrong in (([], "the proof is too short"), ([bytes(32)] * 2, "the proof is too long")):
        with pytest.raises(Refused, match=f"^{wrong}$"):
            root_with(bytes(32), 0, 2, path)
        with pytest.raises(Refused, match=f"^{wrong}$"):
            roots_with(bytes(32), 1, 2, path)
