"""Against the definitions of RFC 9162, 2.1, written out as they stand there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fairdraw.tree import (
    EMPTY,
    Frontier,
    Node,
    Span,
    consistency,
    fold,
    inclusion,
    leaf_hash,
    node_hash,
    nodes_of,
)


def root(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaf_hash(leaves[0]) if leaves else EMPTY
    k = split(len(leaves))
    return node_hash(root(leaves[:k]), root(leaves[k:]))


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), root(leaves[k:])]
    return [*path(m - k, leaves[k:]), root(leaves[:k])]


def proof(m: int, leaves: list[bytes], *, known: bool = True) -> list[bytes]:
    if m == len(leaves):
        return [] if known else [root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*proof(m, leaves[:k], known=known), root(leaves[k:])]
    return [*proof(m - k, leaves[k:], known=False), root(leaves[:k])]


def grown(leaves: list[bytes]) -> tuple[Frontier, dict[Node, bytes]]:
    frontier, nodes = Frontier(), dict[Node, bytes]()
    for leaf in leaves:
        nodes |= dict(frontier.append(leaf_hash(leaf)))
    return frontier, nodes


def hashes(spans: list[Span], nodes: dict[Node, bytes]) -> list[bytes]:
    return [fold([nodes[node] for node in nodes_of(span)]) for span in spans]


@pytest.mark.parametrize("size", range(1, 34))
def test_roots_and_all_proofs_of_small_trees(size: int) -> None:
    leaves = [b"%d" % n for n in range(size)]
    frontier, nodes = grown(leaves)
    assert frontier.root == root(leaves)
    for n in range(size):
        assert hashes(inclusion(n, size), nodes) == path(n, leaves)
        assert hashes(consistency(n + 1, size), nodes) == proof(n + 1, leaves)


@given(st.integers(34, 700), st.data())
def test_roots_and_proofs_of_larger_ones(size: int, data: st.DataObject) -> None:
    leaves = [b"%d" % n for n in range(size)]
    frontier, nodes = grown(leaves)
    n = data.draw(st.integers(0, size - 1))
    assert frontier.root == root(leaves)
    assert hashes(inclusion(n, size), nodes) == path(n, leaves)
    assert hashes(consistency(n + 1, size), nodes) == proof(n + 1, leaves)


@given(st.integers(0, 200), st.integers(0, 100))
def test_a_tree_grows_on_from_its_peaks_as_if_it_had_not_been_put_away(size: int, more: int) -> None:
    leaves = [b"%d" % n for n in range(size + more)]
    _, nodes = grown(leaves[:size])
    again = Frontier(size, [nodes[node] for node in nodes_of(Span(0, size))])
    for leaf in leaves[size:]:
        again.append(leaf_hash(leaf))
    assert (again.size, again.root) == (size + more, root(leaves))


def test_there_is_no_proof_of_what_is_not_in_the_tree() -> None:
    for index, size in ((5, 5), (-1, 5), (0, 0)):
        with pytest.raises(IndexError, match=f"^{index}$"):
            inclusion(index, size)
    for old, size in ((0, 5), (6, 5)):
        with pytest.raises(IndexError, match=f"^{old}$"):
            consistency(old, size)
