"""How far each conversation was heard: what a new line resumes from, so that nothing is missed or told twice."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from parlour_client.errors import Refused
from parlour_client.frames import Problem, Subscribed, Unsubscribed
from parlour_client.happenings import Happening
from parlour_client.telling import Resume, Subscribe

RESUMED_AT_ONCE = 300
"""Positions in one frame: with the longest numbers that still is less than the 16 KiB that a frame may have."""

NOWHERE = -1
"""The position of a conversation that is heard from now on, wherever that is."""


@dataclass
class Place:
    reached: int
    began: "asyncio.Future[int]"
    """The position that it was first heard from."""
    answered: bool = False
    """On this line: it was asked for, and is `subscribed`."""


class Positions:
    def __init__(self) -> None:
        self._places: dict[int, Place] = {}
        self._leaving: Counter[int] = Counter()
        """Given up on this line, and not `unsubscribed` yet."""
        self.lines = 0
        """How many have been resumed on."""

    def want(self, conversation_id: int, after: int | None) -> Place:
        """Hear a conversation on this line and all later ones. What is heard already goes on from where it is."""
        place = self._places.get(conversation_id)
        if place is None:
            began = asyncio.get_running_loop().create_future()
            place = self._places[conversation_id] = Place(NOWHERE if after is None else after, began)
        return place

    def forget(self, conversation_id: int) -> bool:
        """Whether it was wanted."""
        place = self._places.pop(conversation_id, None)
        if place:
            place.began.cancel()
        return place is not None

    def resumption(self) -> Iterator[Resume | Subscribe]:
        """What to say on a new line."""
        self.lines += 1
        self._leaving.clear()
        begun = {}
        for conversation_id, place in self._places.items():
            place.answered = False
            if place.began.done():
                begun[conversation_id] = place.reached
            elif question := self.question(conversation_id):
                yield question
        numbers = list(begun.items())
        for first in range(0, len(numbers), RESUMED_AT_ONCE):
            yield Resume(dict(numbers[first : first + RESUMED_AT_ONCE]))

    def question(self, conversation_id: int) -> Subscribe | None:
        """What to say on a line that is open, unless it was answered there."""
        place = self._places.get(conversation_id)
        if place is None or place.answered:
            return None
        return Subscribe(conversation_id, None if place.reached == NOWHERE else place.reached)

    def leave(self, conversation_id: int) -> None:
        """An `unsubscribe` goes out; what still comes before its answer is of no interest."""
        self._leaving[conversation_id] += 1

    def admit(self, event: Happening) -> bool:
        """Is it new, and wanted? Then it counts as heard."""
        place = self._places.get(event.conversation_id)
        if place is None or event.seq <= place.reached or self._leaving[event.conversation_id]:
            return False
        place.reached = event.seq
        return True

    def subscribed(self, frame: Subscribed) -> None:
        if place := self._places.get(frame.conversation_id):
            place.answered = True
            if place.reached == NOWHERE:
                place.reached = frame.position
            if not place.began.done():
                place.began.set_result(frame.position)

    def unsubscribed(self, frame: Unsubscribed) -> bool:
        """Whether that was not asked for: somebody has put us out."""
        if self._leaving[frame.conversation_id]:
            self._leaving[frame.conversation_id] -= 1
            return False
        return self.forget(frame.conversation_id)

    def refused_by(self, problem: Problem) -> int | None:
        """The conversation whose subscription it refuses, if it does."""
        place = self._places.get(problem.conversation_id or 0)
        return problem.conversation_id if place and not place.answered and problem.client_id is None else None

    def refuse(self, conversation_id: int, problem: Problem) -> bool:
        """No longer wanted. Whether somebody waits for the answer, and has it by this."""
        place = self._places.pop(conversation_id)
        if place.began.done():
            return False
        fail(place.began, Refused(problem.code, detail=problem.error))
        return True

    def end(self, error: Exception) -> None:
        """There will be no other line."""
        for place in self._places.values():
            if not place.began.done():
                fail(place.began, error)
        self._places = {one: place for one, place in self._places.items() if not place.began.exception()}


def fail(future: "asyncio.Future[int]", error: Exception) -> None:
    future.set_exception(error)
    future.exception()  # Whoever asked may have gone.
