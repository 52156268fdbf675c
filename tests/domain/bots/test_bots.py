"""Bots and their keys, on the running server."""

import asyncio
from typing import Any

import pytest
from tests.clients import Socket
from tests.conftest import Officer, Register
from tests.domain.bots.conftest import Group, MakeBot
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from app.domain.accounts.standing import StaffRole
from app.domain.bots.rules import BOTS_PER_OWNER, KEYS_PER_BOT

pytestmark = pytest.mark.anyio
READS, WRITES = "messages:read", "messages:write"
NEW_KEY: dict[str, Any] = {"name": "laptop", "scopes": [WRITES]}


async def test_a_bot_is_made_listed_renamed_and_deleted(player: Register) -> None:
    alice = await player("alice")
    username = f"clock-{alice.username[-8:]}"
    made = await alice.http.post("/api/bots", json={"username": username, "name": "Clock"})
    assert (made.status_code, made.json()["username"], made.json()["name"]) == (201, username, "Clock")
    again = await alice.http.post("/api/bots", json={"username": username.upper(), "name": "Clock"})
    assert (again.status_code, again.json()["code"]) == (409, "username_taken")
    path = f"/api/bots/{made.json()['id']}"
    renamed = await alice.http.patch(path, json={"name": "Speaking clock"})
    assert renamed.json() == made.json() | {"name": "Speaking clock"}
    assert (await alice.http.get("/api/bots")).json() == [renamed.json()]
    assert (await alice.http.delete(path)).status_code == 204
    assert (await alice.http.get("/api/bots")).json() == []
    assert (await alice.http.delete(path)).json()["code"] == "no_such_bot"


async def test_a_key_is_shown_once_and_listed_without_its_secret(player: Register, bot_of: MakeBot) -> None:
    alice = await player("alice")
    bot = await bot_of(alice, READS, WRITES)
    [listed] = (await alice.http.get(f"/api/bots/{bot.id}/keys")).json()
    assert bot.key.startswith(listed["prefix"])
    assert len(listed["prefix"]) == 10
    assert (listed["scopes"], listed["expires_at"], listed["last_used_at"]) == ([READS, WRITES], None, None)
    assert "key" not in listed
    who = (await bot.http.get("/api/bots/me")).json()
    assert who == {"id": bot.id, "username": bot.username, "scopes": [READS, WRITES], "expires_at": None}
    [listed] = (await alice.http.get(f"/api/bots/{bot.id}/keys")).json()
    assert listed["last_used_at"]


async def test_a_repeated_request_for_a_key_makes_no_second_one(player: Register, bot_of: MakeBot) -> None:
    alice = await player("alice")
    keys = f"/api/bots/{(await bot_of(alice, READS)).id}/keys"
    assert (await alice.http.post(keys, json=NEW_KEY)).status_code == 201
    assert (await alice.http.post(keys, json=NEW_KEY)).json()["code"] == "name_in_use"
    assert len((await alice.http.get(keys)).json()) == 2


async def test_a_key_that_makes_no_sense_is_not_made(player: Register, bot_of: MakeBot) -> None:
    alice = await player("alice")
    keys = f"/api/bots/{(await bot_of(alice, READS)).id}/keys"
    changes: list[tuple[dict[str, Any], int]] = [
        ({"scopes": []}, 400),
        ({"scopes": ["everything"]}, 400),
        ({"name": " "}, 400),
        ({"name": "a\nb"}, 400),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 422),
        ({"expires_at": "2099-01-01T00:00:00"}, 400),
    ]
    for change, status in changes:
        assert (await alice.http.post(keys, json=NEW_KEY | change)).status_code == status, change


async def test_bots_and_keys_are_bounded(player: Register) -> None:
    alice = await player("alice")
    tail = alice.username[-8:]
    made = [await alice.http.post("/api/bots", json={"username": f"b{n}-{tail}", "name": "b"}) for n in range(21)]
    assert [one.status_code for one in made] == [201] * BOTS_PER_OWNER + [409]
    assert made[-1].json()["code"] == "too_many_bots"
    keys = f"/api/bots/{made[0].json()['id']}/keys"
    issued = [await alice.http.post(keys, json=NEW_KEY | {"name": f"{n}"}) for n in range(11)]
    assert [one.status_code for one in issued] == [201] * KEYS_PER_BOT + [409]


async def test_the_bots_of_others_are_not_there(player: Register, bot_of: MakeBot, group: Group) -> None:
    bot, eve = await bot_of(group.owner, READS), await player("eve")
    path = f"/api/bots/{bot.id}"
    for method, where, body in [
        ("PATCH", path, {"name": "Mine"}),
        ("DELETE", path, None),
        ("GET", f"{path}/keys", None),
        ("POST", f"{path}/keys", NEW_KEY),
        ("DELETE", f"{path}/keys/{bot.key_id}", None),
        ("PUT", f"{path}/conversations/{group.id}", None),
        ("DELETE", f"{path}/conversations/{group.id}", None),
    ]:
        answer = await eve.http.request(method, where, json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_bot"), where
    assert (await eve.http.get("/api/bots/me")).json()["code"] == "no_such_bot"


@pytest.mark.parametrize(
    ("scope", "opens"),
    [
        ("conversations:read", {"list", "read"}),
        ("conversations:write", {"open"}),
        (READS, {"messages", "events"}),
        (WRITES, {"send"}),
        ("game", {"play", "history"}),
    ],
)
async def test_a_scope_opens_its_own_doors_and_no_others(
    bot_of: MakeBot, group: Group, scope: str, opens: set[str]
) -> None:
    bot = await bot_of(group.owner, scope, group=group)
    doors = {
        "list": ("GET", "/api/chat/conversations", None),
        "read": ("GET", group.path, None),
        "open": ("POST", "/api/chat/conversations", {"participants": [group.owner.id]}),
        "messages": ("GET", f"{group.path}/messages", None),
        "events": ("GET", f"{group.path}/events", None),
        "send": ("POST", f"{group.path}/messages", {"message": "tick"}),
        "play": ("POST", "/api/game/play", {"number": 842}),
        "history": ("GET", "/api/game/history", None),
        "friends": ("GET", "/api/friends", None),
        "ballots": ("POST", "/api/lottery/ballots", {"count": 1}),
        "bots": ("GET", "/api/bots", None),
        "webhooks": ("GET", f"{group.path}/webhooks/outgoing", None),
    }
    for name, (method, path, body) in doors.items():
        answer = await bot.http.request(method, path, json=body)
        if name in opens:
            assert answer.is_success, name
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope"), name


async def test_a_bot_is_a_member_like_others_and_seen_to_be_a_bot(bot_of: MakeBot, group: Group) -> None:
    bot = await bot_of(group.owner, READS, WRITES, group=group)
    put = f"/api/bots/{bot.id}/conversations/{group.id}"
    assert (await group.owner.http.put(put)).status_code == 204, "putting it there again changes nothing"
    said = (await bot.http.post(f"{group.path}/messages", json={"message": "tick"})).json()
    assert (said["sender_id"], said["sender"]) == (bot.id, bot.username)
    shown = (await group.owner.http.get(group.path)).json()
    assert [one.get("is_bot", False) for one in shown["participants"]] == [False, True]
    assert (await group.owner.http.get(f"/api/users/{bot.id}")).json()["is_bot"]
    assert (await group.owner.http.delete(put)).status_code == 204
    assert (await bot.http.get(f"{group.path}/messages")).json()["code"] == "no_such_conversation"


async def test_only_who_looks_after_a_group_puts_a_bot_into_it(player: Register, bot_of: MakeBot, group: Group) -> None:
    bob = await player("bob")
    bot = await bot_of(bob, READS)
    put = f"/api/bots/{bot.id}/conversations/{group.id}"
    assert (await bob.http.put(put)).json()["code"] == "no_such_conversation"
    await bob.http.post(f"/api/chat/groups/{group.id}/join")
    assert (await bob.http.put(put)).json()["code"] == "not_allowed_here"
    pair = await bob.talk_to(group.owner)
    assert (await bob.http.put(f"/api/bots/{bot.id}/conversations/{pair}")).json()["code"] == "not_a_group"


async def test_a_bot_talks_on_the_socket_within_its_scopes(bot_of: MakeBot, group: Group, base_url: str) -> None:
    bot = await bot_of(group.owner, READS, group=group)
    url = f"{base_url.replace('http', 'ws')}/ws"
    async with connect(url, additional_headers={"Authorization": f"Bearer {bot.key}"}) as connection:
        socket = Socket(connection)
        ready = await socket.receive()
        assert (ready["user_id"], ready["username"], ready["expires_at"]) == (bot.id, bot.username, None)
        await socket.send(type="subscribe", conversation_id=group.id)
        await socket.until("subscribed")
        await group.say("what time is it?")
        assert (await socket.until("message"))["message"] == "what time is it?"
        await socket.send(type="send", conversation_id=group.id, message="tick", client_id="a")
        refusal = await socket.until("error")
        assert (refusal["code"], refusal["client_id"]) == ("missing_scope", "a")
        await socket.send(type="ping")
        assert (await socket.receive())["type"] == "pong"


async def test_a_key_hears_of_its_bots_own_plays_with_the_scope_to_play(
    bot_of: MakeBot, group: Group, base_url: str
) -> None:
    bot = await bot_of(group.owner, "game")
    async with connect(f"{base_url.replace('http', 'ws')}/ws?token={bot.key}") as connection:
        socket = Socket(connection)
        await socket.until("ready")
        await socket.send(type="play", number=842)
        assert (await socket.until("result"))["prize"] == 421.0


async def test_a_key_may_come_in_the_first_frame_or_the_url(bot_of: MakeBot, group: Group, base_url: str) -> None:
    bot = await bot_of(group.owner, WRITES)
    url = f"{base_url.replace('http', 'ws')}/ws"
    async with connect(url) as connection:
        socket = Socket(connection)
        await socket.send(type="authenticate", token=bot.key)
        assert (await socket.receive())["user_id"] == bot.id
        await socket.send(type="authenticate", token=bot.key)
        assert (await socket.receive())["type"] == "ready"
    async with connect(f"{url}?token={bot.key}") as connection:
        assert (await Socket(connection).receive())["user_id"] == bot.id


@pytest.mark.parametrize("path", ["/ws/game", "/ws/chat/{group}/"])
async def test_a_socket_that_a_key_has_no_scope_for_is_closed_with_a_code_that_says_so(
    bot_of: MakeBot, group: Group, base_url: str, path: str
) -> None:
    bot = await bot_of(group.owner, WRITES, group=group)
    url = f"{base_url.replace('http', 'ws')}{path.format(group=group.id)}?token={bot.key}"
    async with connect(url) as connection:
        with pytest.raises(ConnectionClosedError) as closed:
            await connection.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


async def test_document_c_s_socket_is_for_listening_alone_without_the_scope_to_write(
    bot_of: MakeBot, group: Group, base_url: str
) -> None:
    bot = await bot_of(group.owner, READS, group=group)
    async with connect(f"{base_url.replace('http', 'ws')}/ws/chat/{group.id}/?token={bot.key}") as connection:
        await connection.send('{"message": "tick"}')
        assert "no scope" in (await Socket(connection).receive())["error"]
        await group.say("hello")
        assert (await Socket(connection).receive())["message"] == "hello"


@pytest.mark.parametrize("ending", ["the key is revoked", "the bot is deleted"])
async def test_an_open_socket_is_closed_and_the_key_refused(bot_of: MakeBot, group: Group, ending: str) -> None:
    bot = await bot_of(group.owner, READS, WRITES, group=group)
    base = str(bot.http.base_url).replace("http", "ws").rstrip("/")
    async with connect(f"{base}/ws?token={bot.key}") as connection:
        socket = Socket(connection)
        await socket.until("ready")
        await bot.http.post(f"{group.path}/messages", json={"message": "last words"})
        key = f"/keys/{bot.key_id}" if ending == "the key is revoked" else ""
        assert (await group.owner.http.delete(f"/api/bots/{bot.id}{key}")).status_code == 204
        async with asyncio.timeout(5):
            with pytest.raises(ConnectionClosedError) as closed:
                await socket.until("never")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    assert (await bot.http.get("/api/bots/me")).json()["code"] == "not_logged_in"
    told = (await group.owner.http.get(f"{group.path}/messages")).json()["messages"]
    [said] = [one for one in told if "kind" not in one]
    assert said["sender"] == bot.username
    shown = (await group.owner.http.get(group.path)).json()
    assert (bot.id in [one["id"] for one in shown["participants"]]) is bool(key)


@pytest.mark.parametrize("suspended", ["the bot", "its owner"])
async def test_a_suspension_closes_a_bots_socket_and_refuses_its_key(
    bot_of: MakeBot, group: Group, officer: Officer, suspended: str
) -> None:
    bot, moderator = await bot_of(group.owner, READS, group=group), await officer("moderator", StaffRole.MODERATOR)
    path = f"/api/moderation/users/{bot.id if suspended == 'the bot' else group.owner.id}/suspend"
    base = str(bot.http.base_url).replace("http", "ws").rstrip("/")
    async with connect(f"{base}/ws?token={bot.key}") as connection:
        await Socket(connection).until("ready")
        assert (await moderator.http.post(path, json={"until": None, "reason": "Spam"})).status_code == 200
        async with asyncio.timeout(5):
            await connection.wait_closed()
        assert connection.close_code == 4401
    assert (await bot.http.get("/api/bots/me")).json()["code"] == "not_logged_in"
