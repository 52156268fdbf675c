"""Draws of all lotteries at a glance."""

from datetime import timedelta

import pytest
from tests.domain.lottery.conftest import World

from app.domain.lottery.services.results import Results

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


async def test_the_next_draws_to_close_and_the_last_that_were_held_are_those_of_all_lotteries(world: World) -> None:
    await world.offer("quarter", "minutes:15")
    await world.reconcile()
    world.now += DAY
    await world.reconcile()
    async with world.resources.sessions() as session:
        results = Results(session=session)
        closing = await results.next_to_close(world.now, 3)
        held = await results.last_held(world.now, 200)
    assert [draw.closes_at for draw in closing] == sorted(draw.closes_at for draw in closing)
    assert {draw.state for draw in closing} == {"open"}
    assert closing[0].lottery == "quarter"
    assert {draw.lottery for draw in held} == {"daily", "quarter"}
    assert {draw.state for draw in held} == {"drawn"}
