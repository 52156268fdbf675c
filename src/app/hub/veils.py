"""Who hears nothing of whom. A block between two people holds on every socket that one of them has open here."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping

Ask = Callable[[Collection[int]], Awaitable[Mapping[int, Collection[int]]]]

NOBODY: frozenset[int] = frozenset()


class Veils:
    """Kept for the people with seats in this process, and looked up by author: most authors are heard by everyone."""

    def __init__(self, ask: Ask) -> None:
        """`ask` answers, for each of some people, of whom they hear nothing."""
        self._ask = ask
        self._unheard: dict[int, Collection[int]] = {}
        self._deaf: defaultdict[int, set[int]] = defaultdict(set)
        self._turn = asyncio.Lock()

    def deaf_to(self, author: int) -> Collection[int]:
        """The people, of those covered, who hear nothing of an author."""
        return self._deaf.get(author, NOBODY)

    async def cover(self, person: int) -> None:
        """Know about somebody before their first event."""
        if person not in self._unheard:
            await self.refresh({person})

    async def refresh(self, people: Collection[int]) -> None:
        """Ask anew about some people. One after the other, so that an older answer never replaces a newer one."""
        async with self._turn:
            answer = await self._ask(people)
            for person in people:
                self.forget(person)
                self._unheard[person] = answer.get(person, NOBODY)
                for author in self._unheard[person]:
                    self._deaf[author].add(person)

    async def changed(self, people: Collection[int]) -> None:
        """Something has changed between some people, of whom perhaps nobody is here."""
        if here := [person for person in people if person in self._unheard]:
            await self.refresh(here)

    def forget(self, person: int) -> None:
        for author in self._unheard.pop(person, NOBODY):
            self._deaf[author].discard(person)
            if not self._deaf[author]:
                del self._deaf[author]

    async def keep(self, people: Collection[int]) -> None:
        """Ask anew about everyone who is still here, and forget the others."""
        for person in self._unheard.keys() - set(people):
            self.forget(person)
        if people:
            await self.refresh(people)
