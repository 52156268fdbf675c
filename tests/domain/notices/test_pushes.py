import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from http_ece import ECEException
from sqlalchemy import text
from tests.domain.notices.conftest import Browser, notify, run, wait_out

from app.domain.notices.couriers import Courier
from app.domain.notices.parcels import Parcel, Receipt
from app.domain.notices.schemas import DoNotDisturb, NotificationSettingChange
from app.domain.notices.services.notifications import Kind, Notifications
from app.domain.notices.services.preferences import Preferences
from app.domain.notices.tasks.pushes import AT_ONCE, Pusher, deliver_due, deliver_pushes, tidy_up
from app.domain.notices.tasks.telling import bell
from app.domain.notices.vapid import CURVE, Vapid, new_private_key, padded
from app.outbound.posting import open_outbound
from app.resources import Sessions, running
from app.settings import Settings
from app.workers.broker import open_broker

if TYPE_CHECKING:
    from tests.domain.notices.conftest import NewReader, PushService, Reader

pytestmark = pytest.mark.anyio


async def only_push(sessions: Sessions) -> Any:  # noqa: ANN401  a row of the table
    [row] = await run(sessions, "SELECT attempts, sent_at, failed_at, next_attempt_at - now() AS pause FROM pushes")
    return row


async def test_a_device_reads_what_was_written_for_it_and_nobody_else_can(
    ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    [notified] = await ada.hear("m:1")
    assert notified.pushed
    assert await deliver_due(sessions, courier) == 1
    [arrival] = push_service.arrivals
    assert arrival.path == "/send/phone"
    message = phone.open(arrival.content)
    assert datetime.fromisoformat(message.pop("created_at")) == notified.notification.created_at
    assert message == {
        "id": 1,
        "tag": "notification-1",
        "kind": "mention",
        "title": "grace mentioned you",
        "text": "Well, @you",
        "conversation_id": 7,
        "body": {"user_id": 99, "username": "grace", "excerpt": "Well, @you"},
    }
    with pytest.raises(ECEException):
        Browser(phone.endpoint).open(arrival.content)
    assert b"grace" not in arrival.content
    assert (await only_push(sessions)).sent_at
    assert await deliver_due(sessions, courier) == 0


async def test_the_service_is_told_who_we_are_and_how_long_to_keep_it(
    ada: "Reader", phone: Browser, push_service: "PushService", sessions: Sessions
) -> None:
    vapid = Vapid(new_private_key(), "mailto:post@parlour.example")
    await notify(sessions, [ada.notice("m:1"), ada.notice("f:1", Kind.FRIEND_REQUEST)])
    async with open_outbound(inside=True) as outbound:
        await deliver_due(sessions, Courier(outbound, vapid))
    pressing, other = sorted(push_service.arrivals, key=lambda arrival: arrival.headers["urgency"])
    assert (pressing.headers["urgency"], other.headers["urgency"]) == ("high", "normal")
    assert pressing.headers["content-encoding"] == "aes128gcm"
    assert 86_000 < int(pressing.headers["ttl"]) <= 86_400
    assert len(pressing.headers["topic"]) == 32
    assert pressing.headers["topic"] != other.headers["topic"]

    scheme, token, key = pressing.headers["authorization"].replace(",", "").split(" ")
    assert (scheme, key) == ("vapid", f"k={vapid.public_key}")
    public_key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, padded(key.removeprefix("k=")))
    claims = jwt.decode(token.removeprefix("t="), public_key, ["ES256"], audience=push_service.address)
    assert claims["sub"] == "mailto:post@parlour.example"
    assert claims["exp"] < datetime.now(UTC).timestamp() + 24 * 3600


async def test_every_device_is_sent_it_once_however_many_workers_there_are(
    new_reader: "NewReader", push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    readers = [await new_reader(name) for name in ("ada", "ben", "cid")]
    browsers = {}
    for reader in readers:
        for n in range(3):
            browser = Browser(f"{push_service.address}/send/{reader.id}-{n}")
            browsers[f"/send/{reader.id}-{n}"] = browser
            await reader.subscribe(browser)
    await notify(sessions, [reader.notice(f"m:{n}") for reader in readers for n in range(5)])
    sent = await asyncio.gather(*(deliver_due(sessions, courier) for _ in range(3)))
    assert sum(sent) == len(push_service.arrivals) == 45
    heard = {(one.path, browsers[one.path].open(one.content)["id"]) for one in push_service.arrivals}
    assert len(heard) == 45
    assert len(push_service.writers) <= 3 * AT_ONCE, "connections are used again"


@pytest.mark.parametrize("status", [404, 410])
async def test_a_device_that_is_gone_is_forgotten(
    status: int, ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    push_service.status = status
    await notify(sessions, [ada.notice("m:1"), ada.notice("m:2")])
    assert await deliver_due(sessions, courier) == 0
    assert await run(sessions, "SELECT * FROM push_subscriptions") == []
    assert await run(sessions, "SELECT * FROM pushes") == []
    [notified] = await ada.hear("m:3")
    assert not notified.pushed


async def test_a_service_in_trouble_is_tried_again_later_and_replaces_what_it_may_have_taken(
    ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    push_service.status = 503
    await ada.hear("m:1")
    for attempt, pause in ((1, 1), (2, 2), (3, 4)):
        assert await deliver_due(sessions, courier) == 0
        row = await only_push(sessions)
        assert row.attempts == attempt
        assert timedelta(minutes=pause - 0.2) < row.pause <= timedelta(minutes=pause)
        await run(sessions, "UPDATE pushes SET next_attempt_at = now()")
    push_service.status = 201
    assert await deliver_due(sessions, courier) == 1
    assert {(one.headers["topic"], phone.open(one.content)["tag"]) for one in push_service.arrivals} == {
        (push_service.arrivals[0].headers["topic"], "notification-1")
    }


async def test_a_service_that_wants_to_be_left_alone_is_for_all_that_waits_for_the_device(
    ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    push_service.status, push_service.headers = 429, {"Retry-After": "1800"}
    await ada.hear("m:1")
    await deliver_due(sessions, courier)
    assert timedelta(minutes=29) < (await only_push(sessions)).pause <= timedelta(minutes=30)
    await notify(sessions, [ada.notice(f"m:{n}") for n in range(2, 2 * AT_ONCE)])
    await deliver_due(sessions, courier)
    assert len(push_service.arrivals) <= 1 + AT_ONCE, "the first refusal has put off those that were not under way"
    assert await run(sessions, "SELECT * FROM pushes WHERE next_attempt_at < now() + interval '29 minutes'") == []


async def test_after_a_day_it_is_given_up(
    ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    push_service.status = 500
    await ada.hear("m:1")
    await wait_out(sessions, hours=23, minutes=59, seconds=30)
    await deliver_due(sessions, courier)
    row = await only_push(sessions)
    assert (row.attempts, row.sent_at) == (1, None)
    assert row.failed_at
    await ada.hear("m:2")
    await wait_out(sessions, hours=24)
    push_service.status = 201
    assert await deliver_due(sessions, courier) == 0, "nobody wants yesterday's news"


async def test_what_a_service_will_never_take_is_not_offered_again(
    ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    push_service.status = 413
    await ada.hear("m:1")
    await deliver_due(sessions, courier)
    assert (await only_push(sessions)).failed_at


async def test_a_redirect_is_not_followed(
    ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    push_service.status, push_service.headers = 307, {"Location": f"{push_service.address}/elsewhere"}
    await ada.hear("m:1")
    await deliver_due(sessions, courier)
    assert [arrival.path for arrival in push_service.arrivals] == ["/send/phone"]
    assert (await only_push(sessions)).failed_at


async def test_nobody_at_home_is_tried_again(ada: "Reader", courier: Courier, sessions: Sessions) -> None:
    await ada.subscribe(Browser("http://127.0.0.1:1/send"))
    await ada.hear("m:1")
    assert await deliver_due(sessions, courier) == 0
    rows = await run(sessions, "SELECT attempts, sent_at, failed_at FROM pushes")
    assert [tuple(row) for row in rows] == [(1, None, None)]


async def test_a_device_that_names_a_host_of_ours_is_sent_nothing(
    ada: "Reader", phone: Browser, push_service: "PushService", sessions: Sessions
) -> None:
    """It was subscribed while that was allowed; or its name pointed elsewhere then."""
    await ada.subscribe(Browser(push_service.address.replace("http://127.0.0.1", "https://localhost")))
    await ada.hear("m:1")
    async with open_outbound(inside=False) as outbound:
        await deliver_due(sessions, Courier(outbound, Vapid(new_private_key(), "mailto:a@b.example")))
    assert push_service.writers == []
    rows = await run(sessions, "SELECT failed_at IS NULL FROM pushes")
    assert [waits for (waits,) in rows] == [False, False]


async def test_a_worker_that_dies_while_sending_leaves_it_to_the_next(
    ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    class Dying(Courier):
        async def carry(self, parcel: Parcel, now: datetime) -> Receipt:  # noqa: ARG002  It dies whatever it carries.
            raise asyncio.CancelledError

    await ada.hear("m:1")
    async with open_outbound(inside=True) as outbound:
        with pytest.raises(asyncio.CancelledError):
            await deliver_due(sessions, Dying(outbound, Vapid(new_private_key(), "mailto:a@b.example")))
    assert await deliver_due(sessions, courier) == 0, "it may still be under way"
    await wait_out(sessions, minutes=1)
    assert await deliver_due(sessions, courier) == 1


async def test_what_was_read_meanwhile_disturbs_nobody(
    ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    [notified] = await ada.hear("m:1")
    async with sessions.begin() as session:
        await Notifications(session=session).mark_read(ada.id, up_to_id=notified.notification.id)
    assert await deliver_due(sessions, courier) == 0
    assert push_service.arrivals == []
    assert await run(sessions, "SELECT * FROM pushes") == []


async def test_a_muted_conversation_is_listed_and_not_pushed_until_the_mute_runs_out(
    ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    mute = "INSERT INTO mutes (user_id, conversation_id, until) VALUES (:user, 7, now() + interval '1 hour')"
    await run(sessions, mute, user=ada.id)
    await notify(sessions, [ada.notice("m:1"), ada.notice("m:2", conversation_id=8)])
    assert await deliver_due(sessions, courier) == 1
    assert phone.open(push_service.arrivals[0].content)["conversation_id"] == 8
    async with sessions() as session:
        assert await Notifications(session=session).unread_count(ada.id) == 2
    await run(sessions, "UPDATE mutes SET until = now()")
    await ada.hear("m:3")
    assert await deliver_due(sessions, courier) == 1


async def change(sessions: Sessions, reader: "Reader", **changes: Any) -> None:  # noqa: ANN401  any setting's value
    async with sessions.begin() as session:
        await Preferences(session=session).change(reader.id, NotificationSettingChange(**changes))


async def test_at_night_nothing_is_pushed_nor_made_up_for_in_the_morning(
    ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    await change(sessions, ada, zone="Europe/Kyiv", do_not_disturb=DoNotDisturb(begins="22:00", ends="07:00"))
    today = datetime.now(UTC).replace(minute=30)
    await ada.hear("m:1")
    assert await deliver_due(sessions, courier, next_time(today, 23)) == 0
    assert await deliver_due(sessions, courier, next_time(today, 12)) == 0
    await ada.hear("m:2")
    assert await deliver_due(sessions, courier, next_time(today, 12)) == 1
    assert phone.open(push_service.arrivals[0].content)["id"] == 2


def next_time(now: datetime, kyiv_hour: int) -> datetime:
    """The moment of today, in UTC, at which it is some hour in Kyiv; never a day away from now."""
    return now.astimezone(ZoneInfo("Europe/Kyiv")).replace(hour=kyiv_hour).astimezone(UTC)


async def test_pushes_can_be_switched_off(
    ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    await change(sessions, ada, push=False)
    await ada.hear("m:1")
    assert await deliver_due(sessions, courier) == 0
    await change(sessions, ada, push=True, push_messages="mentions")
    await ada.hear("d:1", Kind.DIRECT_MESSAGE, listed=False)
    await ada.hear("m:2")
    assert await deliver_due(sessions, courier) == 1


async def test_a_logout_stops_what_was_on_its_way(
    ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    await ada.hear("m:1")
    await run(sessions, "UPDATE login_sessions SET ended_at = now()")
    assert await deliver_due(sessions, courier) == 0
    assert push_service.arrivals == []


async def test_a_device_that_goes_at_that_moment_fails_nobody_who_notifies(
    ada: "Reader", phone: Browser, courier: Courier, sessions: Sessions
) -> None:
    async with sessions() as leaving:
        await leaving.execute(text("DELETE FROM push_subscriptions"))
        [notified] = await ada.hear("m:1")
        await leaving.commit()
    assert notified.pushed
    assert await deliver_due(sessions, courier) == 0
    assert await run(sessions, "SELECT * FROM pushes") == []


async def test_what_nobody_needs_any_more_is_tidied_away(
    ada: "Reader", phone: Browser, courier: Courier, sessions: Sessions
) -> None:
    await ada.hear("m:1")
    await ada.hear("d:1", Kind.DIRECT_MESSAGE, listed=False)
    await deliver_due(sessions, courier)
    await tidy_up(sessions)
    assert len(await run(sessions, "SELECT * FROM pushes")) == 2
    await wait_out(sessions, days=3)
    await tidy_up(sessions)
    assert await run(sessions, "SELECT * FROM pushes") == []
    assert [tuple(row) for row in await run(sessions, "SELECT key FROM notifications")] == [("m:1",)]


async def test_a_pusher_sends_when_the_bell_rings_and_goes_on_after_trouble(
    ada: "Reader", phone: Browser, push_service: "PushService", courier: Courier, sessions: Sessions
) -> None:
    class Clumsy(Courier):
        dropped = 0

        async def carry(self, parcel: Parcel, now: datetime) -> Receipt:
            if not self.dropped:
                self.dropped += 1
                raise ValueError("dropped it")
            return await courier.carry(parcel, now)

    async with open_outbound(inside=True) as outbound:
        pusher = Pusher(sessions, Clumsy(outbound, Vapid(new_private_key(), "mailto:a@b.example")))
        async with running(pusher.run()), asyncio.timeout(20):
            await ada.hear("m:1")
            pusher.ring()
            while not await run(sessions, "SELECT * FROM pushes WHERE attempts = 1"):
                await asyncio.sleep(0.01)
            await ada.hear("m:2")
            pusher.ring()
            while not push_service.arrivals:
                await asyncio.sleep(0.01)
    assert phone.open(push_service.arrivals[0].content)["id"] == 2


def test_the_bell_is_what_taskiq_would_have_written(settings: Settings) -> None:
    """It rides on the pipeline of whoever announces, past taskiq."""
    message = open_broker(settings.redis_url).formatter.loads(bell())
    assert (message.task_name, message.args, message.kwargs) == (deliver_pushes.task_name, [], {})
