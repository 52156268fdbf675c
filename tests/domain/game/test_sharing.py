"""A play shown in a conversation: what is stored of it, to whom it is shown, and nothing that its player made up."""

import asyncio
from typing import Any

import pytest
from tests.clients import Player, Socket
from tests.conftest import Officer, Register

from app.domain.accounts.standing import StaffRole

pytestmark = pytest.mark.anyio


async def play(player: Player, number: int = 842, key: str = "lucky") -> dict[str, Any]:
    answer = await player.http.post("/api/game/play", json={"number": number}, headers={"Idempotency-Key": key})
    answer.raise_for_status()
    result: dict[str, Any] = answer.json()
    return result


def card_of(result: dict[str, Any]) -> dict[str, Any]:
    shown = {name: result[name] for name in ("game", "move", "outcome", "result", "prize", "played_at")}
    return {"kind": "play", "play_id": result["id"], "title": "The number game", **shown}


async def share(player: Player, conversation: int, key: str = "lucky", **others: str) -> tuple[int, dict[str, Any]]:
    asked = {"conversation_id": conversation, **others}
    answer = await player.http.post(f"/api/game/plays/{key}/share", json=asked)
    return answer.status_code, answer.json()


async def next_of(socket: Socket, *kinds: str) -> dict[str, Any]:
    while (frame := await socket.receive())["type"] not in kinds:
        pass
    return frame


async def test_a_shared_play_is_a_message_with_what_the_server_has_stored_of_it(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    conversation = await alice.talk_to(bob)
    result = await play(alice)
    async with bob.socket("/ws") as his, bob.socket(f"/ws/chat/{conversation}/") as documents:
        await his.send(type="subscribe", conversation_id=conversation)
        await his.until("subscribed")
        status, message = await share(alice, conversation, client_id="s")
        heard, seen = await his.until("message"), await documents.until("message")
    assert status == 201
    assert (message["content"], message["card"], message["sender_id"]) == ("", card_of(result), alice.id)
    assert (heard["message"], heard["card"]) == ("", card_of(result))
    assert seen == heard
    path = f"/api/chat/conversations/{conversation}"
    assert (await bob.http.get(f"{path}/messages")).json()["messages"] == [message]
    assert (await bob.http.get(f"{path}/events")).json()["events"] == [heard]
    assert (await bob.http.get("/api/chat/conversations")).json()[0]["messages"] == [message]


async def test_of_a_play_of_luck_the_card_has_the_move_without_what_proves_it(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    conversation = await alice.talk_to(bob)
    await alice.http.put("/api/game/games/dice/epochs/1")
    move = {"side": "over", "chance": 50}
    proven = {**move, "epoch": 1, "nonce": "5e" * 32}
    played = await alice.http.post("/api/game/games/dice/plays", json=proven, headers={"Idempotency-Key": "lucky"})
    _, message = await share(alice, conversation)
    assert message["card"] == card_of(played.json()) | {"title": "Dice, over or under", "move": move}


async def test_shared_again_under_the_same_name_it_is_one_message_over_http_and_sockets(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    conversation = await alice.talk_to(bob)
    await play(alice)
    await play(alice, 7, "other")
    first = await share(alice, conversation, client_id="s", message="Look!")
    assert await share(alice, conversation, client_id="s", message="Look!") == first
    async with alice.socket("/ws") as socket:
        frame = {"conversation_id": conversation, "client_id": "s", "message": "Look!"}
        await socket.send(type="share", play="lucky", **frame)
        stored = await socket.until("stored")
        await socket.send(type="share", play="other", **frame)
        refused = await socket.until("error")
    assert stored["message_id"] == first[1]["id"]
    assert (refused["code"], refused["client_id"]) == ("idempotency_conflict", "s")
    status, problem = await share(alice, conversation, "other", client_id="s", message="Look!")
    assert (status, problem["code"]) == (409, "idempotency_conflict")


async def test_nobody_shares_the_play_of_somebody_else_nor_where_they_are_not(player: Register) -> None:
    alice, bob, eve = [await player(name) for name in ("alice", "bob", "eve")]
    conversation = await alice.talk_to(bob)
    await play(alice)
    await play(eve, key="eves")
    for who, key, code in (
        (bob, "lucky", "no_such_play"),
        (alice, "eves", "no_such_play"),
        (eve, "eves", "no_such_conversation"),
    ):
        status, problem = await share(who, conversation, key)
        assert (status, problem["code"]) == (404, code)
        async with who.socket("/ws") as socket:
            await socket.send(type="share", conversation_id=conversation, play=key, client_id="x")
            assert (await socket.until("error"))["code"] == code


async def test_it_is_refused_as_any_message_is(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    conversation = await alice.talk_to(bob)
    await play(alice)
    assert (await share(alice, conversation, message="x" * 4001))[1]["code"] == "message_too_long"
    assert (await share(alice, conversation, message=" "))[1]["code"] == "empty_message"
    await bob.http.put(f"/api/blocks/{alice.id}")
    assert (await share(alice, conversation))[1]["code"] == "not_reachable"


async def test_in_a_group_a_block_withholds_it_live_and_later(player: Register) -> None:
    alice, bob, cara = [await player(name) for name in ("alice", "bob", "cara")]
    people = {"participants": [bob.id, cara.id], "name": "Chess"}
    group = (await alice.http.post("/api/chat/groups", json=people)).json()["id"]
    await play(alice)
    await bob.http.put(f"/api/blocks/{alice.id}")
    async with bob.socket("/ws") as his:
        await his.send(type="subscribe", conversation_id=group)
        await his.until("subscribed")
        await share(alice, group)
        heard = await next_of(his, "message", "withheld")
    assert heard["type"] == "withheld"
    (message,) = (await bob.http.get(f"/api/chat/conversations/{group}/messages")).json()["messages"]
    assert message["kind"] == "withheld"
    assert "card" not in message
    assert "card" in (await cara.http.get(f"/api/chat/conversations/{group}/messages")).json()["messages"][0]


async def test_it_is_found_by_its_text_and_shown_with_its_card(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    conversation = await alice.talk_to(bob)
    await play(alice)
    _, message = await share(alice, conversation, message="Behold, fortune")
    async with asyncio.timeout(20):
        while not (hits := (await bob.http.get("/api/chat/search", params={"q": "fortune"})).json()["hits"]):
            await asyncio.sleep(0.1)
    assert [hit["message"] for hit in hits] == [message]


async def test_a_deletion_takes_the_card_from_everybody(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    conversation = await alice.talk_to(bob)
    await play(alice)
    _, message = await share(alice, conversation)
    path = f"/api/chat/conversations/{conversation}/messages"
    await alice.http.delete(f"{path}/{message['id']}")
    (left,) = (await bob.http.get(path)).json()["messages"]
    assert left["deleted"]
    assert "card" not in left


async def test_moderators_see_the_card_that_was_reported_also_when_it_is_gone(
    player: Register, officer: Officer
) -> None:
    alice, bob = await player("alice"), await player("bob")
    moderator = await officer("moderator", StaffRole.MODERATOR)
    conversation = await alice.talk_to(bob)
    result = await play(alice)
    _, message = await share(alice, conversation)
    about = {"kind": "message", "conversation_id": conversation, "message_id": message["id"], "reason": "spam"}
    report = (await bob.http.post("/api/reports", json=about)).json()
    path = f"/api/moderation/reports/{report['id']}"
    shown = (await moderator.http.get(path)).json()
    assert shown["evidence"]["card"] == card_of(result)
    assert shown["context"][0]["card"] == card_of(result)
    await alice.http.delete(f"/api/chat/conversations/{conversation}/messages/{message['id']}")
    later = (await moderator.http.get(path)).json()
    assert later["evidence"]["card"] == card_of(result)
    assert "card" not in later["context"][0]
