"""Servers of an earlier run that still hold a data directory: waited for, then ended, before another opens it."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from app.embedded.process import wait_until

ORDERLY_SECONDS = 10
"""A server whose parent was killed is already shutting down; a checkpoint may take it a few seconds."""


def living_in(directory: Path) -> list[int]:
    """Processes whose working directory this is. PostgreSQL, each of its backends, and Valkey stand in their data."""
    found = []
    proc = Path("/proc")
    for entry in proc.iterdir() if proc.exists() else ():
        # Processes end while we look, and other users' are not ours to see.
        with suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").readlink() == directory:
                found.append(int(entry.name))
    return found


def clear_leftovers(directory: Path, *, orderly: signal.Signals) -> None:
    """Return when nothing lives in the directory. The caller holds the state's lock, so whatever does is an orphan."""
    for number in (orderly, signal.SIGKILL):
        for pid in living_in(directory):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        if wait_until(lambda: not living_in(directory), ORDERLY_SECONDS):
            return
    raise TimeoutError(f"Processes {living_in(directory)} do not leave {directory}")
