"""One draw for each date, whatever becomes of schedulers, clocks and zones. The tests hold the clock."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.domain.lottery.models import Draw
from app.domain.lottery.rules import DateTooFarAhead, DrawClosed, NoSuchDate
from app.domain.lottery.schemas import DrawView

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEST, EAST = "Etc/GMT+12", "Pacific/Kiritimati"
"""Twenty-six hours apart, on either side of the date line."""


class Witness:
    """Reconciles, and remembers every result that was ever announced."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._results: dict[tuple[str, str], list[UUID]] = {}

    async def reconcile(self, *, at_once: int = 1) -> list[DrawView]:
        """By so many schedulers."""
        rounds = await asyncio.gather(*(self._world.reconcile(catch_up=True) for _ in range(at_once)))
        held = [draw for drawn in rounds for draw in drawn]
        for draw in held:
            assert (draw.lottery, draw.period) not in self._results, "it was drawn twice"
            self._results[draw.lottery, draw.period] = [winner.ballot_id for winner in draw.winners]
        return held

    async def look_back(self, lottery: str = "daily") -> list[Draw]:
        """All draws, by number, after checking that nothing has happened to them."""
        draws = await self._world.draws(lottery)
        assert [draw.number for draw in draws] == list(range(1, len(draws) + 1))
        for one, other in pairwise(draws):
            assert one.period < other.period
            assert one.closes_at < other.closes_at
        drawn = {draw.period: await self._world.winners(draw) for draw in draws if draw.drawn_at}
        assert drawn == {period: result for (name, period), result in self._results.items() if name == lottery}
        for draw in draws:
            assert await self._world.seqs(draw) == list(range(draw.ballots))
            if draw.drawn_at:
                assert len(drawn[draw.period]) == min(draw.prizes, draw.ballots)
        return draws


@pytest.fixture
def witness(world: "World") -> Witness:
    return Witness(world)


def dates(draws: list[Draw]) -> list[date]:
    return [draw.date for draw in draws]


@pytest.mark.parametrize("schedulers", [1, 3])
async def test_three_days_without_a_scheduler_are_made_good_in_order(
    world: "World", witness: Witness, schedulers: int
) -> None:
    await world.offer("friday", "weekly:friday", prizes=2)
    await witness.reconcile()
    for ahead in range(4):
        await world.submit(world.today + ahead * DAY, count=3)
    await world.submit(lottery="friday", count=3)
    world.wait(days=3)
    held = await witness.reconcile(at_once=schedulers)
    while len(held) < 4:  # A draw that one of them had locked waits for the next minute.
        world.wait(minutes=1)
        held += await witness.reconcile(at_once=schedulers)
    assert sorted(draw.period for draw in held) == ["2026-11-20", "2026-11-21", "2026-11-22", "2026-W47"]
    assert dates(await witness.look_back()) == [date(2026, 11, 20) + n * DAY for n in range(11)]
    assert [draw.period for draw in await witness.look_back("friday")] == ["2026-W47", "2026-W48", "2026-W49"]


async def test_three_days_are_made_good_for_what_has_no_draws_ahead(world: "World", witness: Witness) -> None:
    await world.offer("four-hourly", "minutes:240")
    await witness.reconcile()
    world.wait(days=3)
    await witness.reconcile()
    draws = await witness.look_back("four-hourly")
    assert len(draws) == 3 * 6 + 1
    assert {later.closes_at - earlier.closes_at for earlier, later in pairwise(draws)} == {4 * HOUR}
    assert [draw.number for draw in draws if not draw.drawn_at] == [19]


@pytest.mark.parametrize("fault", [HOUR, -HOUR, 3 * DAY, -3 * DAY, 12 * DAY, -12 * DAY])
async def test_a_clock_that_is_wrong_for_a_while(world: "World", witness: Witness, fault: timedelta) -> None:
    world.now = world.midnight - timedelta(minutes=30)
    await witness.reconcile()
    await world.submit(world.today, count=5)
    await world.submit(world.today + DAY, count=5)
    for moved in (fault, -fault, DAY, DAY):
        world.now += moved + timedelta(minutes=1)
        await witness.reconcile(at_once=3)
        world.now += timedelta(minutes=1)
        await witness.reconcile()
    draws = await witness.look_back()
    assert [draw.ballots for draw in draws[:2]] == [5, 5]
    assert all(draw.drawn_at for draw in draws[:2])
    missed = [later.date - earlier.date for earlier, later in pairwise(draws) if later.date - earlier.date != DAY]
    assert not missed, "a date has no draw"


@pytest.mark.parametrize(
    ("before", "after", "skipped"),
    [
        (WEST, EAST, [date(2026, 11, 27)]),
        (EAST, WEST, []),
        ("Pacific/Honolulu", "Pacific/Apia", []),
    ],
)
async def test_a_lottery_that_moves_to_another_zone_has_one_draw_for_each_date_that_it_has(
    world: "World", witness: Witness, before: str, after: str, skipped: list[date]
) -> None:
    world.now = datetime(2026, 11, 19, 23, tzinfo=UTC)
    world.set(lottery_zone=before)
    await witness.reconcile()
    open_before = await world.draws()
    for tick in range(10 * 3):
        if tick == 1:
            await world.change("daily", zone=after)
        assert (await world.submit(count=2)).draw.state == "open", "there is always a draw to take part in"
        await witness.reconcile(at_once=2 if tick % 5 == 0 else 1)
        world.wait(hours=8)
    draws = await witness.look_back()
    assert [draw.closes_at for draw in draws[:8]] == [draw.closes_at for draw in open_before], "what is open stays"
    every = [draws[0].date + n * DAY for n in range((draws[-1].date - draws[0].date).days + 1)]
    assert [day for day in every if day not in dates(draws)] == skipped


@pytest.mark.parametrize("seed", range(2))
async def test_any_mixture_of_faults(world: "World", witness: Witness, seed: int) -> None:
    random = Random(seed)  # noqa: S311  reproducible on purpose
    await world.offer("friday", "weekly:friday")
    await witness.reconcile()
    for _ in range(40):
        match random.randrange(5):
            case 0:
                world.wait(hours=random.randint(-30, 80))
            case 1:
                await world.change(random.choice(["daily", "friday"]), zone=random.choice([WEST, EAST, "Asia/Gaza"]))
            case 2:
                await world.submit(lottery=random.choice(["daily", "friday"]), count=random.randint(1, 3))
            case 3:
                await witness.reconcile(at_once=3)
            case 4:
                world.wait(minutes=1)
                await witness.reconcile()
    assert await witness.look_back()
    assert await witness.look_back("friday")


# What users see of it


async def test_for_the_hour_that_a_clock_was_set_back_a_ballot_goes_to_the_next_draw(
    world: "World", witness: Witness
) -> None:
    await witness.reconcile()
    world.now = world.midnight + timedelta(minutes=1)
    await witness.reconcile()
    world.wait(hours=-1)
    assert (await world.submit()).draw.period == "2026-11-21"
    with pytest.raises(DrawClosed):
        await world.submit(date(2026, 11, 20))


async def test_a_date_that_is_open_takes_ballots_though_the_new_zone_has_left_it(
    world: "World", witness: Witness
) -> None:
    await witness.reconcile()
    await world.change("daily", zone=EAST)
    world.wait(hours=2)  # There it is the 21st.
    await witness.reconcile()
    assert (await world.submit()).draw.period == "2026-11-20"
    assert (await world.submit(date(2026, 11, 20))).draw.ballots == 2


async def test_after_a_move_west_a_ballot_for_today_goes_to_the_next_draw(world: "World", witness: Witness) -> None:
    world.set(lottery_zone=EAST)
    await witness.reconcile()
    await world.change("daily", zone=WEST)
    world.wait(hours=1)  # It is the 19th there, and draws up to the 28th are open.
    assert (await world.submit()).draw.period == "2026-11-21"
    assert (await world.submit(date(2026, 11, 26))).draw.date == date(2026, 11, 26)
    with pytest.raises(DateTooFarAhead):
        await world.submit(date(2026, 11, 28))


async def test_a_date_that_was_skipped_by_a_move_east_takes_no_ballots(world: "World", witness: Witness) -> None:
    world.set(lottery_zone=WEST)
    await witness.reconcile()
    await world.change("daily", zone=EAST)
    world.wait(days=2)
    with pytest.raises(NoSuchDate):
        await world.submit(date(2026, 11, 27))
    assert (await world.submit(date(2026, 11, 28))).draw.number == 9


async def test_a_clock_that_is_far_behind_finds_its_lottery_closed(world: "World", witness: Witness) -> None:
    await world.offer("quarterly", "minutes:15")
    await witness.reconcile()
    await world.submit(lottery="quarterly")
    world.wait(minutes=15)
    await witness.reconcile()
    world.wait(hours=-1)
    await witness.reconcile()
    submitted = await world.submit(lottery="quarterly")
    assert submitted.draw.period == "2026-11-20T10:15Z", "it is open, however far its time is"
    with pytest.raises(NoSuchDate):
        await world.submit(date(2026, 11, 20), lottery="quarterly")
