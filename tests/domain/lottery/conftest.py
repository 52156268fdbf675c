"""A world of one lottery, whose clock the tests hold."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs
from structlog.typing import EventDict

from app.domain.accounts.models import User
from app.domain.lottery.models import Ballot, Draw, Lottery, Winner
from app.domain.lottery.schemas import DrawView, SubmitBallots, SubmittedBallots
from app.domain.lottery.services.ballots import Ballots
from app.domain.lottery.tasks import reconcile_draws
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

    def set(
        self,
        *,
        minute_lottery: bool | None = None,
        ballots_per_draw: int | None = None,
        beacon_urls: list[str] | None = None,
    ) -> None:
        changes = {
            "minute_lottery": minute_lottery,
            "ballots_per_draw": ballots_per_draw,
            "beacon_urls": beacon_urls,
        }
        given = {name: value for name, value in changes.items() if value is not None}
        self.resources = replace(self.resources, settings=self.resources.settings.model_copy(update=given))

    async def join(self, name: str) -> User:
        async with self.resources.sessions.begin() as session:
            user = User(username=name, email=f"{name}@example.org", password_hash="none")
            session.add(user)
        return user

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
        await self.run(f"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF {only_draw} IN (0, NEW.draw_id) THEN RAISE 'the disk is on fire'; END IF; RETURN NEW;
            END $$""")
        await self.run("CREATE TRIGGER refuse BEFORE INSERT ON winners FOR EACH ROW EXECUTE FUNCTION refuse()")
        try:
            with capture_logs() as logs:
                yield logs
        finally:
            await self.run("DROP FUNCTION refuse CASCADE")


@pytest.fixture
async def world(resources: Resources, clean: None) -> World:
    world = World(resources, ann=User())
    world.ann = await world.join("ann")
    return world
