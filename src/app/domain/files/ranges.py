"""Which part of a file a request asks for, and whether it has it already (RFC 9110, 13 and 14)."""

import re
from typing import NamedTuple

from app.domain.files.rules import RangeNotSatisfiable

ONE_RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})\Z", re.ASCII)


class Part(NamedTuple):
    """From `start` up to, but without, `stop`."""

    start: int
    stop: int


def part_of(header: str | None, size: int) -> Part | None:
    """None stands for the whole: no range, several, or one that cannot be read. Raises RangeNotSatisfiable."""
    found = ONE_RANGE.match(header or "")
    if found is None or found.group(0) == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size:
        raise RangeNotSatisfiable
    return Part(start, stop)


def has_it(if_none_match: str | None, etag: str) -> bool:
    """Does the client's cache hold this? Compared weakly, as it is for reading."""
    if if_none_match is None:
        return False
    known = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return "*" in known or etag in known
