"""Notifications as a client meets them: on a running server, with a worker that pushes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar
from tests.clients import Player
from tests.conftest import Register
from tests.domain.notices.conftest import Browser

from app.asgi import constant
from app.domain.notices.controllers.push import PushController
from app.domain.notices.vapid import padded
from app.problems import exception_handlers
from app.resources import Resources

if TYPE_CHECKING:
    from tests.domain.notices.conftest import Arrival, PushService

pytestmark = pytest.mark.anyio
NOTIFICATIONS = "/api/notifications"
SUBSCRIPTIONS = "/api/notifications/push/subscriptions"


async def ask(friend: Player, player: Player) -> None:
    answer = await friend.http.post("/api/friends/requests", json={"username": player.username})
    assert answer.is_success


async def subscribe(player: Player, browser: Browser) -> dict[str, Any]:
    body = msgspec.to_builtins(browser.subscription)
    answer = await player.http.put(SUBSCRIPTIONS, json=body)
    assert answer.status_code == 200, answer.text
    device: dict[str, Any] = answer.json()
    return device


async def arrival(service: "PushService", count: int = 1) -> "Arrival":
    """The last of so many."""
    async with asyncio.timeout(20):
        while len(service.arrivals) < count:
            await asyncio.sleep(0.02)
    return service.arrivals[count - 1]


async def test_a_friend_request_is_listed_shown_on_every_socket_and_pushed(
    player: Register, push_service: "PushService"
) -> None:
    ada, ben = await player("ada"), await player("ben")
    phone = Browser(f"{push_service.address}/send/ada")
    await subscribe(ada, phone)
    async with ada.socket("/ws") as laptop, ada.socket("/ws") as tablet:
        for socket in (laptop, tablet):
            await socket.until("ready")
        await ask(ben, ada)
        await ask(ben, ada)
        frames = [await socket.until("notification") for socket in (laptop, tablet)]
        page = (await ada.http.get(NOTIFICATIONS)).json()
        [notification] = page["notifications"]
        assert page["unread"] == 1
        assert frames == [{"type": "notification", **notification}] * 2
        assert notification["kind"] == "friend_request"
        assert notification["body"] == {"user_id": ben.id, "username": ben.username}
        pushed = phone.open((await arrival(push_service)).content)
        assert (pushed["id"], pushed["title"]) == (notification["id"], f"{ben.username} wants to be your friend")

        read = await ada.http.post(f"{NOTIFICATIONS}/read", json={"up_to_id": notification["id"]})
        assert read.json() == {"unread": 0}
        assert await tablet.until("notifications_read") == {
            "type": "notifications_read",
            "up_to_id": notification["id"],
            "ids": [],
            "unread": 0,
        }
    assert (await ada.http.get(f"{NOTIFICATIONS}?unread=true")).json()["notifications"] == []
    assert len(push_service.arrivals) == 1


async def test_an_acceptance_is_told_to_whoever_asked(player: Register) -> None:
    ada, ben = await player("ada"), await player("ben")
    await ask(ben, ada)
    for _ in range(2):
        assert (await ada.http.post(f"/api/friends/requests/{ben.id}/accept")).status_code == 200
    [notification] = (await ben.http.get(NOTIFICATIONS)).json()["notifications"]
    assert (notification["kind"], notification["body"]["username"]) == ("friend_accepted", ada.username)


async def test_asking_back_is_an_acceptance_and_asking_anew_is_news(player: Register) -> None:
    ada, ben = await player("ada"), await player("ben")
    await ask(ben, ada)
    await ask(ada, ben)
    assert [one["kind"] for one in (await ben.http.get(NOTIFICATIONS)).json()["notifications"]] == ["friend_accepted"]
    assert (await ada.http.delete(f"/api/friends/{ben.id}")).status_code == 204
    await ask(ben, ada)
    kinds = [one["kind"] for one in (await ada.http.get(NOTIFICATIONS)).json()["notifications"]]
    assert kinds == ["friend_request", "friend_request"]


async def test_the_list_is_paged_counted_and_emptied(player: Register) -> None:
    ada = await player("ada")
    for n in range(3):
        await ask(await player(f"friend{n}"), ada)
    first = (await ada.http.get(NOTIFICATIONS, params={"limit": 2})).json()
    second = (await ada.http.get(NOTIFICATIONS, params={"limit": 2, "before": first["before"]})).json()
    ids = [one["id"] for page in (first, second) for one in page["notifications"]]
    assert ids == sorted(ids, reverse=True)
    assert (len(ids), second["before"]) == (3, None)
    assert (await ada.http.get(f"{NOTIFICATIONS}/unread-count")).json() == {"unread": 3}
    assert (await ada.http.post(f"{NOTIFICATIONS}/read", json={"ids": ids[:1]})).json() == {"unread": 2}
    async with ada.socket("/ws") as socket:
        assert (await ada.http.delete(f"{NOTIFICATIONS}/{ids[1]}")).status_code == 204
        assert (await socket.until("notifications_read"))["ids"] == [ids[1]]
        assert (await ada.http.delete(f"{NOTIFICATIONS}/{ids[1]}")).status_code == 404
        assert (await ada.http.delete(NOTIFICATIONS)).status_code == 204
        assert (await socket.until("notifications_read"))["unread"] == 0
        assert (await ada.http.delete(NOTIFICATIONS)).status_code == 204
    assert (await ada.http.get(NOTIFICATIONS)).json() == {"notifications": [], "before": None, "unread": 0}


async def test_the_notifications_of_others_are_not_there(player: Register) -> None:
    ada, ben = await player("ada"), await player("ben")
    await ask(ben, ada)
    [notification] = (await ada.http.get(NOTIFICATIONS)).json()["notifications"]
    assert (await ben.http.delete(f"{NOTIFICATIONS}/{notification['id']}")).status_code == 404
    assert (await ben.http.post(f"{NOTIFICATIONS}/read", json={"ids": [notification["id"]]})).json() == {"unread": 0}
    assert (await ada.http.get(f"{NOTIFICATIONS}/unread-count")).json() == {"unread": 1}


async def test_a_device_is_subscribed_listed_and_removed(player: Register, push_service: "PushService") -> None:
    ada, ben = await player("ada"), await player("ben")
    key = (await ada.http.get(f"{NOTIFICATIONS}/push/key")).json()["public_key"]
    assert len(padded(key)) == 65
    browser = Browser(f"{push_service.address}/send/one")
    device = await subscribe(ada, browser)
    assert await subscribe(ada, browser) == device
    assert device["service"] == "127.0.0.1"
    assert device["current"] is True
    assert (await ada.http.get(SUBSCRIPTIONS)).json() == {"devices": [device]}
    assert browser.endpoint not in (await ada.http.get(SUBSCRIPTIONS)).text
    assert (await ben.http.delete(f"{SUBSCRIPTIONS}/{device['id']}")).status_code == 404
    assert (await ada.http.delete(f"{SUBSCRIPTIONS}/{device['id']}")).status_code == 204
    assert (await ada.http.delete(f"{SUBSCRIPTIONS}/{device['id']}")).status_code == 404


async def test_after_a_logout_nothing_is_pushed_and_others_take_over_the_browser(
    player: Register, push_service: "PushService"
) -> None:
    ada, ben, cid = await player("ada"), await player("ben"), await player("cid")
    shared = Browser(f"{push_service.address}/send/shared")
    await subscribe(ada, shared)
    assert (await ada.http.post("/api/users/logout")).status_code == 204
    await ask(cid, ada)
    await subscribe(ben, shared)
    await ask(cid, ben)
    pushed = shared.open((await arrival(push_service)).content)
    assert pushed["id"] == (await ben.http.get(NOTIFICATIONS)).json()["notifications"][0]["id"]
    assert len(push_service.arrivals) == 1


async def test_conversations_are_muted_by_those_in_them(player: Register) -> None:
    ada, ben, cid = await player("ada"), await player("ben"), await player("cid")
    mute = f"{NOTIFICATIONS}/mutes/{await ada.talk_to(ben)}"
    conversation_id = int(mute.rpartition("/")[2])
    until = (datetime.now(UTC) + timedelta(hours=8)).replace(microsecond=0)
    assert (await ada.http.put(mute)).json() == {"conversation_id": conversation_id, "until": None}
    again = await ada.http.put(mute, json={"until": until.isoformat()})
    assert datetime.fromisoformat(again.json()["until"]) == until
    assert [one["conversation_id"] for one in (await ada.http.get(f"{NOTIFICATIONS}/mutes")).json()["mutes"]] == [
        conversation_id
    ]
    for request in (cid.http.put(mute), cid.http.delete(mute), ada.http.put(f"{NOTIFICATIONS}/mutes/{2**62}")):
        assert (await request).status_code == 404
    for _ in range(2):
        assert (await ada.http.delete(mute)).status_code == 204
    assert (await ada.http.get(f"{NOTIFICATIONS}/mutes")).json() == {"mutes": []}


async def test_settings_are_kept_and_what_is_left_out_stays(player: Register) -> None:
    ada = await player("ada")
    settings = f"{NOTIFICATIONS}/settings"
    default = {"push": True, "push_messages": "all", "do_not_disturb": None, "zone": "UTC", "digest": "off"}
    assert (await ada.http.get(settings)).json() == default
    night = {"from": "22:00", "to": "07:30"}
    changed = await ada.http.patch(settings, json={"do_not_disturb": night, "zone": "Europe/Kyiv", "digest": "weekly"})
    assert changed.json() == default | {"do_not_disturb": night, "zone": "Europe/Kyiv", "digest": "weekly"}
    assert (await ada.http.patch(settings, json={"do_not_disturb": None})).json()["do_not_disturb"] is None
    refused = await ada.http.patch(settings, json={"zone": "Europe/Atlantis"})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_zone")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/read", {}),
        ("POST", "/read", {"up_to_id": 1, "ids": [1]}),
        ("POST", "/read", {"ids": []}),
        ("POST", "/read", {"ids": [0]}),
        ("POST", "/read", {"ids": [1] * 101}),
        ("POST", "/read", {"up_to_id": 2**63}),
        ("PATCH", "/settings", {"push": 1}),
        ("PATCH", "/settings", {"push_messages": "some"}),
        ("PATCH", "/settings", {"do_not_disturb": {"from": "22:00"}}),
        ("PATCH", "/settings", {"do_not_disturb": {"from": "22:00", "to": "22:00"}}),
        ("PATCH", "/settings", {"do_not_disturb": {"from": "24:00", "to": "07:00"}}),
        ("PATCH", "/settings", {"zone": "Europe/Kyiv\0"}),
        ("PATCH", "/settings", {"digest": "hourly"}),
        ("PATCH", "/settings", {"unknown": 1}),
        ("PUT", "/mutes/1", {"until": "2030-01-01T00:00:00"}),
        ("PUT", "/mutes/1", {"until": "tomorrow"}),
        ("PUT", "/mutes/1", {"until": "9999-12-31T23:59:59-05:00"}),
        ("PUT", "/mutes/1", {"until": "0001-01-01T00:00:00+05:00"}),
        ("PUT", "/mutes/0", {}),
        ("PUT", "/push/subscriptions", {"endpoint": "https://push.example.net/a"}),
        ("PUT", "/push/subscriptions", {"endpoint": "ftp://a", "keys": {"p256dh": "a", "auth": "b"}}),
        ("PUT", "/push/subscriptions", {"endpoint": "https://a/\0", "keys": {"p256dh": "a", "auth": "b"}}),
        ("PUT", "/push/subscriptions", {"endpoint": f"https://{'a' * 1000}", "keys": {"p256dh": "a", "auth": "b"}}),
        ("GET", "?limit=101", None),
        ("GET", "?before=0", None),
        ("POST", "/unsubscribe", None),
    ],
)
async def test_what_does_not_fit_is_refused(player: Register, method: str, path: str, body: object) -> None:
    ada = await player("ada")
    answer = await ada.http.request(method, f"{NOTIFICATIONS}{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("keys", [{"p256dh": "AAAA", "auth": "AAAA"}, {"p256dh": "A", "auth": "A"}])
async def test_a_subscription_that_nothing_can_be_sent_to_is_refused(player: Register, keys: dict[str, str]) -> None:
    ada = await player("ada")
    answer = await ada.http.put(SUBSCRIPTIONS, json={"endpoint": "https://push.example.net/a", "keys": keys})
    assert (answer.status_code, answer.json()["code"]) == (422, "subscription_refused")


async def test_a_link_that_nobody_signed_unsubscribes_nobody(base_url: str) -> None:
    async with AsyncClient(base_url=base_url) as http:
        form = {"List-Unsubscribe": "One-Click"}
        answer = await http.post(f"{NOTIFICATIONS}/unsubscribe?token=forged", data=form)
    assert (answer.status_code, answer.json()["code"]) == (400, "unsubscribe_refused")


async def test_a_server_without_a_key_says_that_it_does_not_push(resources: Resources) -> None:
    given = {"settings": resources.settings, "sessions": resources.sessions}
    app = Litestar(
        [PushController],
        dependencies={name: constant(value) for name, value in given.items()},
        exception_handlers=exception_handlers,
    )
    async with AsyncClient(transport=ASGITransport(cast("Any", app)), base_url="http://parlour.test") as http:
        answer = await http.get(f"{NOTIFICATIONS}/push/key")
    assert (answer.status_code, answer.json()["code"]) == (404, "push_off")
