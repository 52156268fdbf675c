"""Which part of a file a request asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.files.ranges import Part, has_it, part_of
from app.domain.files.rules import RangeNotSatisfiable


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", Part(0, 1)),
        ("bytes=0-", Part(0, 100)),
        ("bytes=90-200", Part(90, 100)),
        ("bytes=-10", Part(90, 100)),
        ("bytes=-1000", Part(0, 100)),
        ("bytes=99-99", Part(99, 100)),
    ],
)
def test_one_range_is_a_part(header: str, part: Part) -> None:
    assert part_of(header, 100) == part


@pytest.mark.parametrize(
    "header", [None, "", "bytes=-", "bytes=5-4", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b", "bytes=٣-٤", "bytes=0-1\n"]
)
def test_what_is_not_one_range_is_the_whole(header: str | None) -> None:
    assert part_of(header, 100) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        part_of(header, 100)


@given(st.integers(1, 1000), st.integers(0, 1200), st.integers(0, 1200))
def test_a_part_is_never_empty_nor_outside(size: int, first: int, last: int) -> None:
    try:
        part = part_of(f"bytes={first}-{last}", size)
    except RangeNotSatisfiable:
        assert first >= size
        return
    if part is None:
        assert last < first
    else:
        assert 0 <= part.start < part.stop <= size
        assert (part.start, part.stop) == (first, min(last + 1, size))


@pytest.mark.parametrize(
    ("header", "has"),
    [(None, False), ('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("a", False)],
)
def test_a_cache_that_has_it_is_recognised(header: str | None, has: bool) -> None:
    assert has_it(header, '"a"') is has
