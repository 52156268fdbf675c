import asyncio
from typing import TYPE_CHECKING

import pytest

from app.domain.lottery.services.draws import Draws

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio


async def test_of_several_who_open_the_draws_at_once_one_does_and_the_others_find_them(world: "World") -> None:
    await world.reconcile()
    [lottery_id] = {draw.lottery_id for draw in await world.draws()}
    world.wait(days=30)

    async def open_() -> None:
        async with world.resources.sessions.begin() as session:
            await Draws(session=session).open(lottery_id, world.now)

    await asyncio.gather(*(open_() for _ in range(5)))
    assert [draw.number for draw in await world.draws()] == list(range(1, 39))


async def test_of_several_who_claim_a_draw_in_a_minute_one_may_try(world: "World") -> None:
    await world.reconcile()
    draw = await world.draw("2026-11-20")

    async def claim() -> str:
        async with world.resources.sessions.begin() as session:
            return (await Draws(session=session).claim(draw.id, world.midnight, catch_up=False)).value

    assert sorted(await asyncio.gather(*(claim() for _ in range(5)))) == ["try"] + ["wait"] * 4
    assert (await world.draw("2026-11-20")).attempts == 1
