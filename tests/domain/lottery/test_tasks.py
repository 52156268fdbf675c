import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs
from taskiq import InMemoryBroker

from app.domain.lottery.schemas import CheckpointFrame, ClosingFrame, DrawFrame
from app.domain.lottery.tasks import reconcile
from app.domain.notices.services.notifications import Notifications
from app.hub import events

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


# Opening


async def test_the_first_reconcile_creates_the_daily_lottery_and_opens_eight_draws(world: "World") -> None:
    await world.reconcile()
    draws = await world.draws()
    assert [draw.number for draw in draws] == list(range(1, 9))
    assert [draw.date for draw in draws] == [world.today + n * DAY for n in range(8)]
    assert draws[0].closes_at == world.midnight
    assert all(draw.opens_at == world.now for draw in draws)


async def test_reconciling_again_opens_nothing_twice(world: "World") -> None:
    for _ in range(3):
        await world.reconcile()
    assert len(await world.draws()) == 8


async def test_three_reconcilers_at_once_open_each_draw_once(world: "World") -> None:
    await asyncio.gather(*(world.reconcile() for _ in range(3)))
    assert [draw.number for draw in await world.draws()] == list(range(1, 9))


async def test_a_change_of_zone_makes_no_second_draw_of_a_date(world: "World") -> None:
    await world.reconcile()
    await world.run("UPDATE lotteries SET zone = 'Pacific/Auckland'")
    world.wait(hours=2)  # There it is the 21st by now.
    await world.reconcile()
    draws = await world.draws()
    assert [draw.date for draw in draws] == [world.today + n * DAY for n in range(9)]
    assert draws[1].closes_at == world.midnight + DAY, "an open draw keeps its close"
    assert draws[8].closes_at.isoformat() == "2026-11-28T11:00:00+00:00"
    await world.run("UPDATE lotteries SET zone = 'Pacific/Honolulu'")
    for _ in range(48):
        world.wait(hours=1)
        await world.reconcile()
    dates = [draw.date for draw in await world.draws()]
    assert len(set(dates)) == len(dates)


async def test_a_lottery_whose_zone_is_gone_does_not_stop_the_others(world: "World") -> None:
    world.set(minute_lottery=True)
    await world.reconcile()
    await world.run("UPDATE lotteries SET zone = 'Atlantis/Capital' WHERE name = 'daily'")
    world.wait(minutes=1)
    with capture_logs() as logs:
        await world.reconcile()
    assert [entry["log_level"] for entry in logs] == ["error"]
    assert [draw.period for draw in await world.draws("minute")] == ["2026-11-20T10:05Z", "2026-11-20T10:06Z"]


# Drawing


async def test_at_midnight_the_draw_of_the_day_before_is_held(world: "World") -> None:
    submitted = await world.submit()
    await world.submit(world.today + DAY)
    world.now = world.midnight - timedelta(seconds=1)
    assert await world.reconcile() == []
    world.now = world.midnight
    [held] = await world.reconcile()
    assert (held.date, held.state, held.ballots, held.drawn_at) == (date(2026, 11, 20), "drawn", 1, world.midnight)
    assert [(winner.ballot_id, winner.username) for winner in held.winners] == [(submitted.ballots[0].id, None)]


async def test_the_winner_is_one_of_the_ballots_for_the_date(world: "World") -> None:
    todays = {ballot.id for ballot in (await world.submit(count=5)).ballots}
    for _ in range(3):
        await world.submit(world.today + DAY, count=100)
    world.now = world.midnight
    [held] = await world.reconcile()
    assert [winner.ballot_id in todays for winner in held.winners] == [True]


async def test_a_day_without_ballots_has_a_draw_without_a_winner(world: "World") -> None:
    await world.reconcile()
    world.now = world.midnight
    [held] = await world.reconcile()
    assert (held.state, held.ballots, held.winners) == ("drawn", 0, [])


async def test_every_prize_goes_to_another_ballot_as_long_as_there_are_any(world: "World") -> None:
    await world.reconcile()
    await world.run("UPDATE draws SET prizes = 5")
    await world.submit(count=3)
    await world.submit(world.today + DAY, count=50)
    world.now = world.midnight + DAY
    first, second = await world.reconcile()
    assert len({winner.ballot_id for winner in first.winners}) == len(first.winners) == 3
    assert len({winner.ballot_id for winner in second.winners}) == len(second.winners) == 5
    assert [winner.prize for winner in second.winners] == [0, 1, 2, 3, 4]


async def test_a_draw_is_never_held_twice(world: "World") -> None:
    await world.submit(count=50)
    world.now = world.midnight
    [held] = await world.reconcile()
    for _ in range(3):
        world.wait(minutes=1)
        assert await world.reconcile(catch_up=True) == []
    assert await world.winners(await world.draw("2026-11-20")) == [held.winners[0].ballot_id]


async def test_three_reconcilers_at_once_hold_exactly_one_draw(world: "World") -> None:
    await world.submit(count=50)
    world.now = world.midnight
    held = [draw for draws in await asyncio.gather(*(world.reconcile() for _ in range(3))) for draw in draws]
    draw = await world.draw("2026-11-20")
    assert len(held) == draw.attempts == 1
    assert await world.winners(draw) == [held[0].winners[0].ballot_id]


async def test_a_clock_that_jumps_an_hour_forth_and_back_changes_no_result(world: "World") -> None:
    await world.submit(count=50)
    world.now = world.midnight - timedelta(minutes=30)
    world.wait(hours=1)
    [held] = await world.reconcile()
    world.wait(hours=-1)
    assert await world.reconcile() == []
    world.wait(hours=1)
    assert await world.reconcile() == []
    assert await world.winners(await world.draw("2026-11-20")) == [held.winners[0].ballot_id]
    assert len({draw.period for draw in await world.draws()}) == len(await world.draws())


async def test_after_three_days_down_three_draws_are_caught_up_in_order(world: "World") -> None:
    for ahead in range(3):
        await world.submit(world.today + ahead * DAY, count=3)
    world.wait(days=3)
    held = await world.reconcile(catch_up=True)
    assert [draw.period for draw in held] == ["2026-11-20", "2026-11-21", "2026-11-22"]
    assert all(len(draw.winners) == 1 for draw in held)


async def test_dates_that_nobody_opened_get_their_draw_after_a_long_downtime(world: "World") -> None:
    await world.reconcile()
    world.wait(days=20)
    held = await world.reconcile()
    assert [draw.date for draw in held] == [date(2026, 11, 20) + n * DAY for n in range(20)]
    assert [draw.number for draw in held] == list(range(1, 21))
    assert held[-1].opens_at == held[-1].closes_at, "it never took ballots"
    assert len(await world.draws()) == 28


# Failing


async def test_a_failing_draw_leaves_no_trace_and_is_tried_again_a_minute_later(world: "World") -> None:
    await world.submit()
    world.now = world.midnight
    async with world.winners_cannot_be_stored():
        assert await world.reconcile() == []
        world.wait(seconds=30)
        assert await world.reconcile() == []
        draw = await world.draw("2026-11-20")
        assert (draw.attempts, draw.drawn_at, await world.winners(draw)) == (1, None, [])
    world.wait(seconds=30)
    assert len(await world.reconcile()) == 1
    assert (await world.draw("2026-11-20")).attempts == 2


async def test_ten_failures_alert_once_and_only_a_catch_up_tries_again(world: "World") -> None:
    await world.submit()
    world.now = world.midnight
    async with world.winners_cannot_be_stored() as logs:
        for _ in range(20):
            await world.reconcile()
            world.wait(minutes=1)
        assert [entry["log_level"] for entry in logs] == ["warning"] * 10 + ["error"]
        draw = await world.draw("2026-11-20")
        assert (draw.attempts, draw.drawn_at) == (10, None)

        await world.reconcile(catch_up=True)
        assert [entry["log_level"] for entry in logs[11:]] == ["warning"]
        assert (await world.draw("2026-11-20")).attempts == 11
    world.wait(minutes=1)
    assert await world.reconcile() == []
    assert [held.period for held in await world.reconcile(catch_up=True)] == ["2026-11-20"]


async def test_a_failing_draw_stops_no_other(world: "World") -> None:
    for ahead in range(3):
        await world.submit(world.today + ahead * DAY)
    second = await world.draw("2026-11-21")
    world.wait(days=3)
    async with world.winners_cannot_be_stored(only_draw=second.id):
        held = await world.reconcile()
    assert [draw.period for draw in held] == ["2026-11-20", "2026-11-22"]
    world.wait(minutes=1)
    assert [draw.period for draw in await world.reconcile()] == ["2026-11-21"]


# The minute lottery


async def test_the_minute_lottery_draws_every_minute_while_its_setting_is_on(world: "World") -> None:
    world.set(minute_lottery=True)
    await world.reconcile()
    submitted = await world.submit(lottery="minute")
    assert submitted.draw.period == "2026-11-20T10:05Z"
    world.wait(minutes=1)
    [held] = await world.reconcile()
    assert (held.lottery, held.period, len(held.winners)) == ("minute", "2026-11-20T10:05Z", 1)
    world.wait(minutes=3)
    periods = [draw.period for draw in await world.reconcile()]
    assert periods == ["2026-11-20T10:06Z", "2026-11-20T10:07Z", "2026-11-20T10:08Z"]

    world.set(minute_lottery=False)
    world.wait(minutes=1)
    assert [draw.period for draw in await world.reconcile()] == ["2026-11-20T10:09Z"], "what was open is still drawn"
    world.wait(minutes=1)
    assert await world.reconcile() == []


async def test_the_minute_lottery_goes_on_when_its_setting_is_switched_on_again(world: "World") -> None:
    for on in (True, False, True):
        world.set(minute_lottery=on)
        await world.reconcile()
        world.wait(minutes=1)
    submitted = await world.submit(lottery="minute")
    assert submitted.draw.period == "2026-11-20T10:08Z"
    assert [draw.number for draw in await world.draws("minute")] == [1, 2, 3, 4], "the minute between has its draw too"


# The task


async def test_the_task_announces_what_it_drew_to_every_socket(world: "World", redis: "Redis") -> None:
    world.now = datetime.now(UTC) - 2 * DAY  # The task goes by the real clock.
    await world.submit()
    broker = InMemoryBroker()
    broker.state.resources = world.resources
    async with redis.pubsub() as listener:
        await listener.subscribe(events.EVERYONE)
        await listener.get_message(timeout=1)
        task = await reconcile.kicker().with_broker(broker).kiq(catch_up=True)  # type: ignore[call-overload]  # taskiq gives the context
        assert not (await task.wait_result(timeout=30)).is_err
        messages = [await listener.get_message(timeout=1, ignore_subscribe_messages=True) for _ in range(2)]
    events_heard = [event for message in messages for event in events.decode_batch(message["data"])]
    assert {event.number for event in events_heard} == {events.EPHEMERAL}
    kept, announced = [msgspec.json.decode(event.frame, type=CheckpointFrame | DrawFrame) for event in events_heard]
    assert isinstance(kept, CheckpointFrame), "the ballots are frozen before anybody can know who wins"
    assert isinstance(announced, DrawFrame)
    assert (announced.lottery, announced.number, len(announced.winners)) == ("daily", 1, 1)


async def test_every_socket_hears_that_a_draw_is_about_to_close(world: "World", redis: "Redis") -> None:
    await world.submit()
    heard = []
    async with redis.pubsub() as listener:
        await listener.subscribe(events.EVERYONE)
        await listener.get_message(timeout=1)
        world.now = world.midnight - timedelta(minutes=62)
        for _ in range(61):
            world.wait(minutes=1)
            await world.reconcile()
        while message := await listener.get_message(timeout=0.1, ignore_subscribe_messages=True):
            heard += [
                msgspec.json.decode(event.frame, type=ClosingFrame) for event in events.decode_batch(message["data"])
            ]
    assert [(one.lottery, one.number, one.ballots) for one in heard] == [("daily", 1, 1)] * 3
    assert {one.closes_at for one in heard} == {world.midnight}


async def test_the_winner_is_notified_once(world: "World", redis: "Redis") -> None:
    ben = await world.join("ben")
    await world.submit(user=ben)
    async with redis.pubsub() as pubsub:
        await pubsub.subscribe(events.user(ben.id))
        await pubsub.get_message(timeout=5)
        world.now = world.midnight
        for _ in range(2):
            await world.reconcile()
            world.wait(minutes=1)
        message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=5)
    assert message
    [event] = events.decode_batch(message["data"])
    told = msgspec.json.decode(event.frame)
    assert (told["type"], told["kind"]) == ("notification", "draw_won")
    assert told["body"] == {"lottery": "daily", "number": 1, "period": "2026-11-20", "prize": 0}
    async with world.resources.sessions() as session:
        page = await Notifications(session=session).page(ben.id, before=None, limit=10, unread=True)
        assert await Notifications(session=session).unread_count(world.ann.id) == 0
    assert [one.id for one in page.notifications] == [told["id"]]
