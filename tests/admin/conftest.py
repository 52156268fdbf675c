"""People in office before the panel of a whole Parlour, as their browsers ask it: by cookie, with the page's token."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.clients import Player
from tests.people import Registry

from app.domain.accounts.standing import StaffRole
from app.resources import Resources

TOKEN = "starlette_admin_csrftoken"


@dataclass
class Desk:
    who: Player
    http: httpx.AsyncClient
    """With the cookies of a browser, and nothing else."""

    async def read(self, path: str) -> httpx.Response:
        return await self.http.get(f"/admin/{path}")

    async def act(
        self, listing: str, name: str, row: int | None = None, /, *, origin: str = "", **fields: str
    ) -> httpx.Response:
        """What the page's script does: to one row, or to none."""
        where = "action" if row is None else "row-action"
        asked = {"name": name} | ({} if row is None else {"pk": str(row)})
        return await self.http.post(
            f"/admin/_api/{listing}/{where}",
            params=asked,
            files={field: (None, value) for field, value in fields.items()} or {"": (None, "")},
            headers={"X-CSRFToken": self.http.cookies[TOKEN]} | ({"Origin": origin} if origin else {}),
        )


Sit = Callable[[Player], Awaitable[Desk]]


async def open_desk(base_url: str, who: Player) -> Desk:
    http = httpx.AsyncClient(base_url=base_url, timeout=10, cookies={"access": who.access})
    await http.get("/admin/")  # Which brings the token.
    return Desk(who, http)


@pytest.fixture
async def sit(base_url: str) -> AsyncIterator[Sit]:
    """Opens the panel in a browser of somebody's, who is logged in there."""
    async with AsyncExitStack() as stack:

        async def sit_down(who: Player) -> Desk:
            desk = await open_desk(base_url, who)
            stack.push_async_callback(desk.http.aclose)
            return desk

        yield sit_down


@pytest.fixture(scope="session")
async def desks(base_url: str, registry: Registry) -> AsyncIterator[dict[StaffRole, Desk]]:
    """Somebody with each role, for all tests that leave them in office."""
    people = {role: Player.let_in(base_url, await registry.enter(role, role)) for role in StaffRole}
    opened = {role: await open_desk(base_url, who) for role, who in people.items()}
    yield opened
    for desk in opened.values():
        await desk.http.aclose()
        await desk.who.http.aclose()


@pytest.fixture
def member(desks: dict[StaffRole, Desk]) -> Desk:
    """Who has no office."""
    return desks[StaffRole.NONE]


@pytest.fixture
def mia(desks: dict[StaffRole, Desk]) -> Desk:
    """A moderator."""
    return desks[StaffRole.MODERATOR]


@pytest.fixture
def sue(desks: dict[StaffRole, Desk]) -> Desk:
    """Of the staff."""
    return desks[StaffRole.STAFF]


@pytest.fixture
def zoe(desks: dict[StaffRole, Desk]) -> Desk:
    """A superuser."""
    return desks[StaffRole.SUPERUSER]


@pytest.fixture
def database(resources_of_stack: Resources) -> AsyncEngine:
    return resources_of_stack.engine


async def acts_on(staff: Player, subject: str) -> list[str]:
    """What the audit log says was done to something, the newest first."""
    answer = await staff.http.get("/api/moderation/audit", params={"subject": subject})
    return [entry["action"] for entry in answer.json()]
