"""Until privacy and blocks have landed: everybody shows everything, nobody has blocked anybody."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.presence.rules import Audience


class Setting(NamedTuple):
    presence: Audience = "everyone"
    typing: bool = True


class Privacy:
    def __init__(self, session: AsyncSession) -> None: ...

    async def of(self, people: Collection[int]) -> dict[int, Setting]:
        return dict.fromkeys(people, Setting())


class Blocks:
    def __init__(self, session: AsyncSession) -> None: ...

    async def hidden_from(self, people: Collection[int]) -> dict[int, frozenset[int]]:
        return dict.fromkeys(people, frozenset())
