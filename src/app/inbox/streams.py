"""The Redis keys of the inbox. All keys of one partition share a hash tag, so that they stay together on a cluster."""

from typing import Literal

Kind = Literal["chat", "game"]

PARTITIONS = 16
"""Fixed for the life of an installation: entries that wait while it changes would change their order."""

LOCK_CLASS: dict[Kind, int] = {"chat": 1, "game": 2}
"""The first half of PostgreSQL's advisory lock key; the partition is the second."""


def partition_of(key: int) -> int:
    """The partition of a conversation or a user. One key always goes the same way, which keeps its order."""
    return key % PARTITIONS


def stream(kind: Kind, partition: int) -> str:
    return f"inbox:{{{kind}:{partition}}}"


def dirty_mark(kind: Kind, partition: int) -> str:
    """Set while a bell has been rung for the partition and its drain has not yet found it empty."""
    return f"dirty:{{{kind}:{partition}}}"


def throttle_mark(kind: Kind, partition: int, slot: str) -> str:
    return f"slot:{{{kind}:{partition}}}:{slot}"


def replies(process: str) -> str:
    """The pub/sub channel on which one API process hears the replies that its clients wait for."""
    return f"replies:{process}"
