"""Things that a request uses up, made anew for each that may have them.

Who is refused is tried on the one that stands: the rows after that find it unharmed, or fail.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID, uuid4

from tests.authorisation.answers import INSIDERS, Role
from tests.authorisation.world import World
from tests.people import Person

Make = TypeVar("Make", bound=Callable[["Things"], Awaitable[Any]])
MAKERS: dict[str, Callable[["Things"], Awaitable[Any]]] = {}


def made(make: Make) -> Make:
    """A row may name what this makes as `{its_name}`."""
    MAKERS[make.__name__] = make
    return make


class Things:
    """Those of one request, by whoever asks. One that is named twice is the same."""

    def __init__(self, world: World, role: Role, actor: Person | None, *, refused: bool) -> None:
        self.world = world
        self.role = role
        self.actor = actor
        self.refused = refused
        self._made: dict[str, Any] = {}

    async def find(self, name: str) -> Any:  # noqa: ANN401  a number, a name, a UUID
        standing = self.world.standing
        if self.refused and name.removeprefix("fresh_") in standing:
            return standing[name.removeprefix("fresh_")]
        if name in standing:
            return standing[name]
        if name not in self._made:
            self._made[name] = await MAKERS[name](self)
        return self._made[name]

    async def absent(self, name: str) -> Any:  # noqa: ANN401  of the same kind as the thing
        """What is nobody's, in place of what the asker should know nothing of."""
        thing = await self.find(name)
        if name in {"hall", "bot_of_the_actor", "play_of_the_actor"} or (
            self.role in INSIDERS and name in {"group", "fresh_group"}
        ):
            return thing
        if isinstance(thing, int):
            return 2**62 + thing
        try:
            UUID(str(thing))
        except ValueError:
            return f"no-{uuid4().hex[:12]}"
        return uuid4()


@made
async def new_name(_: Things) -> str:
    return f"new-{uuid4().hex[:12]}"
