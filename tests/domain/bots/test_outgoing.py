"""Receivers of a group's events, on the running server with its real worker."""

import asyncio
from typing import Any

import httpx
import pytest
from standardwebhooks import WebhookVerificationError
from tests.conftest import Register
from tests.domain.bots.conftest import Group, Receiver

from app.domain.bots.rules import OUTGOING_PER_CONVERSATION

pytestmark = pytest.mark.anyio
Json = dict[str, Any]
ALL = ["message.created", "message.edited", "message.deleted", "message.reacted", "message.unreacted"]
THUMB = "%F0%9F%91%8D"


async def subscribe(group: Group, url: str, *events: str) -> Json:
    body = {"url": url, "events": events or ["message.created"]}
    answer = await group.owner.http.post(f"{group.path}/webhooks/outgoing", json=body)
    assert answer.status_code == 201, answer.text
    webhook: Json = answer.json()
    return webhook


async def until(receiver: Receiver, count: int) -> None:
    async with asyncio.timeout(10):
        while len(receiver.got) < count:
            await asyncio.sleep(0.05)


async def act(group: Group, webhook: Json, verb: str, body: Json | None = None) -> httpx.Response:
    return await group.owner.http.post(f"{group.path}/webhooks/outgoing/{webhook['id']}/{verb}", json=body)


async def deliveries(group: Group, webhook: Json, count: int) -> list[Json]:
    """The last attempts, when there are so many."""
    found: list[Json] = []
    async with asyncio.timeout(10):
        while len(found) < count:
            await asyncio.sleep(0.05)
            answer = await group.owner.http.get(f"{group.path}/webhooks/outgoing/{webhook['id']}/deliveries")
            found = answer.json()
    return found


async def test_everything_that_happens_is_delivered_signed_and_in_order(group: Group, receiver: Receiver) -> None:
    await group.say("before")
    webhook = await subscribe(group, receiver.url, *ALL)
    messages = f"{group.path}/messages"
    await group.say("first")
    await group.owner.http.patch(f"{messages}/2", json={"message": "1st"})
    await group.owner.http.put(f"{messages}/2/reactions/{THUMB}")
    await group.owner.http.delete(f"{messages}/2/reactions/{THUMB}")
    await group.say("second")
    await group.owner.http.delete(f"{messages}/6")
    await until(receiver, 6)
    assert [one.payload["type"] for one in receiver.got] == [
        "message.created", "message.edited", "message.reacted", "message.unreacted", "message.created",
        "message.deleted",
    ]  # fmt: skip
    assert [one.id for one in receiver.got] == [f"msg_{webhook['id']}_{n}" for n in range(2, 8)]
    assert all(one.is_signed_by(webhook["secret"]) for one in receiver.got)
    first = receiver.got[0]
    assert first.headers["content-type"] == "application/json"
    assert first.payload["data"]["conversation_id"] == group.id
    assert first.payload["timestamp"] == first.payload["data"]["timestamp"]
    tried = await deliveries(group, webhook, 6)
    assert [(one["attempt"], one["webhook_id"], one["delivered"], one["status"]) for one in tried[::5]] == [
        (6, f"msg_{webhook['id']}_7", True, 204), (1, f"msg_{webhook['id']}_2", True, 204),
    ]  # fmt: skip


async def test_only_what_was_asked_for_is_delivered(group: Group, receiver: Receiver) -> None:
    await subscribe(group, receiver.url, "message.deleted")
    await group.say("first")
    await group.owner.http.delete(f"{group.path}/messages/1")
    await until(receiver, 1)
    assert [one.payload["type"] for one in receiver.got] == ["message.deleted"]


async def test_a_ping_is_sent_on_request_also_while_it_is_disabled(group: Group, receiver: Receiver) -> None:
    webhook = await subscribe(group, receiver.url)
    assert (await act(group, webhook, "disable")).json()["state"] == "disabled"
    assert (await act(group, webhook, "test")).status_code == 202
    await until(receiver, 1)
    [ping] = receiver.got
    assert ping.is_signed_by(webhook["secret"])
    assert (ping.payload["type"], ping.payload["data"]) == (
        "ping", {"conversation_id": group.id, "webhook_id": webhook["id"]},
    )  # fmt: skip
    [tried] = await deliveries(group, webhook, 1)
    assert (tried["event"], tried["delivered"]) == ("ping", True)


@pytest.mark.parametrize(("begin", "heard"), [("position", ["missed", "heard"]), ("now", ["heard"])])
async def test_a_disabled_one_goes_on_where_it_is_told_to(
    group: Group, receiver: Receiver, begin: str, heard: list[str]
) -> None:
    webhook = await subscribe(group, receiver.url)
    disabled = (await act(group, webhook, "disable")).json()
    assert (disabled["state"], disabled["disabled_because"]) == ("disabled", "by_hand")
    await group.say("missed")
    assert (await act(group, webhook, "enable", {"begin": begin})).json()["state"] == "active"
    await group.say("heard")
    await until(receiver, len(heard))
    assert receiver.messages == heard


async def test_a_rotated_secret_signs_beside_the_old_one(group: Group, receiver: Receiver) -> None:
    webhook = await subscribe(group, receiver.url)
    rotated = (await act(group, webhook, "secret")).json()
    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != webhook["secret"]
    await group.say("hello")
    await until(receiver, 1)
    [message] = receiver.got
    assert message.is_signed_by(rotated["secret"])
    assert message.is_signed_by(webhook["secret"])
    with pytest.raises(WebhookVerificationError):
        message.is_signed_by("whsec_" + "A" * 44)


async def test_it_is_listed_without_its_secret_changed_and_deleted(group: Group, receiver: Receiver) -> None:
    webhook = await subscribe(group, receiver.url, "message.deleted", "message.created", "message.created")
    outgoing = f"{group.path}/webhooks/outgoing"
    [listed] = (await group.owner.http.get(outgoing)).json()
    assert listed == {name: value for name, value in webhook.items() if name != "secret"}
    assert (listed["state"], listed["events"]) == ("active", ["message.created", "message.deleted"])
    path = f"{outgoing}/{webhook['id']}"
    changed = (await group.owner.http.patch(path, json={"events": ["message.edited"]})).json()
    assert changed == listed | {"events": ["message.edited"]}
    other = await subscribe(group, f"{receiver.url}/2")
    clash = await group.owner.http.patch(f"{outgoing}/{other['id']}", json={"url": receiver.url})
    assert (clash.status_code, clash.json()["code"]) == (409, "webhook_there")
    assert (await group.owner.http.delete(path)).status_code == 204
    assert (await group.owner.http.delete(path)).json()["code"] == "no_such_webhook"


async def test_there_is_one_to_a_url_and_a_bounded_number(group: Group, receiver: Receiver) -> None:
    outgoing = f"{group.path}/webhooks/outgoing"
    for n in range(OUTGOING_PER_CONVERSATION):
        await subscribe(group, f"{receiver.url}/{n}")
    for path, code in [("0", "webhook_there"), ("x", "too_many_webhooks")]:
        body = {"url": f"{receiver.url}/{path}", "events": ["message.created"]}
        assert (await group.owner.http.post(outgoing, json=body)).json()["code"] == code


async def test_a_url_that_is_none_is_refused(group: Group) -> None:
    for url, status in [("bot.example.com", 400), ("https://a b/", 400), ("https://u:p@x.example/", 422)]:
        body = {"url": url, "events": ["message.created"]}
        assert (await group.owner.http.post(f"{group.path}/webhooks/outgoing", json=body)).status_code == status


async def test_only_who_looks_after_the_group_has_a_say(player: Register, group: Group, receiver: Receiver) -> None:
    webhook, bob = await subscribe(group, receiver.url), await player("bob")
    outgoing = f"{group.path}/webhooks/outgoing"
    one = f"{outgoing}/{webhook['id']}"
    for code in ("no_such_conversation", "not_allowed_here"):
        for method, path, body in [
            ("GET", outgoing, None),
            ("POST", outgoing, {"url": receiver.url, "events": ["message.created"]}),
            ("PATCH", one, {}),
            ("DELETE", one, None),
            ("POST", f"{one}/enable", {}),
            ("POST", f"{one}/disable", None),
            ("POST", f"{one}/test", None),
            ("POST", f"{one}/secret", None),
            ("GET", f"{one}/deliveries", None),
        ]:
            assert (await bob.http.request(method, path, json=body)).json()["code"] == code, path
        await bob.http.post(f"/api/chat/groups/{group.id}/join")


async def test_a_webhook_of_another_group_is_not_there(player: Register, group: Group, receiver: Receiver) -> None:
    webhook, eve = await subscribe(group, receiver.url), await player("eve")
    hers = (await eve.http.post("/api/chat/groups", json={"name": "Hers"})).json()["id"]
    path = f"/api/chat/conversations/{hers}/webhooks/outgoing/{webhook['id']}/deliveries"
    assert (await eve.http.get(path)).json()["code"] == "no_such_webhook"
