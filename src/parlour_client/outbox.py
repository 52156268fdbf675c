"""What is on its way to a conversation: sent again under the same name until it is stored, or refused for good."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol
from weakref import WeakValueDictionary

import msgspec

from parlour_client.errors import Refused
from parlour_client.frames import Disconnected, Problem, Stored
from parlour_client.happenings import Deleted, Edited, Message, Reacted, Unreacted
from parlour_client.pauses import pause
from parlour_client.telling import Entry

ANSWER_SECONDS = 5.0
"""The server answers within two, or says that it cannot; after this the line is taken for dead, and given up."""

FRAME_TOO_LARGE = 1009
Named = Message | Edited | Deleted | Reacted | Unreacted
encode = msgspec.json.Encoder().encode
Name = tuple[int, str]
"""Conversation and client id."""


class Closable(Protocol):
    async def close(self) -> None: ...


class LostLine(Exception):
    """The line on which an answer was to come is gone."""


class Outbox:
    """In each conversation one after the other, in the order in which `deliver` was called; so no resend is overtaken.

    It has no task of its own: whoever waits for `deliver` does the work, and ends it by being cancelled.
    """

    def __init__(self, put: Callable[[Entry], Awaitable[Closable]]) -> None:
        """`put` waits for a line, lays an entry on it, and answers with the line. Raises LostLine and LoggedOut."""
        self._put = put
        self._lanes: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._asked: dict[Name, tuple[Entry, asyncio.Future[Stored | Exception]]] = {}

    async def deliver(self, entry: Entry) -> Stored:
        """Raises Refused. Whether what was cancelled is stored nobody knows, until it is sent again."""
        lane = self._lanes.setdefault(entry.conversation_id, asyncio.Lock())
        async with lane:
            refusals = 0
            while True:
                try:
                    return await self._attempt(entry)
                except LostLine:
                    continue
                except Refused as refused:
                    if not refused.passing:
                        raise
                    await asyncio.sleep(max(refused.retry_after or 0, pause(refusals)))
                    refusals += 1

    async def _attempt(self, entry: Entry) -> Stored:
        name = (entry.conversation_id, entry.client_id)
        answer: asyncio.Future[Stored | Exception] = asyncio.get_running_loop().create_future()
        self._asked[name] = entry, answer
        try:
            line = await self._put(entry)
            done, _ = await asyncio.wait({answer}, timeout=ANSWER_SECONDS)
            if not done:
                await line.close()
                raise LostLine
            outcome = answer.result()
        finally:
            del self._asked[name]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def stored(self, frame: Stored) -> None:
        self._settle((frame.conversation_id, frame.client_id), frame)

    def happened(self, event: Named) -> None:
        """What we did ourselves is heard in the conversation: that is an answer, too."""
        stored = Stored(event.client_id, event.conversation_id, event.message_id, event.seq, event.timestamp)
        self._settle((event.conversation_id, event.client_id), stored)

    def refused(self, problem: Problem) -> bool:
        """Whether it answers something here."""
        name = (problem.conversation_id or 0, problem.client_id or "")
        if name not in self._asked:
            return False
        refusal = Refused(problem.code, detail=problem.error, retry_after=problem.retry_after)
        self._settle(name, refusal)
        return True

    def lost(self, loss: Disconnected) -> None:
        """Everything under way goes again; but if the server found a frame too large, the largest is refused."""
        if loss.code == FRAME_TOO_LARGE and self._asked:
            largest = max(self._asked, key=lambda name: len(encode(self._asked[name][0])))
            self._settle(largest, Refused("frame_too_large", detail="This is longer than the server takes."))
        self.end(LostLine())

    def end(self, error: Exception) -> None:
        for name in self._asked:
            self._settle(name, error)

    def _settle(self, name: Name, outcome: Stored | Exception) -> None:
        if (asked := self._asked.get(name)) and not asked[1].done():
            asked[1].set_result(outcome)
