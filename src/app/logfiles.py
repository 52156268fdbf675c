"""Whose log file is whose: processes write to files of their own, since none can rotate what another has open."""

import fcntl
from itertools import count
from pathlib import Path
from typing import IO

held: list[IO[str]] = []
"""The locks of this process, for as long as it lives; the kernel lets go of them when it dies."""


def claimed_name(directory: Path, role: str) -> str:
    """`web-1`, or the next number that no living process has: a process that starts again goes on with the same file.

    Raises OSError when the directory cannot be made or written to.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number in count(1):
        name = f"{role}-{number}"
        lock = (directory / f".{name}.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        held.append(lock)
        return name
    raise AssertionError("There is always a next number.")
