"""A world of one lottery, whose clock the tests hold, and the API in front of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar
from litestar.di import Provide
from sqlalchemy import select, text
from structlog.testing import capture_logs
from structlog.typing import EventDict

from app.bodies import StrictRequest
from app.domain.accounts.ended import EndedSessions
from app.domain.accounts.guards import Doorkeeper
from app.domain.accounts.known_keys import KnownKeys
from app.domain.accounts.models import User
from app.domain.accounts.standing import StaffRole
from app.domain.audit.services import OPERATOR
from app.domain.lottery.controllers.ballots import BallotController
from app.domain.lottery.controllers.draws import DrawController
from app.domain.lottery.controllers.log import LogController
from app.domain.lottery.controllers.lotteries import LotteriesController
from app.domain.lottery.models import Ballot, Draw, Lottery, Winner
from app.domain.lottery.schemas import DrawView, SubmitBallots, SubmittedBallots
from app.domain.lottery.schemas.lotteries import LotteryChange, NewLottery
from app.domain.lottery.services.ballots import Ballots
from app.domain.lottery.services.offering import Offering
from app.domain.lottery.tasks import reconcile_draws
from app.domain.presence.services.devices import Devices
from app.domain.presence.services.roll import Roll
from app.problems import exception_handlers
from app.resources import Resources


@dataclass
class World:
    resources: Resources
    ann: User
    now: datetime = datetime(2026, 11, 20, 10, 5, 30, tzinfo=UTC)
    midnight: datetime = datetime(2026, 11, 21, tzinfo=UTC)
    """When the first day's draw closes."""

    @property
    def today(self) -> date:
        return self.now.date()

    def wait(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    def set(self, **settings: Any) -> None:  # noqa: ANN401  any setting's value
        self.resources = replace(self.resources, settings=self.resources.settings.model_copy(update=settings))

    async def join(self, name: str, role: StaffRole = StaffRole.NONE) -> User:
        async with self.resources.sessions.begin() as session:
            user = User(username=name, email=f"{name}@example.org", password_hash="none")
            user.role = role
            session.add(user)
        return user

    async def offer(self, name: str, cadence: str, **terms: Any) -> Lottery:  # noqa: ANN401  any of its fields
        async with self.resources.sessions.begin() as session:
            wanted = NewLottery(name=name, cadence=cadence, **terms)
            return await Offering(session).create(OPERATOR, wanted, self.now)

    async def change(self, name: str, **terms: Any) -> Lottery:  # noqa: ANN401  any of its fields
        async with self.resources.sessions.begin() as session:
            return await Offering(session).change(OPERATOR, name, LotteryChange(**terms))

    async def reconcile(self, *, catch_up: bool = False) -> list[DrawView]:
        return await reconcile_draws(self.resources, self.now, catch_up=catch_up)

    async def submit(
        self,
        day: date | None = None,
        *,
        count: int = 1,
        lottery: str = "daily",
        user: User | None = None,
        key: str | None = None,
        now: datetime | None = None,
    ) -> SubmittedBallots:
        """Ann's ballot for today, unless said otherwise. `now` is for a process whose clock differs."""
        wanted = SubmitBallots(draw_date=day, lottery=lottery, count=count)
        user_id = (user or self.ann).id
        async with self.resources.sessions.begin() as session:
            return await Ballots(session=session).submit(
                user_id, wanted, key=key, settings=self.resources.settings, now=now or self.now
            )

    async def draws(self, lottery: str = "daily") -> list[Draw]:
        """By number."""
        statement = select(Draw).join(Lottery, Lottery.id == Draw.lottery_id).where(Lottery.name == lottery)
        async with self.resources.sessions.begin() as session:
            return list(await session.scalars(statement.order_by(Draw.number)))

    async def draw(self, period: str) -> Draw:
        return next(
            draw
            for draws in (await self.draws(), await self.draws("minute"))
            for draw in draws
            if draw.period == period
        )

    async def seqs(self, draw: Draw) -> list[int]:
        async with self.resources.sessions.begin() as session:
            return list(await session.scalars(select(Ballot.seq).where(Ballot.draw_id == draw.id).order_by(Ballot.seq)))

    async def ballot_ids(self) -> list[UUID]:
        async with self.resources.sessions.begin() as session:
            return list(await session.scalars(select(Ballot.id)))

    async def winners(self, draw: Draw) -> list[UUID]:
        async with self.resources.sessions.begin() as session:
            return list(await session.scalars(select(Winner.ballot_id).where(Winner.draw_id == draw.id)))

    async def run(self, statement: str) -> None:
        async with self.resources.sessions.begin() as session:
            await session.execute(text(statement))

    @asynccontextmanager
    async def winners_cannot_be_stored(self, only_draw: int = 0) -> AsyncIterator[list[EventDict]]:
        """The database refuses every winner, or those of one draw: a failure that is nobody's mock.

        Yields what is logged meanwhile.
        """
        failing = f"IF {only_draw} IN (0, NEW.draw_id) THEN RAISE 'the disk is on fire'; END IF;"
        async with self.before_each("winners", failing):
            with capture_logs() as logs:
                yield logs

    @asynccontextmanager
    async def before_each(self, table: str, statement: str) -> AsyncIterator[None]:
        """Something in PL/pgSQL, within the transaction that stores a row."""
        await self.run(f"""
            CREATE FUNCTION before_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                {statement} RETURN NEW;
            END $$""")
        await self.run(f"""
            CREATE TRIGGER interfere BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION before_{table}()""")
        try:
            yield
        finally:
            await self.run(f"DROP FUNCTION before_{table} CASCADE")


@pytest.fixture
async def world(resources: Resources, clean: None) -> World:
    world = World(resources, ann=User())
    world.ann = await world.join("ann")
    return world


@pytest.fixture(scope="session")
def doorkeeper(resources: Resources) -> Doorkeeper:
    settings = resources.settings
    ended = EndedSessions(resources.sessions, settings.access_token_seconds)
    devices = Devices(Roll(resources.redis), lease=15, grace=5)
    return Doorkeeper(settings, resources.redis, ended, devices, KnownKeys(resources.sessions))


@pytest.fixture(scope="session")
def app(resources: Resources, doorkeeper: Doorkeeper) -> Litestar:
    """Put together once, which takes longer than most tests."""
    return Litestar(
        [LotteriesController, DrawController, BallotController, LogController],
        dependencies={
            "sessions": Provide(lambda: resources.sessions, sync_to_thread=False),
            "settings": Provide(lambda: resources.settings, sync_to_thread=False),
        },
        exception_handlers=exception_handlers,
        request_class=StrictRequest,
        on_app_init=[doorkeeper.http_auth().on_app_init],
    )


@pytest.fixture
async def guest(app: Litestar) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(cast("Any", app)), base_url="http://parlour.test") as client:
        yield client


@pytest.fixture
async def ann(guest: AsyncClient, doorkeeper: Doorkeeper, world: World) -> AsyncClient:
    return log_in(guest, doorkeeper, world.ann)


def log_in(guest: AsyncClient, doorkeeper: Doorkeeper, user: User) -> AsyncClient:
    """The same client, as this user from now on."""
    guest.headers["Authorization"] = f"Bearer {doorkeeper.tokens.issue(user, uuid4())}"
    return guest
