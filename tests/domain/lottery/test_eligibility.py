"""Who may take part: what the lottery said when the draw was opened, asked where the ballot is stored."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.domain.accounts.models import User
from app.domain.accounts.services import Accounts
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.members import Members
from app.domain.lottery.rules import NotOfTheGroup, NotVerified, TooManyBallots

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio


async def verify(world: "World", user: User) -> None:
    async with world.resources.sessions.begin() as session:
        await Accounts(session=session).mark_email_verified(await session.get_one(User, user.id))


async def group_of(world: "World", owner: User, *others: User) -> int:
    async with world.resources.sessions.begin() as session:
        ids = [one.id for one in others]
        group = await Conversations(session=session).open_group(owner.id, ids, "Chess", joinable=False)
    return group.id


async def test_a_lottery_of_the_verified_takes_ballots_of_nobody_else(world: "World") -> None:
    await world.offer("serious", "daily", audience="verified")
    with pytest.raises(NotVerified):
        await world.submit(lottery="serious")
    await verify(world, world.ann)
    assert (await world.submit(lottery="serious")).draw.ballots == 1


async def test_a_lottery_of_a_group_takes_ballots_of_those_who_are_members_now(world: "World") -> None:
    ben, cleo = await world.join("ben"), await world.join("cleo")
    group = await group_of(world, world.ann, ben)
    await world.offer("chess", "weekly:friday", audience=f"group:{group}")
    assert (await world.submit(lottery="chess", user=ben)).draw.ballots == 1
    with pytest.raises(NotOfTheGroup):
        await world.submit(lottery="chess", user=cleo)
    async with world.resources.sessions.begin() as session:
        await Members(session=session).remove(group, world.ann.id, ben.id)
    with pytest.raises(NotOfTheGroup):
        await world.submit(lottery="chess", user=ben)
    draw, *_ = await world.draws("chess")
    assert draw.ballots == 1, "what was taken before stays"


async def test_a_repeated_request_is_answered_also_to_those_who_may_no_longer(world: "World") -> None:
    ben = await world.join("ben")
    group = await group_of(world, world.ann, ben)
    await world.offer("chess", "daily", audience=f"group:{group}")
    first = await world.submit(lottery="chess", user=ben, key="k")
    async with world.resources.sessions.begin() as session:
        await Members(session=session).remove(group, world.ann.id, ben.id)
    assert (await world.submit(lottery="chess", user=ben, key="k")).ballots == first.ballots


async def test_a_refused_ballot_leaves_nothing_behind(world: "World") -> None:
    await world.offer("serious", "daily", audience="verified")
    with pytest.raises(NotVerified):
        await world.submit(lottery="serious", count=3, key="k")
    assert await world.ballot_ids() == []
    await verify(world, world.ann)
    submitted = await world.submit(lottery="serious", count=2, key="k")
    assert [ballot.seq for ballot in submitted.ballots] == [0, 1]


async def test_an_audience_and_a_cap_that_change_count_for_draws_opened_later(world: "World") -> None:
    await world.offer("evening", "daily", ballots_per_user=2)
    await world.submit(lottery="evening", count=2)
    await world.change("evening", audience="verified", ballots_per_user=3, prizes=4)
    with pytest.raises(TooManyBallots, match="at most 2"):
        await world.submit(lottery="evening")
    await world.submit(world.today + timedelta(days=7), lottery="evening", count=2)
    world.wait(days=1)
    new = world.today + timedelta(days=7)
    with pytest.raises(NotVerified):
        await world.submit(new, lottery="evening")
    await verify(world, world.ann)
    submitted = await world.submit(new, lottery="evening", count=3)
    assert submitted.draw.prizes == 4
    with pytest.raises(TooManyBallots, match="at most 3"):
        await world.submit(new, lottery="evening")


async def test_a_lottery_may_allow_more_than_the_setting(world: "World") -> None:
    world.set(ballots_per_draw=5)
    await world.offer("generous", "daily", ballots_per_user=50)
    assert (await world.submit(lottery="generous", count=50)).draw.ballots == 50
    with pytest.raises(TooManyBallots):
        await world.submit(count=6)
