"""A dealer, and a server on a port of this machine whose draws go by a clock that the tests hold."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
import uvicorn
from litestar import Litestar
from tests.domain.lottery.conftest import World
from tests.domain.lottery.table import Table

from app.asgi import constant
from app.dealer import duties
from app.dealer.desk import Desk, Terms
from app.dealer.server import Server
from app.domain.accounts.models import User
from app.domain.audit.services import OPERATOR
from app.domain.lottery.controllers.dealers import DealerController
from app.domain.lottery.controllers.dealing import DealingController
from app.domain.lottery.controllers.draws import DrawController
from app.domain.lottery.controllers.log import LogController
from app.domain.lottery.schemas.dealing import NewDealer
from app.domain.lottery.services.beacons import BeaconCheck
from app.domain.lottery.services.dealers import Dealers
from app.domain.lottery.services.log import key_of
from app.problems import exception_handlers
from app.ratelimits import RateLimits
from app.resources import Resources

LOOPBACK = "127.0.0.1"


@pytest.fixture
async def world(resources: Resources, clean: None) -> World:
    """Its first draw is open."""
    world = World(resources, ann=User())
    world.ann = await world.join("ann")
    await world.reconcile()
    return world


@pytest.fixture
async def url(resources: Resources, world: World) -> AsyncIterator[str]:
    litestar = Litestar(
        [DrawController, DealerController, DealingController, LogController],
        dependencies={
            "sessions": constant(resources.sessions),
            "settings": constant(resources.settings),
            "limits": constant(RateLimits(resources.settings, resources.redis)),
            "beacon_check": constant(BeaconCheck()),
        },
        exception_handlers=exception_handlers,
    )
    config = uvicorn.Config(cast("Any", litestar), host=LOOPBACK, port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://{LOOPBACK}:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await serving


@dataclass
class Dealing:
    """Alice, who deals for the daily lottery, and her machine."""

    table: Table
    desk: Desk
    server: Server

    @property
    def world(self) -> World:
        return self.table.world

    async def be_added(self) -> None:
        wanted = NewDealer(name="alice", public_key=self.desk.hand.public.hex())
        async with self.world.resources.sessions.begin() as session:
            await Dealers(session).add(OPERATOR, "daily", wanted, self.world.now)

    async def commit(self, draws: int = 3) -> list[int]:
        return await self._apart(lambda: duties.commit(self.desk, self.server, draws))

    async def reveal(self, *, clock_behind: bool = False) -> list[int]:
        now = self.world.now.replace(year=2025) if clock_behind else self.world.now
        return await self._apart(lambda: duties.reveal(self.desk, self.server, now))

    async def close_next(self) -> None:
        """The draw that is open is closed, and held if nothing is missing; the next one opens."""
        coming = (await self.table.shown()).coming
        self.world.now = (await self.table.draw(coming - 1)).closes_at
        await self.world.reconcile()

    async def _apart(self, duty: Any) -> list[int]:  # noqa: ANN401  a callable
        def do() -> list[int]:
            found: Iterable[int] = duty()
            return list(found)

        return await asyncio.to_thread(do)


@pytest.fixture
def dealing(world: World, url: str, tmp_path: Path) -> Dealing:
    terms = Terms(server=url, lottery="daily", name="alice", log_key=key_of(world.resources.settings).verifier_key)
    return Dealing(Table(world), Desk.set_up(tmp_path / "alice", terms), Server(url))
