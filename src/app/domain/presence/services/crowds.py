"""Who of a conversation is here. A group has up to ten thousand members, of whom as many may ask at the same time."""

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import NamedTuple

from app.domain.chat.services.conversations import Conversations
from app.domain.presence.schemas import Presence
from app.domain.presence.services.roll import Roll
from app.resources import Sessions

KEPT_SECONDS = 1.0
"""A process looks at a conversation once in this time, however many ask."""


class Crowd(NamedTuple):
    looked_at: float
    people: "asyncio.Task[list[Presence]]"


class Crowds:
    def __init__(self, roll: Roll, sessions: Sessions) -> None:
        self._roll = roll
        self._sessions = sessions
        self._known: dict[int, Crowd] = {}
        """The oldest comes first."""

    async def of(self, conversation_id: int) -> Sequence[Presence]:
        """The members who are online or away, whoever may see them, in the order in which they joined."""
        self._forget_the_old()
        if conversation_id not in self._known:
            looking = asyncio.create_task(self._look_at(conversation_id))
            self._known[conversation_id] = Crowd(monotonic(), looking)
        return await asyncio.shield(self._known[conversation_id].people)

    async def _look_at(self, conversation_id: int) -> list[Presence]:
        try:
            async with self._sessions() as session:
                members = await Conversations(session=session).everybody_in(conversation_id)
            found = await self._roll.look_up(members)
        except BaseException:
            del self._known[conversation_id]
            raise
        return [presence for presence in found.values() if presence.state != "offline"]

    def _forget_the_old(self) -> None:
        now = monotonic()
        for conversation_id, crowd in list(self._known.items()):
            if now - crowd.looked_at < KEPT_SECONDS:
                break
            del self._known[conversation_id]
