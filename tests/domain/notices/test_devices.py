import asyncio
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.domain.notices.conftest import Browser, run

from app.domain.notices.rules.push import DEVICES, SubscriptionRefused, TooManyDevices
from app.domain.notices.schemas import NewPushDevice
from app.domain.notices.services.devices import Devices
from app.domain.notices.tasks.pushes import tidy_up
from app.resources import Sessions

if TYPE_CHECKING:
    from tests.domain.notices.conftest import NewReader, Reader

pytestmark = pytest.mark.anyio


async def devices_of(reader: "Reader") -> list[int]:
    async with reader.sessions() as session:
        return [device.id for device in await Devices(session=session).of_user(reader.id)]


async def subscribe(reader: "Reader", device: NewPushDevice) -> None:
    async with reader.sessions.begin() as session:
        await Devices(session=session).subscribe(reader.id, reader.session_id, device, inside=False)


async def test_subscribing_again_is_the_same_device_with_its_newest_keys(ada: "Reader", sessions: Sessions) -> None:
    first = await ada.subscribe(Browser("https://push.example.net/a"))
    renewed = Browser("https://push.example.net/a")
    assert await ada.subscribe(renewed) == first
    assert await devices_of(ada) == [first]
    [[p256dh]] = await run(sessions, "SELECT p256dh FROM push_subscriptions")
    async with sessions() as session:
        [device] = await Devices(session=session).of_user(ada.id)
    assert device.p256dh == p256dh
    assert renewed.subscription.keys.p256dh.startswith("B")


async def test_a_device_goes_with_the_account_that_subscribed_it_last_and_takes_nothing_along(
    new_reader: "NewReader", sessions: Sessions
) -> None:
    ada, ben = await new_reader("ada"), await new_reader("ben")
    shared = Browser("https://push.example.net/shared")
    await ada.subscribe(shared)
    await ada.hear("m:1")
    taken_over = await ben.subscribe(shared)
    assert await devices_of(ada) == []
    assert await devices_of(ben) == [taken_over]
    assert await run(sessions, "SELECT * FROM pushes") == []


async def test_a_device_lasts_as_long_as_its_login(ada: "Reader", sessions: Sessions) -> None:
    await ada.subscribe(Browser("https://push.example.net/a"))
    await run(sessions, "UPDATE login_sessions SET ended_at = now()")
    assert await devices_of(ada) == []
    [notified] = await ada.hear("m:1")
    assert not notified.pushed
    await tidy_up(sessions)
    assert await run(sessions, "SELECT * FROM push_subscriptions") == []


async def test_one_login_too_old_to_be_refreshed_has_ended_too(ada: "Reader", sessions: Sessions) -> None:
    await ada.subscribe(Browser("https://push.example.net/a"))
    await run(sessions, "UPDATE login_sessions SET expires_at = now()")
    assert await devices_of(ada) == []


async def test_there_is_room_for_so_many_devices_also_when_they_come_at_once(
    ada: "Reader", new_reader: "NewReader", sessions: Sessions
) -> None:
    for n in range(DEVICES - 1):
        await ada.subscribe(Browser(f"https://push.example.net/{n}"))
    late = [Browser(f"https://push.example.net/late-{n}") for n in range(4)]
    outcomes = await asyncio.gather(*(ada.subscribe(one) for one in late), return_exceptions=True)
    assert sum(isinstance(outcome, TooManyDevices) for outcome in outcomes) == 3
    assert len(await devices_of(ada)) == DEVICES
    await ada.subscribe(Browser("https://push.example.net/0"))
    ben = await new_reader("ben")
    await ben.subscribe(Browser("https://push.example.net/of-ben"))


async def test_nobody_unsubscribes_somebody_else(new_reader: "NewReader", sessions: Sessions) -> None:
    ada, ben = await new_reader("ada"), await new_reader("ben")
    device = await ada.subscribe(Browser("https://push.example.net/a"))
    async with sessions.begin() as session:
        assert not await Devices(session=session).unsubscribe(ben.id, device)
        assert await Devices(session=session).unsubscribe(ada.id, device)
        assert not await Devices(session=session).unsubscribe(ada.id, device)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.net/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://[::ffff:10.0.0.1]/a",
        "https://192.168.1.1:8443/a",
        "https://169.254.169.254/latest/meta-data",
        "https://user:password@push.example.net/a",
        "https://push.example.net:99999/a",
        "https:///a",
        "https://push.example.net/a#b",
    ],
)
async def test_an_endpoint_that_is_no_push_service_is_refused(ada: "Reader", endpoint: str) -> None:
    with pytest.raises(SubscriptionRefused):
        await subscribe(ada, Browser(endpoint).subscription)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("p256dh", ""),
        ("p256dh", "AAAA"),
        ("p256dh", "B" + "A" * 86),
        ("p256dh", "not base64 at all"),
        ("auth", "AAAA"),
        ("auth", "A"),
    ],
)
async def test_keys_that_nothing_can_be_encrypted_with_are_refused(ada: "Reader", key: str, value: str) -> None:
    device = Browser("https://push.example.net/a").subscription
    with pytest.raises(SubscriptionRefused):
        await subscribe(ada, msgspec.structs.replace(device, keys=msgspec.structs.replace(device.keys, **{key: value})))
