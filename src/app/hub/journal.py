"""What the hub asks of whoever stores the events: it trusts this, and never pub/sub."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from app.hub.events import Event


class Journal(Protocol):
    """Where the events of sequenced channels are stored, numbered from 1 without gaps."""

    async def read(self, channel: str, after: int, limit: int) -> Sequence[Event]:
        """The next events after a number, in order."""

    async def heads(self, channels: Collection[str]) -> Mapping[str, int]:
        """The last number of each channel that has a sequence; channels without one are left out."""

    async def outsiders(self, listeners: Collection[tuple[str, int]]) -> Collection[tuple[str, int]]:
        """Which of these may no longer listen? Each is a channel and the id of a person."""

    async def unheard(self, people: Collection[int]) -> Mapping[int, Collection[int]]:
        """Of whom each of these people hears nothing; who hears everybody may be left out."""

    def withheld(self, channel: str, number: int) -> str:
        """The frame that keeps the place of an event in the sequence of who does not hear its author."""
