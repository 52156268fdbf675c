"""Telling the living from the dead."""

import psutil


def lives(pid: int) -> bool:
    """A zombie does not: it only waits for a slow init to notice it."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
