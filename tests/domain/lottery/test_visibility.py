"""A draw under way is not there yet, in any view; then all of it is."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from httpx import AsyncClient

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio

PRIZES, DAYS = 8, 3


@pytest.fixture
async def due(world: "World") -> "World":
    """The draws of three days before today should be held. Everybody who has a ballot is Ann."""
    world.now = datetime.now(UTC) - timedelta(days=DAYS)
    await world.reconcile()
    await world.run(f"UPDATE draws SET prizes = {PRIZES}")
    for ahead in range(DAYS):
        await world.submit(world.today + timedelta(days=ahead), count=PRIZES + 1)
    world.wait(days=DAYS)
    return world


class Reader:
    """Looks at one view over and over, and says what it has seen: the winners of each draw, or that there are none."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client
        self.seen: list[dict[str, frozenset[str]]] = []

    async def read(self, path: str) -> Any:  # noqa: ANN401  any JSON
        return (await self._client.get(f"/api/lottery{path}")).json()

    async def list_draws(self) -> None:
        self.note(*(await self.read("/draws?limit=100"))["draws"])

    async def list_drawn(self) -> None:
        draws = (await self.read("/draws?state=drawn"))["draws"]
        assert all(draw["state"] == "drawn" for draw in draws)
        self.note(*draws)

    async def read_draws(self) -> None:
        self.note(*[await self.read(f"/draws/daily/{number}") for number in range(1, DAYS + 1)])

    def note(self, *draws: dict[str, Any]) -> None:
        for draw in draws:
            won = [winner["prize"] for winner in draw["winners"]]
            assert won == (list(range(PRIZES)) if draw["state"] == "drawn" else [])
            assert (draw["drawn_at"] is None) == (won == [])
        self.seen.append(
            {d["date"]: frozenset(one["ballot_id"] for one in d["winners"]) for d in draws if d["winners"]}
        )

    async def list_ballots(self) -> None:
        ballots = (await self.read("/ballots?limit=100"))["ballots"]
        drawn: dict[str, frozenset[str]] = {}
        for date in {ballot["draw_date"] for ballot in ballots}:
            outcomes = {ballot["id"]: ballot["won"] for ballot in ballots if ballot["draw_date"] == date}
            if set(outcomes.values()) != {None}:
                assert sorted(outcomes.values()) == [False] + [True] * PRIZES
                drawn[date] = frozenset(ballot for ballot, won in outcomes.items() if won)
        self.seen.append(drawn)

    async def read_winning_ballots(self) -> None:
        for ahead in range(DAYS):
            date = (datetime.now(UTC) - timedelta(days=DAYS - ahead)).date().isoformat()
            answer = await self.read(f"/winning-ballot?draw_date={date}")
            assert answer.get("code") == "draw_not_held_yet" or answer["ballot"]["id"]


VIEWS = (
    Reader.list_draws,
    Reader.list_drawn,
    Reader.read_draws,
    Reader.list_ballots,
    Reader.read_winning_ballots,
)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
async def test_a_reader_sees_no_result_or_all_of_it(due: "World", ann: AsyncClient, view: Any) -> None:  # noqa: ANN401  a method of Reader
    reader = Reader(ann)
    async with due.before_each("winners", "PERFORM pg_sleep(0.004);"):
        drawing = asyncio.create_task(due.reconcile())
        while not drawing.done():
            await view(reader)
        await view(reader)
    assert len(drawing.result()) == DAYS
    results = {
        draw.date.isoformat(): frozenset(str(one.ballot_id) for one in draw.winners) for draw in drawing.result()
    }
    for seen in reader.seen:
        assert seen.items() <= results.items(), "a result changed"
    if reader.seen:
        assert reader.seen[0] == {}, "it began to look too late"
        assert reader.seen[-1] == results
