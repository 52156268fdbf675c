"""A row of the matrix: an operation, how to ask for it, and what each role is answered."""

import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

from tests.authorisation.answers import Answers, Role

PLACE = re.compile(r"\{(\w+)\}")
Find = Callable[[str], Awaitable[Any]]
"""A thing by its name in the world."""


@dataclass(frozen=True)
class Row:
    operation: str
    """The operation's id on the API page."""
    request: str
    """Method and path. `{a_thing}` is one of the world (`world.py`, `things.py`), here as in the body."""
    answers: Answers
    body: Any = None
    """JSON, or the bytes of a file."""
    case: str = ""
    """What this row is about, where an operation has several."""
    by_a_double: bool = False
    """It would spoil the actor, so somebody new of the same standing with the server, and in no group, does it."""
    tells: Collection[Role] = ()
    """Outsiders whom the answer may tell what otherwise the group or its owner alone know, for a good reason."""

    @property
    def name(self) -> str:
        return f"{self.operation} {self.case}".strip().replace(" ", "_")

    @property
    def method(self) -> str:
        return self.request.split(" ")[0]

    @property
    def path(self) -> str:
        return self.request.split(" ")[1]

    @property
    def things(self) -> set[str]:
        """The names of what the path leads to."""
        return set(PLACE.findall(self.path))


async def fill(template: Any, find: Find) -> Any:  # noqa: ANN401  any JSON
    """With things in their places; one that is a whole string stays what it is, as a number."""
    if isinstance(template, dict):
        return {str(await fill(key, find)): await fill(value, find) for key, value in template.items()}
    if isinstance(template, list):
        return [await fill(value, find) for value in template]
    if not isinstance(template, str):
        return template
    if whole := PLACE.fullmatch(template):
        return await find(whole[1])
    found = {name: await find(name) for name in PLACE.findall(template)}
    return PLACE.sub(lambda place: str(found[place[1]]), template)
