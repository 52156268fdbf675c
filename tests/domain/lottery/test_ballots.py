import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.lottery.models import Draw
from app.domain.lottery.rules import DateTooFarAhead, DrawClosed, LotteryEnded, TooManyBallots
from app.domain.lottery.schemas import SubmittedBallots
from app.domain.lottery.services.holding import Holding
from app.domain.lottery.services.own import OwnBallots
from app.errors import IdempotencyConflict, NotFound, NotLoggedIn

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio

JUST_BEFORE = timedelta(milliseconds=1)


def ids(submitted: SubmittedBallots) -> list[str]:
    return [str(ballot.id) for ballot in submitted.ballots]


async def test_ballots_are_accepted_for_eight_days_and_the_ninth_is_refused(world: "World") -> None:
    for ahead in range(8):
        day = world.today + timedelta(days=ahead)
        submitted = await world.submit(day)
        assert [ballot.draw_date for ballot in submitted.ballots] == [day]
        assert submitted.draw.date == day
    with pytest.raises(DateTooFarAhead):
        await world.submit(world.today + timedelta(days=8))
    with pytest.raises(DateTooFarAhead):
        await world.submit(date.max)


async def test_no_ballot_is_accepted_for_a_day_that_is_over(world: "World") -> None:
    await world.reconcile()
    with pytest.raises(DrawClosed):
        await world.submit(world.today - timedelta(days=1))
    with pytest.raises(DrawClosed):
        await world.submit(date.min)


async def test_the_last_instant_before_midnight_is_in_time_and_midnight_is_not(world: "World") -> None:
    day = world.today
    await world.submit(day, now=world.midnight - JUST_BEFORE)
    with pytest.raises(DrawClosed):
        await world.submit(day, now=world.midnight)


async def test_a_change_of_zone_does_not_prolong_a_draw_that_is_open(world: "World") -> None:
    await world.reconcile()
    await world.run("UPDATE lotteries SET zone = 'Pacific/Honolulu'")  # Where it is the 20th for ten hours more.
    await world.submit(date(2026, 11, 20), now=world.midnight - JUST_BEFORE)
    with pytest.raises(DrawClosed):
        await world.submit(date(2026, 11, 20), now=world.midnight)


async def test_a_second_after_midnight_the_eighth_day_is_open_though_no_reconcile_ran(world: "World") -> None:
    await world.reconcile()
    world.now = world.midnight + timedelta(seconds=1)
    submitted = await world.submit(date(2026, 11, 28))
    assert submitted.draw.number == 9


async def test_several_ballots_at_once_are_numbered_from_zero(world: "World") -> None:
    first = await world.submit(count=3)
    second = await world.submit(user=await world.join("bob"), count=2)
    assert [ballot.seq for ballot in first.ballots] == [0, 1, 2]
    assert [ballot.seq for ballot in second.ballots] == [3, 4]
    assert second.draw.ballots == 5


async def test_submitting_at_the_same_time_leaves_no_gap(world: "World") -> None:
    users = [world.ann, await world.join("bob"), await world.join("cleo")]
    await asyncio.gather(*(world.submit(user=users[n % 3], count=1 + n % 4) for n in range(40)))
    draw = await world.draw("2026-11-20")
    assert await world.seqs(draw) == list(range(draw.ballots))
    assert draw.ballots == sum(1 + n % 4 for n in range(40))


async def test_nobody_has_more_ballots_for_a_draw_than_the_setting_allows(world: "World") -> None:
    world.set(ballots_per_draw=5)
    await world.submit(count=3)
    with pytest.raises(TooManyBallots):
        await world.submit(count=3)
    await world.submit(count=2)
    await world.submit(world.today + timedelta(days=1), count=5)
    await world.submit(user=await world.join("bob"), count=5)
    assert await world.seqs(await world.draw("2026-11-20")) == list(range(10))


async def test_the_cap_holds_against_submissions_at_the_same_time(world: "World") -> None:
    world.set(ballots_per_draw=5)
    answers = await asyncio.gather(*(world.submit() for _ in range(12)), return_exceptions=True)
    assert sum(isinstance(answer, TooManyBallots) for answer in answers) == 7
    assert (await world.draw("2026-11-20")).ballots == 5


# Idempotency


async def test_the_same_key_answers_the_same_ballots_and_creates_nothing(world: "World") -> None:
    first = await world.submit(count=2, key="k")
    assert ids(await world.submit(count=2, key="k")) == ids(first)
    assert (await world.draw("2026-11-20")).ballots == 2


async def test_the_same_key_answers_the_same_ballots_a_year_later(world: "World") -> None:
    for day in (None, world.today + timedelta(days=2)):
        first = await world.submit(day, key=f"for {day}")
        again = await world.submit(day, key=f"for {day}", now=world.now + timedelta(days=365))
        assert ids(again) == ids(first)
        assert again.draw.date == first.draw.date


async def test_the_same_key_with_another_body_is_a_conflict(world: "World") -> None:
    world.set(minute_lottery=True)
    await world.submit(key="k")
    for other in (
        world.submit(count=2, key="k"),
        world.submit(world.today, key="k"),
        world.submit(lottery="minute", key="k"),
    ):
        with pytest.raises(IdempotencyConflict):
            await other


async def test_a_key_belongs_to_its_user(world: "World") -> None:
    first = await world.submit(key="k")
    assert ids(await world.submit(key="k", user=await world.join("bob"))) != ids(first)


async def test_the_same_key_many_times_at_once_is_one_submission(world: "World") -> None:
    answers = await asyncio.gather(*(world.submit(count=2, key="k") for _ in range(10)))
    assert len({tuple(ids(answer)) for answer in answers}) == 1
    assert (await world.draw("2026-11-20")).ballots == 2


async def test_the_same_key_for_two_draws_at_once_is_one_submission_and_one_conflict(world: "World") -> None:
    days = [world.today, world.today + timedelta(days=1)]
    answers = await asyncio.gather(*(world.submit(day, key="k") for day in days), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["IdempotencyConflict", "SubmittedBallots"]
    assert sum(draw.ballots for draw in await world.draws()) == 1


# Who, and which


async def test_an_account_that_is_gone_submits_nothing(world: "World") -> None:
    await world.run("DELETE FROM users")
    with pytest.raises(NotLoggedIn):
        await world.submit()


async def test_ballots_outlive_their_account(world: "World") -> None:
    await world.submit(count=2, key="k")
    await world.run("DELETE FROM users")
    assert await world.seqs(await world.draw("2026-11-20")) == [0, 1]


async def test_there_is_no_ballot_for_a_lottery_that_is_unknown_or_has_ended(world: "World") -> None:
    with pytest.raises(NotFound):
        await world.submit(lottery="weekly")
    world.set(minute_lottery=True)
    await world.reconcile()
    world.set(minute_lottery=False)
    await world.reconcile()
    with pytest.raises(LotteryEnded):
        await world.submit(lottery="minute")


# One's own


async def test_my_ballots_are_mine_and_newest_first(world: "World") -> None:
    await world.submit(user=await world.join("bob"))
    earlier = await world.submit(count=2)
    later = await world.submit(world.today + timedelta(days=1))
    async with world.resources.sessions.begin() as session:
        own, me, now = OwnBallots(session=session), world.ann.id, world.now
        page = await own.page(me, now, lottery=None, day=None, before=None, limit=2)
        rest = await own.page(me, now, lottery=None, day=None, before=page.before, limit=2)
        of_today = await own.page(me, now, lottery="daily", day=world.today, before=None, limit=20)
    assert {str(ballot.id) for ballot in [*page.ballots, *rest.ballots]} == {*ids(earlier), *ids(later)}
    assert str(page.ballots[0].id) == ids(later)[0]
    assert rest.before is None
    assert {ballot.seq for ballot in of_today.ballots} == {1, 2}


async def test_my_ballots_say_whether_they_won_once_the_draw_was_held(world: "World") -> None:
    await world.submit(count=3)
    await world.submit(world.today + timedelta(days=1))

    async def won() -> list[bool | None]:
        async with world.resources.sessions.begin() as session:
            own = OwnBallots(session=session)
            page = await own.page(world.ann.id, world.now, lottery=None, day=None, before=None, limit=20)
        return [ballot.won for ballot in page.ballots]

    assert await won() == [None] * 4
    world.now = world.midnight
    await world.reconcile()
    tomorrows, *todays = await won()
    assert tomorrows is None
    assert sorted(map(bool, todays)) == [False, False, True]
    assert None not in todays


# The race with the draw


async def test_a_ballot_that_waits_for_a_draw_that_is_being_closed_is_refused(world: "World") -> None:
    """Its process's clock is behind: the date is still open there."""
    await world.submit()
    draw = await world.draw("2026-11-20")
    async with world.resources.sessions.begin() as session:
        await Holding(session, world.resources.settings).freeze(draw.id, world.midnight)
        late = asyncio.create_task(world.submit(now=world.midnight - JUST_BEFORE))
        await asyncio.sleep(0.1)
        assert not late.done()
    with pytest.raises(DrawClosed):
        await late
    assert await world.seqs(draw) == [0]


async def test_a_draw_whose_last_ballot_is_being_stored_is_left_for_the_next_minute(world: "World") -> None:
    await world.submit()
    await world.reconcile()
    draw = await world.draw("2026-11-20")
    async with world.resources.sessions.begin() as session:
        await session.execute(select(Draw).where(Draw.id == draw.id).with_for_update())
        world.now = world.midnight
        assert await world.reconcile() == []
    world.wait(minutes=1)
    assert [held.number for held in await world.reconcile()] == [draw.number]


async def test_every_ballot_that_was_accepted_around_the_close_took_part(world: "World") -> None:
    await world.reconcile()
    world.now = world.midnight

    async def late(n: int) -> SubmittedBallots:
        await asyncio.sleep(n / 1000)
        return await world.submit(date(2026, 11, 20), now=world.midnight - JUST_BEFORE)

    submissions = [asyncio.create_task(late(n)) for n in range(60)]
    held = []
    for _ in range(10):
        await asyncio.sleep(0.005)
        held += await world.reconcile()
        world.wait(minutes=1)
    answers = await asyncio.gather(*submissions, return_exceptions=True)
    accepted = [answer for answer in answers if isinstance(answer, SubmittedBallots)]
    assert sum(isinstance(answer, DrawClosed) for answer in answers) == 60 - len(accepted)
    assert [draw.period for draw in held] == ["2026-11-20"]
    assert held[0].ballots == len(accepted)
    assert await world.seqs(await world.draw("2026-11-20")) == list(range(len(accepted)))
