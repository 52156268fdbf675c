import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from sqlalchemy import select
from structlog.testing import capture_logs

from app.domain.accounts.models import User
from app.domain.accounts.standing import StaffRole
from app.domain.lottery.models import Draw
from app.domain.lottery.rules.alerts import ADVICE, OVERDUE, Reason
from app.domain.lottery.services.alerts import Alerts, count_overdue
from app.domain.lottery.tasks import alert
from app.domain.notices.models import OutgoingMail
from app.domain.notices.schemas import NotificationOut
from app.domain.notices.services.notifications import Notifications
from app.domain.notices.words import words_for
from app.hub import events

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio


async def told(world: "World", user: User) -> list[NotificationOut]:
    async with world.resources.sessions() as session:
        page = await Notifications(session=session).page(user.id, before=None, limit=10, unread=False)
    return page.notifications


async def mails(world: "World") -> list[OutgoingMail]:
    async with world.resources.sessions() as session:
        return list(await session.scalars(select(OutgoingMail).order_by(OutgoingMail.recipient)))


@pytest.fixture
async def closed(world: "World") -> Draw:
    """A draw that should be held, with a ballot in it."""
    await world.submit()
    world.now = world.midnight
    return await world.draw("2026-11-20")


async def test_three_schedulers_try_a_failing_draw_ten_times_a_minute_apart_and_alert_once(
    world: "World", closed: Draw
) -> None:
    sue = await world.join("sue", StaffRole.STAFF)
    async with world.winners_cannot_be_stored() as logs:
        for minute in range(1, 15):
            await asyncio.gather(*(world.reconcile() for _ in range(3)))
            assert (await world.draw(closed.period)).attempts == min(minute, 10)
            assert len(await told(world, sue)) == (minute > 10)
            world.wait(minutes=1)
        [called] = [entry for entry in logs if entry["log_level"] == "error"]
        assert {**called, "event": ""} == {
            "event": "", "log_level": "error", "lottery": "daily", "number": 1, "period": "2026-11-20",
            "reason": "failed",
        }  # fmt: skip
        await world.reconcile(catch_up=True)
    world.wait(minutes=1)
    assert [held.period for held in await world.reconcile(catch_up=True)] == ["2026-11-20"]
    assert len(await told(world, sue)) == 1


async def test_an_alert_that_could_not_be_raised_is_raised_a_minute_later(world: "World", closed: Draw) -> None:
    sue = await world.join("sue", StaffRole.STAFF)
    async with world.winners_cannot_be_stored():
        for _ in range(10):
            await world.reconcile()
            world.wait(minutes=1)
        async with world.before_each("notifications", "RAISE 'the power is out';"):
            await world.reconcile()
        assert await told(world, sue) == []
        world.wait(minutes=1)
        await world.reconcile()
    assert len(await told(world, sue)) == 1


async def test_all_staff_is_told_and_nobody_else(world: "World", closed: Draw, redis: "Redis") -> None:
    sue, sam = await world.join("sue", StaffRole.STAFF), await world.join("sam", StaffRole.SUPERUSER)
    mia, ben = await world.join("mia", StaffRole.MODERATOR), await world.join("ben", StaffRole.STAFF)
    await world.run(f"UPDATE users SET suspended_until = 'infinity' WHERE id = {ben.id}")
    async with redis.pubsub() as pubsub:
        await pubsub.subscribe(events.user(sue.id))
        await pubsub.get_message(timeout=5)
        await alert(world.resources, closed.id, Reason.DEALER_MISSING, world.now)
        message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=5)
    assert message
    [event] = events.decode_batch(message["data"])
    frame = msgspec.json.decode(event.frame)
    assert (frame["type"], frame["kind"]) == ("notification", "draw_alert")
    assert frame["body"] == {"lottery": "daily", "number": 1, "period": "2026-11-20", "reason": "dealer_missing"}
    assert [len(await told(world, user)) for user in (sue, sam, mia, ben, world.ann)] == [1, 1, 0, 0, 0]
    [notification] = await told(world, sue)
    words = words_for(notification.kind, notification.body)
    assert words.line == "The daily draw of 2026-11-20 needs an operator: dealer missing"


async def test_staff_gets_a_mail_when_there_is_a_mail_server(world: "World", closed: Draw) -> None:
    await world.join("sue", StaffRole.STAFF)
    nameless = await world.join("sam", StaffRole.STAFF)
    await world.run(f"UPDATE users SET email = NULL WHERE id = {nameless.id}")
    await alert(world.resources, closed.id, Reason.BEACON_MISSING, world.now)
    assert await mails(world) == []
    world.set(smtp_url=SecretStr("smtp://nowhere.invalid"))
    with capture_logs() as logs:  # Nobody has opened a broker here, so that the postman cannot be rung.
        await alert(world.resources, closed.id, Reason.SECRET_MISMATCH, world.now)
    assert [entry["log_level"] for entry in logs] == ["error", "warning"]
    [mail] = await mails(world)
    assert (mail.recipient, mail.subject) == ("sue@example.org", "The daily draw of 2026-11-20 needs an operator")
    assert ADVICE[Reason.SECRET_MISMATCH] in mail.body


async def test_each_reason_alerts_once_whoever_raises_it(world: "World", closed: Draw) -> None:
    sue = await world.join("sue", StaffRole.STAFF)
    with capture_logs() as logs:
        for reason in Reason:
            await asyncio.gather(*(alert(world.resources, closed.id, reason, world.now) for _ in range(3)))
            world.wait(minutes=1)
            await alert(world.resources, closed.id, reason, world.now)
    assert [entry["reason"] for entry in logs] == list(Reason)
    assert [notification.body.reason for notification in reversed(await told(world, sue))] == list(Reason)


async def test_a_draw_that_waits_for_others_is_tried_on_every_minute(world: "World", closed: Draw) -> None:
    await alert(world.resources, closed.id, Reason.DEALER_MISSING, world.now)
    assert [held.number for held in await world.reconcile()] == [closed.number]


async def test_nothing_of_an_alert_is_there_before_all_of_it(world: "World", closed: Draw) -> None:
    sue = await world.join("sue", StaffRole.STAFF)
    async with world.resources.sessions() as session:
        assert await Alerts(session, world.resources.settings).raise_once(closed.id, Reason.FAILED, world.now)
        await session.rollback()
    assert await told(world, sue) == []
    await alert(world.resources, closed.id, Reason.FAILED, world.now)
    assert len(await told(world, sue)) == 1


async def test_there_is_no_alert_about_a_draw_that_was_held_meanwhile(world: "World", closed: Draw) -> None:
    sue = await world.join("sue", StaffRole.STAFF)
    await world.reconcile()
    await alert(world.resources, closed.id, Reason.FAILED, world.now)
    assert await told(world, sue) == []


async def test_a_draw_is_overdue_two_minutes_after_it_closed(world: "World", closed: Draw) -> None:
    async def overdue() -> int:
        async with world.resources.sessions() as session:
            return await count_overdue(session, world.now)

    assert await overdue() == 0
    world.wait(seconds=OVERDUE.total_seconds() - 1)
    assert await overdue() == 0
    world.wait(seconds=1)
    assert await overdue() == 1
    world.wait(days=1)
    assert await overdue() == 2
    await world.reconcile()
    assert await overdue() == 0
    assert timedelta(minutes=1) < OVERDUE < timedelta(minutes=10)
