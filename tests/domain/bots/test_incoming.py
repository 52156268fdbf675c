"""URLs that speak in a group, on the running server."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from tests.conftest import Officer, Register
from tests.domain.bots.conftest import Group

from app.domain.accounts.standing import StaffRole
from app.domain.bots.rules import INCOMING_PER_CONVERSATION

pytestmark = pytest.mark.anyio
Json = dict[str, Any]


async def make(group: Group, name: str = "Builds") -> Json:
    answer = await group.owner.http.post(f"{group.path}/webhooks/incoming", json={"name": name})
    assert answer.status_code == 201, answer.text
    webhook: Json = answer.json()
    return webhook


async def say(base_url: str, webhook: Json, **body: object) -> httpx.Response:
    """As a program says it that knows nothing but the URL."""
    async with httpx.AsyncClient(base_url=base_url) as client:
        return await client.post(urlsplit(webhook["url"]).path, json=body)


async def test_whoever_has_the_url_speaks_as_its_bot(group: Group, base_url: str) -> None:
    webhook = await make(group, "Nightly builds")
    assert webhook["username"].startswith("nightly-builds-")
    said = await say(base_url, webhook, text="Build 7 is green")
    assert (said.status_code, said.json()["conversation_id"], said.json()["message_id"]) == (201, group.id, 2)
    [_, message] = (await group.owner.http.get(f"{group.path}/messages")).json()["messages"]
    assert (message["content"], message["sender_id"], message["sender"]) == (
        "Build 7 is green", webhook["bot_id"], webhook["username"],
    )  # fmt: skip
    [listed] = (await group.owner.http.get(f"{group.path}/webhooks/incoming")).json()
    assert listed == {name: value for name, value in webhook.items() if name != "url"}


async def test_what_is_sent_again_under_its_name_is_said_once(group: Group, base_url: str) -> None:
    webhook = await make(group)
    answers = await asyncio.gather(*(say(base_url, webhook, text="green", client_id="b-7") for _ in range(5)))
    assert {(one.status_code, one.text) for one in answers} == {(201, answers[0].text)}
    other = await say(base_url, webhook, text="red", client_id="b-7")
    assert other.json()["code"] == "idempotency_conflict"
    assert len((await group.owner.http.get(f"{group.path}/messages")).json()["messages"]) == 2


async def test_what_is_no_message_is_refused(group: Group, base_url: str) -> None:
    webhook = await make(group)
    refusals: list[tuple[Json, str]] = [
        ({"text": " "}, "empty_message"),
        ({"text": "x" * 4001}, "message_too_long"),
        ({"text": "x", "channel": "#general"}, "bad_request"),
        ({"text": 1}, "bad_request"),
        ({}, "bad_request"),
        ({"text": "x" * 70_000}, "body_too_large"),
    ]
    for body, code in refusals:
        assert (await say(base_url, webhook, **body)).json()["code"] == code


@pytest.mark.parametrize("secret", ["plh_" + "A" * 43, "x", "%00", "..%2f..%2fx", "plh_" + "A" * 5000])
async def test_an_unknown_url_is_not_there_and_its_secret_is_not_said_back(base_url: str, secret: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as client:
        answer = await client.post(f"/api/hooks/{secret}", json={"text": "hello"})
    assert answer.status_code == 404
    assert "AAAA" not in answer.text


async def test_only_who_looks_after_the_group_makes_sees_and_deletes_them(player: Register, group: Group) -> None:
    webhook, bob = await make(group), await player("bob")
    incoming = f"{group.path}/webhooks/incoming"
    for code in ("no_such_conversation", "not_allowed_here"):
        for method, path, body in [
            ("GET", incoming, None),
            ("POST", incoming, {"name": "Mine"}),
            ("DELETE", f"{incoming}/{webhook['id']}", None),
        ]:
            assert (await bob.http.request(method, path, json=body)).json()["code"] == code
        await bob.http.post(f"/api/chat/groups/{group.id}/join")
    assert (await bob.http.get("/api/bots")).json() == [], "nothing was made on the way"


async def test_there_is_one_of_a_name_and_a_bounded_number(group: Group) -> None:
    incoming = f"{group.path}/webhooks/incoming"
    for n in range(INCOMING_PER_CONVERSATION):
        await make(group, f"{n}")
    assert (await group.owner.http.post(incoming, json={"name": "0"})).json()["code"] == "name_in_use"
    assert (await group.owner.http.post(incoming, json={"name": "x"})).json()["code"] == "too_many_webhooks"


async def test_a_deleted_one_is_silent_and_its_bot_has_left(group: Group, base_url: str) -> None:
    webhook = await make(group)
    await say(base_url, webhook, text="green")
    path = f"{group.path}/webhooks/incoming/{webhook['id']}"
    assert (await group.owner.http.delete(path)).status_code == 204
    assert (await group.owner.http.delete(path)).json()["code"] == "no_such_webhook"
    assert (await say(base_url, webhook, text="red")).json()["code"] == "no_such_webhook"
    [participant] = (await group.owner.http.get(group.path)).json()["participants"]
    assert participant["id"] == group.owner.id
    assert (await group.owner.http.get("/api/bots")).json() == []


async def test_it_is_silent_while_who_made_it_or_its_bot_is_out_of_the_group(group: Group, base_url: str) -> None:
    webhook = await make(group)
    bot = f"/api/bots/{webhook['bot_id']}/conversations/{group.id}"
    await group.owner.http.delete(bot)
    assert (await say(base_url, webhook, text="green")).status_code == 404
    await group.owner.http.put(bot)
    assert (await say(base_url, webhook, text="green")).status_code == 201
    await group.owner.http.post(f"/api/chat/groups/{group.id}/leave")
    assert (await say(base_url, webhook, text="red")).status_code == 404


async def test_it_is_silent_while_who_made_it_or_its_bot_is_suspended(
    group: Group, base_url: str, officer: Officer
) -> None:
    webhook, moderator = await make(group), await officer("moderator", StaffRole.MODERATOR)
    for suspended in (webhook["bot_id"], group.owner.id):
        path = f"/api/moderation/users/{suspended}"
        await moderator.http.post(f"{path}/suspend", json={"until": None, "reason": "Spam"})
        assert (await say(base_url, webhook, text="hello")).status_code == 404
        await moderator.http.post(f"{path}/lift")
        assert (await say(base_url, webhook, text="hello")).status_code == 201


async def test_its_bot_is_deleted_like_any_other(group: Group, base_url: str) -> None:
    webhook = await make(group)
    assert (await group.owner.http.delete(f"/api/bots/{webhook['bot_id']}")).status_code == 204
    assert (await say(base_url, webhook, text="red")).status_code == 404
    assert (await group.owner.http.get(f"{group.path}/webhooks/incoming")).json() == []
