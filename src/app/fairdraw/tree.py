"""Merkle trees as RFC 9162, 2.1: roots, and proofs of inclusion and of consistency.

What is kept of a tree are its complete subtrees, which never change as it grows. A root and every hash of a proof are
hashes of spans of leaves, and a span is folded from the complete subtrees that it consists of.
"""

from collections.abc import Sequence
from typing import NamedTuple

from app.fairdraw.hashing import digest

EMPTY = digest(b"")


class Node(NamedTuple):
    """The complete subtree over the leaves `place · 2^level` … `(place + 1) · 2^level - 1`."""

    level: int
    place: int


class Span(NamedTuple):
    """The leaves from `start` up to, not with, `end`."""

    start: int
    end: int


def leaf_hash(leaf: bytes) -> bytes:
    return digest(b"\0" + leaf)


def node_hash(left: bytes, right: bytes) -> bytes:
    return digest(b"\1" + left + right)


def nodes_of(span: Span) -> list[Node]:
    """The complete subtrees of a span that a proof or a root needs, from left to right, each smaller than the last."""
    nodes, start = [], span.start
    while start < span.end:
        level = (span.end - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return nodes


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash of a span, from those of its nodes."""
    if not hashes:
        return EMPTY
    *others, folded = hashes
    for left in reversed(others):
        folded = node_hash(left, folded)
    return folded


def inclusion(index: int, size: int) -> list[Span]:
    """The proof that a leaf is in the tree of this size: PATH of RFC 9162, 2.1.3.1. Raises IndexError."""
    if not 0 <= index < size:
        raise IndexError(index)
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(Span(middle, end))
            end = middle
        else:
            path.append(Span(start, middle))
            start = middle
    return path[::-1]


def consistency(old: int, size: int) -> list[Span]:
    """The proof that the tree of this size begins with that of `old`: PROOF of 2.1.4.1. Raises IndexError."""
    if not 0 < old <= size:
        raise IndexError(old)
    start, end, path = 0, size, []
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(Span(middle, end))
            end = middle
        else:
            path.append(Span(start, middle))
            start = middle
    if start:  # What is left is a whole subtree of the old tree, which its reader does not know the hash of.
        path.append(Span(start, end))
    return path[::-1]


def _split(leaves: int) -> int:
    """The largest power of two below a number of leaves."""
    return 1 << (leaves - 1).bit_length() - 1


class Frontier:
    """The growing edge of a tree: as much of it as the next root needs."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """`peaks` are the hashes of `nodes_of(Span(0, size))`."""
        self.size = size
        self.peaks = list(peaks)

    def append(self, hashed: bytes) -> list[tuple[Node, bytes]]:
        """Take the next leaf's hash. Answers the complete subtrees that it completes, itself the first of them."""
        place, level = self.size, 0
        completed = [(Node(0, place), hashed)]
        while place & 1:
            hashed = node_hash(self.peaks.pop(), hashed)
            place, level = place >> 1, level + 1
            completed.append((Node(level, place), hashed))
        self.peaks.append(hashed)
        self.size += 1
        return completed

    @property
    def root(self) -> bytes:
        return fold(self.peaks)
