"""Groups on the running server: what members hear, what outsiders find, what is refused."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import pytest
from tests.clients import Player, Socket
from tests.conftest import Register
from websockets.exceptions import ConnectionClosedError

pytestmark = pytest.mark.anyio


async def found(player: Player, *others: Player, **given: Any) -> str:  # noqa: ANN401  any JSON
    """The path of a new group of theirs."""
    body = {"name": "chess", "participants": [one.id for one in others], "joinable": False, **given}
    answer = await player.http.post("/api/chat/groups", json=body)
    assert answer.status_code == 201, answer.text
    return f"/api/chat/groups/{answer.json()['id']}"


def id_of(group: str) -> int:
    return int(group.rpartition("/")[2])


async def hear(socket: Socket, group: str) -> None:
    await socket.send(type="subscribe", conversation_id=id_of(group), after=0)
    await socket.until("subscribed")


async def test_what_is_done_in_a_group_is_told_in_the_same_sequence_as_what_is_said(player: Register) -> None:
    ann, ben, cid, dan = [await player(name) for name in ("ann", "ben", "cid", "dan")]
    group = await found(ann, ben)
    messages = f"/api/chat/conversations/{id_of(group)}/messages"
    until = (datetime.now(UTC) + timedelta(hours=1)).replace(microsecond=0)
    elsewhere = until.astimezone(timezone(timedelta(hours=5))).isoformat()
    async with ben.socket("/ws") as socket, asyncio.timeout(20):
        await hear(socket, group)
        for method, path, body in (
            ("POST", messages, {"message": "hello"}),
            ("PATCH", group, {"name": "go", "topic": "and nothing else", "joinable": True, "retention_days": 30}),
            ("PUT", f"{group}/members/{cid.id}", None),
            ("PUT", f"{group}/members/{cid.id}/role", {"role": "admin"}),
            ("PUT", f"{group}/members/{cid.id}/role", {"role": "member"}),
            ("PUT", f"{group}/members/{cid.id}/mute", {"until": elsewhere}),
            ("DELETE", f"{group}/members/{cid.id}/mute", None),
            ("DELETE", f"{group}/members/{cid.id}", None),
            ("POST", messages, {"message": "goodbye"}),
        ):
            answer = await ann.http.request(method, path, json=body)
            assert answer.is_success, answer.text
        await dan.http.post(f"{group}/join")
        await ann.http.put(f"{group}/bans/{dan.id}")
        await ann.http.post(f"{group}/transfer", json={"user_id": ben.id})
        await ann.http.post(f"{group}/leave")
        heard = [await socket.until("message") for _ in range(16)]
    assert [one["message_id"] for one in heard] == list(range(1, 17))
    told = [(one.get("kind"), one["sender_id"], one.get("subject_id"), one["message"]) for one in heard]
    assert told == [
        (None, ann.id, None, "hello"),
        ("renamed", ann.id, None, "go"),
        ("topic_changed", ann.id, None, "and nothing else"),
        ("opened", ann.id, None, ""),
        ("retention_changed", ann.id, None, "30"),
        ("added", ann.id, cid.id, ""),
        ("promoted", ann.id, cid.id, ""),
        ("demoted", ann.id, cid.id, ""),
        ("muted", ann.id, cid.id, f"{until:%Y-%m-%dT%H:%M:%SZ}"),
        ("unmuted", ann.id, cid.id, ""),
        ("removed", ann.id, cid.id, ""),
        (None, ann.id, None, "goodbye"),
        ("joined", dan.id, None, ""),
        ("banned", ann.id, dan.id, ""),
        ("owner_changed", ann.id, ben.id, ""),
        ("left", ann.id, None, ""),
    ]
    read = (await ben.http.get(messages)).json()
    assert [one.get("kind") for one in read["messages"]] == [kind for kind, *_ in told]


@pytest.mark.parametrize(("verb", "path", "reason"), [("DELETE", "members", "removed"), ("PUT", "bans", "banned")])
async def test_who_is_put_out_hears_nothing_more_on_any_device(
    player: Register, verb: str, path: str, reason: str
) -> None:
    """At once, not when the hub looks the next time: what is said right after it does not reach them."""
    ann, ben = await player("ann"), await player("ben")
    group = await found(ann, ben)
    async with AsyncExitStack() as stack, asyncio.timeout(10):
        devices = [await stack.enter_async_context(ben.socket("/ws")) for _ in range(2)]
        old = await stack.enter_async_context(ben.socket(f"/ws/chat/{id_of(group)}/"))
        for device in devices:
            await hear(device, group)
        assert (await ann.http.request(verb, f"{group}/{path}/{ben.id}")).status_code == 204
        await ann.http.post(f"/api/chat/conversations/{id_of(group)}/messages", json={"message": "at last"})
        for device in devices:
            assert await device.receive() == {"type": "unsubscribed", "conversation_id": id_of(group)}
            removed = {"type": "conversation_removed", "conversation_id": id_of(group), "seq": 1, "reason": reason}
            assert await device.receive() == removed
            await device.send(type="ping")
            assert (await device.receive())["type"] == "pong"
            await device.send(type="subscribe", conversation_id=id_of(group))
            assert (await device.receive())["code"] == "no_such_conversation"
        with pytest.raises(ConnectionClosedError) as closed:
            await old.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


async def test_all_devices_of_who_is_in_learn_of_it_at_once(player: Register) -> None:
    ann, ben = await player("ann"), await player("ben")
    async with ben.socket("/ws") as one, ben.socket("/ws") as other, asyncio.timeout(10):
        for device in (one, other):
            await device.until("ready")
        await asyncio.sleep(0.1)
        heard = []
        group = await found(ann, ben)
        heard.append({"conversation_id": id_of(group), "seq": 0})
        second = await found(ann, joinable=True)
        await ann.http.put(f"{second}/members/{ben.id}")
        heard.append({"conversation_id": id_of(second), "seq": 1})
        third = await found(ann, joinable=True)
        await ben.http.post(f"{third}/join")
        heard.append({"conversation_id": id_of(third), "seq": 1})
        heard.append({"conversation_id": await ann.talk_to(ben), "seq": 0})
        for device in (one, other):
            added = [await device.until("conversation_added") for _ in heard]
            assert added == [{"type": "conversation_added", **one} for one in heard]


async def test_of_a_deleted_group_nothing_is_left_for_anybody(player: Register) -> None:
    ann, ben = await player("ann"), await player("ben")
    group = await found(ann, ben, joinable=True)
    messages = f"/api/chat/conversations/{id_of(group)}/messages"
    await ben.http.post(messages, json={"message": "hello", "client_id": "a"})
    assert (await ben.http.delete(group)).json()["code"] == "not_allowed_here"
    async with ben.socket("/ws") as socket, asyncio.timeout(10):
        await hear(socket, group)
        assert (await ann.http.delete(group)).status_code == 204
        assert (await socket.receive())["type"] == "unsubscribed"
        assert (await socket.receive())["reason"] == "ended"
        await socket.send(type="send", conversation_id=id_of(group), message="hello", client_id="a")
        assert (await socket.receive())["code"] == "no_such_conversation"
    for answer in (
        await ben.http.post(messages, json={"message": "hello", "client_id": "a"}),
        await ben.http.get(messages),
        await ben.http.get(group),
        await ben.http.post(f"{group}/join"),
        await ann.http.delete(group),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_conversation")
    assert id_of(group) not in {one["id"] for one in (await ben.http.get("/api/chat/conversations")).json()}
    assert id_of(group) not in {one["id"] for one in (await ben.http.get("/api/chat/groups")).json()}


@pytest.mark.parametrize("name", ["Шахи", "将棋クラブ", "หมากรุก", "Ajedrez ♟️", "ﬁne chess"])
async def test_public_groups_are_found_by_a_part_of_their_name_in_any_script(player: Register, name: str) -> None:
    ann, ben = await player("ann"), await player("ben")
    marked = f"{name} {uuid4().hex}"
    open_group, closed = await found(ann, name=marked, joinable=True), await found(ann, name=marked)
    part = marked[1:].upper().replace("ﬁ", "fi")

    async def search(who: Player) -> list[int]:
        answer = await who.http.get("/api/chat/groups", params={"q": part})
        return [one["id"] for one in answer.json()]

    assert await search(ben) == [id_of(open_group)]
    seen = (await ben.http.get(open_group)).json()
    assert (seen["name"], seen["members"], seen["joined"]) == (marked, 1, False)
    assert (await ben.http.get(closed)).json()["code"] == "no_such_conversation"
    await ann.http.put(f"{open_group}/bans/{ben.id}")
    assert await search(ben) == []
    for answer in (await ben.http.get(open_group), await ben.http.post(f"{open_group}/join")):
        assert answer.json()["code"] == "no_such_conversation"
    assert [one["id"] for one in (await ann.http.get(f"{open_group}/bans")).json()] == [ben.id]
    assert (await ann.http.put(f"{open_group}/members/{ben.id}")).json()["code"] == "banned_here"
    assert (await ann.http.delete(f"{open_group}/bans/{ben.id}")).status_code == 204
    assert (await ben.http.post(f"{open_group}/join")).status_code == 200


async def test_who_is_muted_is_told_until_when(player: Register) -> None:
    ann, ben = await player("ann"), await player("ben")
    group = await found(ann, ben)
    messages = f"/api/chat/conversations/{id_of(group)}/messages"
    muted = await ann.http.put(f"{group}/members/{ben.id}/mute", json={"seconds": 3600})
    assert muted.json()["muted_until"]
    refused = await ben.http.post(messages, json={"message": "but"})
    assert (refused.status_code, refused.json()["code"]) == (403, "muted_here")
    assert muted.json()["muted_until"][:19] in refused.json()["detail"]
    shown = (await ben.http.get(f"/api/chat/conversations/{id_of(group)}")).json()
    assert (shown["role"], shown["muted_until"]) == ("member", muted.json()["muted_until"])
    async with ben.socket("/ws") as socket:
        await socket.send(type="send", conversation_id=id_of(group), message="but", client_id="a")
        refusal = await socket.until("error")
    assert (refusal["code"], refusal["client_id"]) == ("muted_here", "a")


async def test_a_refusal_names_the_role_that_it_takes(player: Register) -> None:
    ann, ben, cid = [await player(name) for name in ("ann", "ben", "cid")]
    group = await found(ann, ben, cid)
    for method, path, body, role in (
        ("PATCH", "", {"name": "mine"}, "admin"),
        ("DELETE", f"/members/{cid.id}", None, "admin"),
        ("PUT", f"/bans/{cid.id}", None, "admin"),
        ("GET", "/bans", None, "admin"),
        ("PUT", f"/members/{cid.id}/role", {"role": "admin"}, "owner"),
        ("POST", "/transfer", {"user_id": cid.id}, "owner"),
        ("DELETE", "", None, "owner"),
    ):
        answer = await ben.http.request(method, f"{group}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed_here"), path
        assert f"the role {role}" in answer.json()["detail"]


async def test_outsiders_find_no_closed_group_whatever_they_ask(player: Register) -> None:
    ann, ben, eve = [await player(name) for name in ("ann", "ben", "eve")]
    group = await found(ann, ben)
    link = (await ann.http.post(f"{group}/invites", json={})).json()
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"name": "mine"}),
        ("DELETE", "", None),
        ("POST", "/join", None),
        ("POST", "/leave", None),
        ("GET", "/members", None),
        ("PUT", f"/members/{eve.id}", None),
        ("DELETE", f"/members/{ben.id}", None),
        ("PUT", f"/members/{ben.id}/role", {"role": "admin"}),
        ("PUT", f"/members/{ben.id}/mute", {"seconds": 60}),
        ("DELETE", f"/members/{ben.id}/mute", None),
        ("POST", "/transfer", {"user_id": eve.id}),
        ("GET", "/bans", None),
        ("PUT", f"/bans/{ben.id}", None),
        ("DELETE", f"/bans/{ben.id}", None),
        ("POST", "/invites", {}),
        ("GET", "/invites", None),
        ("DELETE", f"/invites/{link['id']}", None),
    ):
        answer = await eve.http.request(method, f"{group}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_conversation"), (method, path)


async def test_one_comes_in_by_a_link(player: Register) -> None:
    ann, ben = await player("ann"), await player("ben")
    group = await found(ann, topic="openings")
    made = await ann.http.post(f"{group}/invites", json={"expires_in_seconds": 3600, "max_uses": 1})
    assert made.status_code == 201
    link = made.json()
    assert link["url"].endswith(f"/invite/{link['token']}")
    seen = (await ben.http.get(f"/api/chat/invites/{link['token']}")).json()
    assert (seen["name"], seen["topic"], seen["members"]) == ("chess", "openings", 1)
    for _ in range(2):
        answer = await ben.http.post(f"/api/chat/invites/{link['token']}/accept")
        assert (answer.status_code, answer.json()["conversation_id"]) == (200, id_of(group))
    (ended,) = [await ann.http.get(f"/api/chat/invites/{link['token']}")]
    assert (ended.status_code, ended.json()["code"]) == (404, "no_such_invite")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "  "}, "group_name_refused"),
        ({"name": "two\nlines"}, "group_name_refused"),
        ({"name": "a\x00b"}, "unstorable_text"),
        ({"topic": "a\x00b"}, "unstorable_text"),
        ({"name": None}, "bad_request"),
        ({"topic": "x" * 501}, "bad_request"),
        ({"retention_days": 0}, "bad_request"),
        ({"role": "owner"}, "bad_request"),
    ],
)
async def test_what_a_group_cannot_be_is_refused(player: Register, body: dict[str, Any], code: str) -> None:
    ann = await player("ann")
    group = await found(ann, name="chess", topic="openings")
    answer = await ann.http.patch(group, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    if "role" not in body and body.get("name", "-"):
        created = await ann.http.post("/api/chat/groups", json={"name": "chess", **body})
        assert created.status_code == 400


async def test_a_group_without_a_name_is_not_made_public(player: Register) -> None:
    ann, ben, cid = [await player(name) for name in ("ann", "ben", "cid")]
    group = f"/api/chat/groups/{await ann.talk_to(ben, cid)}"
    assert (await ann.http.patch(group, json={"joinable": True})).json()["code"] == "group_name_refused"
    changed = await ann.http.patch(group, json={"joinable": True, "name": "we three"})
    assert (changed.json()["name"], changed.json()["joinable"]) == ("we three", True)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"seconds": 60, "until": "2100-01-01T00:00:00Z"},
        {"until": "2100-01-01T00:00:00Z"},
        {"until": "2020-01-01T00:00:00Z"},
        {"seconds": 0},
    ],
    ids=repr,
)
async def test_a_mute_has_one_end_and_it_is_to_come(player: Register, body: dict[str, Any]) -> None:
    ann, ben = await player("ann"), await player("ben")
    group = await found(ann, ben)
    assert (await ann.http.put(f"{group}/members/{ben.id}/mute", json=body)).status_code == 400


async def test_members_are_listed_page_by_page(player: Register) -> None:
    people = [await player(name) for name in ("ann", "ben", "cid", "dan")]
    ann = people[0]
    group = await found(ann, *people[1:])
    pages: list[int] = []
    while page := (
        await ann.http.get(f"{group}/members", params={"limit": 3, "after": pages[-1] if pages else 0})
    ).json():
        pages += [one["id"] for one in page]
    assert sorted(pages) == [one.id for one in people]
    owners = (await ann.http.get(f"{group}/members", params={"role": "owner"})).json()
    assert [one["id"] for one in owners] == [ann.id]
    named = (await ann.http.get(f"{group}/members", params={"q": people[2].username[2:].upper()})).json()
    assert [one["id"] for one in named] == [people[2].id]
