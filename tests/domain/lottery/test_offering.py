import asyncio
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.accounts.standing import StaffRole
from app.domain.audit.services import OPERATOR, Audit, By
from app.domain.chat.services.conversations import Conversations
from app.domain.lottery.models import Lottery
from app.domain.lottery.rules import CadenceRefused, LotteryEnded, LotteryExists, NoSuchGroup, StandingLottery
from app.domain.lottery.schemas.lotteries import NewLottery
from app.domain.lottery.services.offering import Offering
from app.errors import NotFound
from app.zones import UnknownZone

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio


async def end(world: "World", name: str) -> Lottery:
    async with world.resources.sessions.begin() as session:
        return await Offering(session).end(OPERATOR, name, world.now)


async def acts(world: "World") -> list[tuple[str, dict[str, Any]]]:
    """What was recorded, the first one first."""
    async with world.resources.sessions() as session:
        return [(entry.action, entry.details) for entry in reversed(await Audit(session=session).entries(limit=100))]


async def test_a_new_lottery_is_drawn_by_its_own_cadence_zone_and_prizes(world: "World") -> None:
    await world.offer("friday", "weekly:friday", zone="Europe/Kyiv", prizes=2, title="Friday night")
    await world.reconcile()
    assert [(draw.number, draw.period, draw.date) for draw in await world.draws("friday")] == [
        (1, "2026-W47", date(2026, 11, 20)),
        (2, "2026-W48", date(2026, 11, 27)),
    ]
    await world.submit(lottery="friday", count=5)
    world.now = datetime(2026, 11, 20, 22, tzinfo=UTC)
    [held] = await world.reconcile()
    assert (held.lottery, held.period, held.closes_at, len(held.winners)) == ("friday", "2026-W47", world.now, 2)


async def test_a_new_lottery_takes_ballots_before_any_reconcile(world: "World") -> None:
    await world.offer("quarterly", "minutes:15")
    assert (await world.submit(lottery="quarterly")).draw.period == "2026-11-20T10:00Z"


async def test_creating_the_same_again_answers_the_same_whatever_has_changed_since(world: "World") -> None:
    first = await world.offer("friday", "weekly:friday", prizes=2)
    assert (await world.offer("friday", "weekly:friday", prizes=2)).id == first.id
    await world.change("friday", prizes=3)
    await end(world, "friday")
    again = await world.offer("friday", "weekly:friday", prizes=2)
    assert (again.id, again.prizes, again.ended_at) == (first.id, 3, world.now)
    assert [action for action, _ in await acts(world)] == ["create_lottery", "change_lottery", "end_lottery"]


@pytest.mark.parametrize(
    "other", [{"prizes": 3}, {"zone": "Europe/Kyiv"}, {"title": "Friday"}, {"audience": "verified"}]
)
async def test_another_lottery_of_the_same_name_is_refused(world: "World", other: dict[str, Any]) -> None:
    await world.offer("friday", "weekly:friday", prizes=2)
    with pytest.raises(LotteryExists):
        await world.offer("friday", "weekly:friday", **{"prizes": 2, **other})
    await end(world, "friday")
    with pytest.raises(LotteryExists):
        await world.offer("friday", "weekly:monday", prizes=2)


async def test_of_several_who_create_the_same_at_once_one_does_and_all_have_it(world: "World") -> None:
    made = await asyncio.gather(*(world.offer("friday", "weekly:friday") for _ in range(5)))
    assert len({lottery.id for lottery in made}) == 1
    assert [action for action, _ in await acts(world)] == ["create_lottery"]


async def test_what_cannot_be_is_not_created(world: "World") -> None:
    with pytest.raises(CadenceRefused):
        await world.offer("odd", "minutes:7")
    with pytest.raises(UnknownZone):
        await world.offer("odd", "daily", zone="Europe/Atlantis")
    for name in ("daily", "minute"):
        with pytest.raises(StandingLottery):
            await world.offer(name, "daily")
        with pytest.raises(StandingLottery):
            await end(world, name)
    assert await acts(world) == []


async def test_a_change_leaves_open_draws_as_they_are(world: "World") -> None:
    await world.offer("evening", "daily")
    await world.reconcile()
    changed = await world.change("evening", prizes=3, zone="Europe/Kyiv", title="Every evening")
    assert (changed.prizes, changed.zone, changed.title) == (3, "Europe/Kyiv", "Every evening")
    world.wait(days=1)
    await world.reconcile()
    draws = await world.draws("evening")
    assert [draw.prizes for draw in draws] == [1] * 8 + [3]
    assert [draw.closes_at.hour for draw in draws] == [0] * 8 + [22]


async def test_a_change_that_changes_nothing_is_not_audited(world: "World") -> None:
    await world.offer("evening", "daily", title="Evening")
    for _ in range(2):
        await world.change("evening", prizes=3, title=None)
    await world.change("evening")
    assert await acts(world) == [
        ("create_lottery", {
            "lottery": "evening", "cadence": "daily", "zone": "UTC", "prizes": 1, "title": "Evening",
            "audience": "everyone", "ballots_per_user": None,
        }),
        ("change_lottery", {"lottery": "evening", "prizes": 3, "title": None}),
    ]  # fmt: skip


async def test_what_cannot_be_is_not_changed(world: "World") -> None:
    with pytest.raises(NotFound):
        await world.change("evening", prizes=3)
    await world.offer("evening", "daily")
    with pytest.raises(UnknownZone):
        await world.change("evening", zone="Europe/Atlantis", prizes=3)
    await end(world, "evening")
    with pytest.raises(LotteryEnded):
        await world.change("evening", prizes=3)


async def test_the_daily_lottery_can_be_changed(world: "World") -> None:
    await world.reconcile()
    await world.change("daily", prizes=3)
    world.wait(days=1)
    await world.reconcile()
    assert [draw.prizes for draw in await world.draws()] == [1] * 8 + [3]


async def test_an_ended_lottery_holds_the_draws_that_are_open_and_opens_no_more(world: "World") -> None:
    await world.offer("evening", "daily")
    await world.submit(lottery="evening")
    ended = await end(world, "evening")
    world.wait(days=3)
    assert (await end(world, "evening")).ended_at == ended.ended_at
    with pytest.raises(LotteryEnded):
        await world.submit(lottery="evening")
    world.wait(days=20)
    held = [draw for draw in await world.reconcile() if draw.lottery == "evening"]
    assert [draw.ballots for draw in held] == [1] + [0] * 7
    assert len(held[0].winners) == 1
    with pytest.raises(NotFound):
        await end(world, "morning")


async def test_an_administrator_names_a_group_that_they_are_in_and_the_operator_any(world: "World") -> None:
    sue = await world.join("sue", StaffRole.STAFF)
    async with world.resources.sessions.begin() as session:
        conversations = Conversations(session=session)
        hers = await conversations.open_group(sue.id, [], "Hers", joinable=False)
        other = await conversations.open_group(world.ann.id, [], "Another", joinable=False)
        pair, _ = await conversations.open_direct(sue.id, world.ann.id)

    async def create(by: By, group_id: int) -> Lottery:
        async with world.resources.sessions.begin() as session:
            wanted = NewLottery(name=f"of-{group_id}", cadence="daily", audience=f"group:{group_id}")
            return await Offering(session).create(by, wanted, world.now)

    await create(By(sue.id), hers.id)
    await create(OPERATOR, other.id)
    for by, group_id in ((By(sue.id), 10**17), (By(sue.id), pair.id), (OPERATOR, pair.id), (OPERATOR, 10**17)):
        with pytest.raises(NoSuchGroup):
            await create(by, group_id)
    async with world.resources.sessions.begin() as session:
        await Offering(session).end(OPERATOR, f"of-{other.id}", world.now)
        wanted = NewLottery(name="again", cadence="daily", audience=f"group:{other.id}")
        with pytest.raises(NoSuchGroup):
            await Offering(session).create(By(sue.id), wanted, world.now)
