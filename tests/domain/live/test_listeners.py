"""The one socket, against the running server."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest
from tests.clients import Socket
from tests.conftest import Register
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

pytestmark = pytest.mark.anyio


async def test_a_message_is_acknowledged_when_it_is_stored_and_heard_by_everyone(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    chat = await alice.talk_to(bob)
    async with alice.socket("/ws") as hers, bob.socket("/ws") as his:
        ready = await hers.receive()
        assert (ready["type"], ready["user_id"], ready["username"]) == ("ready", alice.id, alice.username)
        await his.send(type="subscribe", conversation_id=chat)
        assert await his.until("subscribed") == {"type": "subscribed", "conversation_id": chat, "position": 0}
        await hers.send(type="send", conversation_id=chat, message="hello", client_id="a")
        stored = await hers.until("stored")
        heard = await his.until("message")
    assert (stored["client_id"], stored["conversation_id"], stored["message_id"]) == ("a", chat, 1)
    assert heard == {
        "type": "message",
        "message_id": 1,
        "message": "hello",
        "sender_id": alice.id,
        "sender": alice.username,
        "timestamp": stored["timestamp"],
        "conversation_id": chat,
        "client_id": "a",
    }


async def test_sending_again_under_the_same_client_id_gives_the_same_acknowledgement(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    chat = await alice.talk_to(bob)
    async with alice.socket("/ws") as socket:
        acknowledgements = []
        for _ in range(3):
            await socket.send(type="send", conversation_id=chat, message="hello", client_id="a")
            acknowledgements.append(await socket.until("stored"))
        await socket.send(type="send", conversation_id=chat, message="other", client_id="a")
        refusal = await socket.until("error")
    assert acknowledgements[0] == acknowledgements[1] == acknowledgements[2]
    assert (refusal["code"], refusal["client_id"]) == ("idempotency_conflict", "a")


async def test_sends_of_one_socket_are_stored_in_their_order(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    chat = await alice.talk_to(bob)
    async with alice.socket("/ws") as socket:
        for n in range(1, 101):
            await socket.send(type="send", conversation_id=chat, message=f"message {n}", client_id=f"id-{n}")
        stored = [await socket.until("stored") for _ in range(100)]
    assert [(one["message_id"], one["client_id"]) for one in stored] == [(n, f"id-{n}") for n in range(1, 101)]


async def test_who_resumes_gets_exactly_what_they_missed_in_each_conversation(player: Register) -> None:
    alice, bob, carol = [await player(name) for name in ("alice", "bob", "carol")]
    first, second = await alice.talk_to(bob), await alice.talk_to(bob, carol)
    async with alice.socket("/ws") as hers:
        for n in range(1, 6):
            for chat in (first, second):
                await hers.send(type="send", conversation_id=chat, message=f"{n}", client_id=f"{n}")
                await hers.until("stored")
    async with bob.socket("/ws") as his:
        await his.send(type="resume", positions={str(first): 2, str(second): 4, "999999": 0})
        frames: list[dict[str, Any]] = []
        while len([one for one in frames if one["type"] in {"subscribed", "error"}]) < 3:
            frames.append(await his.receive())
    heard = [(one["conversation_id"], one["message_id"]) for one in frames if one["type"] == "message"]
    assert heard == [(first, 3), (first, 4), (first, 5), (second, 5)]
    assert [one["code"] for one in frames if one["type"] == "error"] == ["no_such_conversation"]


async def test_a_play_reaches_every_socket_of_the_player_and_nobody_elses(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    async with alice.socket("/ws") as one, alice.socket("/ws/game/") as other, bob.socket("/ws") as his:
        await asyncio.gather(one.until("ready"), his.until("ready"))
        await asyncio.sleep(0.1)
        await one.send(type="play", number=842, idempotency_key="k")
        results = [await one.until("result"), await other.until("result")]
        assert results[0] == results[1]
        assert (results[0]["number"], results[0]["result"], results[0]["prize"]) == (842, "win", 421.0)
        await his.send(type="ping")
        assert (await his.receive())["type"] == "pong"


async def test_outsiders_neither_hear_nor_send_nor_type(player: Register) -> None:
    alice, bob, eve = [await player(name) for name in ("alice", "bob", "eve")]
    chat = await alice.talk_to(bob)
    async with eve.socket("/ws") as socket:
        await socket.until("ready")
        await socket.send(type="subscribe", conversation_id=chat)
        await socket.send(type="send", conversation_id=chat, message="let me in", client_id="x")
        await socket.send(type="typing", conversation_id=chat)
        refusals = [await socket.until("error") for _ in range(3)]
    assert {one["code"] for one in refusals} == {"no_such_conversation"}


async def test_who_unsubscribes_hears_no_more(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    chat = await alice.talk_to(bob)
    async with alice.socket("/ws") as hers, bob.socket("/ws") as his:
        await his.send(type="subscribe", conversation_id=chat)
        await his.until("subscribed")
        await his.send(type="unsubscribe", conversation_id=chat)
        await his.until("unsubscribed")
        await hers.send(type="send", conversation_id=chat, message="hello", client_id="a")
        await hers.until("stored")
        await his.send(type="ping")
        assert (await his.receive())["type"] == "pong"


async def test_who_leaves_a_group_is_put_off_it_within_seconds(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    group = (await alice.http.post("/api/chat/groups", json={"name": "chess"})).json()["id"]
    await bob.http.post(f"/api/chat/groups/{group}/join")
    async with bob.socket("/ws") as his, bob.socket(f"/ws/chat/{group}/") as chat, asyncio.timeout(5):
        await his.send(type="subscribe", conversation_id=group)
        await his.until("subscribed")
        await bob.http.post(f"/api/chat/groups/{group}/leave")
        assert await his.until("unsubscribed") == {"type": "unsubscribed", "conversation_id": group}
        with pytest.raises(ConnectionClosedError) as closed:
            await chat.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


async def test_a_socket_without_a_credential_may_bring_it_in_its_first_frame(player: Register, base_url: str) -> None:
    alice = await player("alice")
    async with connect(base_url.replace("http", "ws") + "/ws") as connection:
        socket = Socket(connection)
        await socket.send(type="authenticate", token=alice.access)
        assert (await socket.receive())["user_id"] == alice.id


@pytest.mark.parametrize("frame", [{"type": "authenticate", "token": "wrong"}, {"type": "ping"}, {"nonsense": 1}])
async def test_a_socket_of_nobody_is_closed_with_a_code_that_says_so(base_url: str, frame: dict[str, str]) -> None:
    async with connect(base_url.replace("http", "ws") + "/ws") as connection:
        await Socket(connection).send(**frame)
        with pytest.raises(ConnectionClosedError) as closed:
            await connection.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


async def test_a_fresh_token_keeps_a_socket_open_and_another_account_s_does_not_take_it_over(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    async with alice.socket("/ws") as socket:
        await socket.until("ready")
        await socket.send(type="authenticate", token=alice.access)
        assert (await socket.receive())["type"] == "ready"
        await socket.send(type="authenticate", token=bob.access)
        assert (await socket.receive())["code"] == "other_account"


async def test_logging_out_closes_the_sockets_of_that_session(player: Register) -> None:
    alice = await player("alice")
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(alice.socket(path)) for path in ("/ws", "/ws/game")]
        assert (await alice.http.post("/api/users/logout", json={"refresh": alice.refresh})).status_code == 204
        async with asyncio.timeout(5):
            for socket in sockets:
                with pytest.raises(ConnectionClosedError) as closed:
                    await socket.until("never")
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == 4401


async def test_edits_reactions_and_deletions_are_acknowledged_and_heard_in_one_sequence(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    chat = await alice.talk_to(bob)
    async with alice.socket("/ws") as hers, bob.socket("/ws") as his:
        await his.send(type="subscribe", conversation_id=chat, after=0)
        await hers.send(type="send", conversation_id=chat, message="helo", client_id="a")
        await hers.send(type="edit", conversation_id=chat, message_id=1, message="hello", client_id="b")
        await hers.send(type="react", conversation_id=chat, message_id=1, emoji="👍", client_id="c")
        await hers.send(type="react", conversation_id=chat, message_id=1, emoji="👍", client_id="d", on=False)
        await hers.send(type="delete", conversation_id=chat, message_id=1, client_id="e")
        await hers.send(type="edit", conversation_id=chat, message_id=1, message="too late", client_id="f")
        stored = [await hers.until("stored") for _ in range(5)]
        refused = await hers.until("error")
        kinds = ("message", "edited", "reacted", "unreacted", "deleted")
        heard = [await his.until(kind) for kind in kinds]
    assert [(one["client_id"], one["message_id"], one["seq"]) for one in stored] == [
        (name, 1, place) for place, name in enumerate("abcde", start=1)
    ]
    assert (refused["code"], refused["client_id"]) == ("no_such_message", "f")
    assert [one.get("seq", 1) for one in heard] == [1, 2, 3, 4, 5]


async def test_who_resumes_hears_of_edits_and_deletions_they_missed(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    chat = await alice.talk_to(bob)
    async with alice.socket("/ws") as hers:
        for frame in (
            {"type": "send", "message": "one"},
            {"type": "send", "message": "two"},
            {"type": "edit", "message_id": 1, "message": "ein"},
            {"type": "delete", "message_id": 2},
        ):
            await hers.send(**frame, conversation_id=chat, client_id=f"{frame}".translate({32: None}))
            await hers.until("stored")
    async with bob.socket("/ws") as his:
        await his.send(type="resume", positions={chat: 1})
        missed = [await his.receive() for _ in range(5)][1:]
    assert [(one["type"], one.get("seq") or one.get("message_id") or one["position"]) for one in missed] == [
        ("message", 2),
        ("edited", 3),
        ("deleted", 4),
        ("subscribed", 4),
    ]
    assert (missed[0]["message"], missed[0]["deleted"]) == ("", True)


@pytest.mark.parametrize(
    ("frame", "named"),
    [
        ({"type": "send", "conversation_id": 1, "message": "x" * 8001, "client_id": "a"}, {"client_id": "a"}),
        ({"type": "play", "number": 0, "idempotency_key": "p"}, {"client_id": "p"}),
        ({"type": "subscribe", "conversation_id": -1}, {"conversation_id": -1}),
    ],
)
async def test_an_error_names_also_what_could_not_be_read(
    player: Register, frame: dict[str, Any], named: dict[str, Any]
) -> None:
    """A client that sends it again until it is answered has to hear that this is the one."""
    alice = await player("alice")
    async with alice.socket("/ws") as socket:
        await socket.send(**frame)
        refusal = await socket.until("error")
    assert refusal["code"] == "unreadable_frame"
    assert named.items() <= refusal.items()
