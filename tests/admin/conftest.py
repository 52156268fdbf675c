"""People in office before the panel of a whole Parlour, as their browsers ask it: by cookie, with the page's token."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from tests.clients import Player
from tests.conftest import Officer

from app.domain.accounts.standing import StaffRole
from app.embedded.stack import Stack
from app.settings import with_driver

TOKEN = "starlette_admin_csrftoken"


@dataclass
class Desk:
    who: Player
    http: httpx.AsyncClient
    """With the cookies of a browser, and nothing else."""

    async def read(self, path: str) -> httpx.Response:
        return await self.http.get(f"/admin/{path}")

    async def act(self, listing: str, name: str, row: int | None = None, /, **fields: str) -> httpx.Response:
        """What the page's script does: of one row, or of none."""
        where = "action" if row is None else "row-action"
        asked = {"name": name} | ({} if row is None else {"pk": str(row)})
        return await self.http.post(
            f"/admin/_api/{listing}/{where}",
            params=asked,
            files={field: (None, value) for field, value in fields.items()} or {"": (None, "")},
            headers={"X-CSRFToken": self.http.cookies[TOKEN]},
        )


Sit = Callable[[Player], Awaitable[Desk]]
Open = Callable[[str, StaffRole], Awaitable[Desk]]


@pytest.fixture
async def sit(base_url: str) -> AsyncIterator[Sit]:
    """Opens the panel in a browser of somebody's, who is logged in there."""
    async with AsyncExitStack() as stack:

        async def sit_down(who: Player) -> Desk:
            http = httpx.AsyncClient(base_url=base_url, timeout=10, cookies={"access": who.access})
            await stack.enter_async_context(http)
            await http.get("/admin/")  # Which brings the token.
            return Desk(who, http)

        yield sit_down


@pytest.fixture
def desk(officer: Officer, sit: Sit) -> Open:
    """That of a newcomer with a role."""

    async def opened(name: str, role: StaffRole) -> Desk:
        return await sit(await officer(name, role))

    return opened


@pytest.fixture
async def database(stack: Stack) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(with_driver(stack.database_url))
    yield engine
    await engine.dispose()


async def acts_on(staff: Player, subject: str) -> list[str]:
    """What the audit log says was done to something, the newest first."""
    answer = await staff.http.get("/api/moderation/audit", params={"subject": subject})
    return [entry["action"] for entry in answer.json()]
