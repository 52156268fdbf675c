"""Messages over HTTP, on the running server."""

import asyncio

import pytest
from tests.clients import Player
from tests.conftest import Register

pytestmark = pytest.mark.anyio
THUMB = "%F0%9F%91%8D"


async def test_a_message_is_edited_reacted_to_and_deleted_over_http(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    messages = f"/api/chat/conversations/{await alice.talk_to(bob)}/messages"
    await alice.http.post(messages, json={"message": "helo"})
    edited = await alice.http.patch(f"{messages}/1", json={"message": f"hello @{bob.username}"})
    assert (edited.status_code, edited.json()["seq"], edited.json()["mentions"]) == (200, 2, [bob.id])
    answered = await bob.http.post(messages, json={"message": "hi", "reply_to": 1})
    assert (answered.status_code, answered.json()["id"], answered.json()["reply_to"]) == (201, 3, 1)
    for _ in range(2):
        assert (await bob.http.put(f"{messages}/1/reactions/{THUMB}")).status_code == 200
    (first, _) = (await alice.http.get(messages)).json()["messages"]
    assert (first["content"], first["reactions"]) == (f"hello @{bob.username}", {"👍": [bob.id]})
    assert (await bob.http.delete(f"{messages}/1/reactions/{THUMB}")).status_code == 200
    assert (await bob.http.delete(f"{messages}/1")).json()["code"] == "not_your_message"
    assert (await alice.http.delete(f"{messages}/1")).status_code == 200
    (first, _) = (await bob.http.get(messages)).json()["messages"]
    assert (first["content"], first["deleted"]) == ("", True)
    assert (await alice.http.patch(f"{messages}/1", json={"message": "back"})).json()["code"] == "no_such_message"


async def test_a_page_around_a_message_and_events_after_a_number(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    conversation = f"/api/chat/conversations/{await alice.talk_to(bob)}"
    for n in range(1, 11):
        await alice.http.post(f"{conversation}/messages", json={"message": f"{n}"})
    await alice.http.delete(f"{conversation}/messages/9")
    around = (await bob.http.get(f"{conversation}/messages", params={"around": 5, "limit": 4})).json()["messages"]
    assert [one["id"] for one in around] == [3, 4, 5, 6]
    page = (await bob.http.get(f"{conversation}/events", params={"after": 8, "limit": 2})).json()
    assert ([one["type"] for one in page["events"]], page["position"], page["last"]) == (["message", "message"], 10, 11)
    rest = (await bob.http.get(f"{conversation}/events", params={"after": page["position"]})).json()
    assert ([one["type"] for one in rest["events"]], rest["position"]) == (["deleted"], 11)


@pytest.mark.parametrize("emoji", ["a", "1", "%F0%9F%91%8D%20", "hello", "%00"])
async def test_only_an_emoji_is_a_reaction(player: Register, emoji: str) -> None:
    alice, bob = await player("alice"), await player("bob")
    messages = f"/api/chat/conversations/{await alice.talk_to(bob)}/messages"
    await alice.http.post(messages, json={"message": "hello"})
    answer = await alice.http.put(f"{messages}/1/reactions/{emoji}")
    assert (answer.status_code, answer.json()["code"]) == (400, "no_emoji")


TEXT_FILE = b"The analytical engine weaves algebraic patterns.\n"


async def upload(player: Player, name: str) -> str:
    answer = await player.http.post("/api/files", params={"name": name}, content=TEXT_FILE)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_a_file_goes_with_one_message_to_those_who_may_read_it(player: Register) -> None:
    alice, bob, stranger = await player("alice"), await player("bob"), await player("stranger")
    conversation = f"/api/chat/conversations/{await alice.talk_to(bob)}"
    notes, other = await upload(alice, "notes.txt"), await upload(alice, "other.txt")
    first = {"files": [notes], "client_id": "a"}
    sent = await alice.http.post(f"{conversation}/messages", json=first)
    assert (sent.status_code, sent.json()["content"]) == (201, "")
    assert [one["name"] for one in sent.json()["attachments"]] == ["notes.txt"]
    again = await alice.http.post(f"{conversation}/messages", json=first)
    assert again.json() == sent.json()
    for who, files in ((alice, [notes]), (alice, [other, other]), (bob, [other]), (alice, [other, notes])):
        refused = await who.http.post(f"{conversation}/messages", json={"message": "mine", "files": files})
        assert (refused.status_code, refused.json()["code"]) == (422, "no_such_attachment")
    shown = (await bob.http.get(f"{conversation}/messages")).json()["messages"]
    assert [one.get("attachments") for one in shown] == [sent.json()["attachments"]]
    assert (await bob.http.get(f"{conversation}/files/{notes}")).content == TEXT_FILE
    assert (await stranger.http.get(f"{conversation}/files/{notes}")).status_code == 404
    assert (await bob.http.get(f"{conversation}/files/{other}")).status_code == 404
    await alice.http.delete(f"{conversation}/messages/1")
    assert (await bob.http.get(f"{conversation}/files/{notes}")).status_code == 404
    assert "attachments" not in (await bob.http.get(f"{conversation}/messages")).json()["messages"][0]


async def test_a_message_needs_a_text_or_a_file(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    messages = f"/api/chat/conversations/{await alice.talk_to(bob)}/messages"
    bodies: tuple[dict[str, object], ...] = ({}, {"files": []}, {"message": ""})
    for empty in bodies:
        answer = await alice.http.post(messages, json=empty)
        assert (answer.status_code, answer.json()["code"]) == (400, "empty_message")


async def test_messages_with_files_are_found_apart(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    messages = f"/api/chat/conversations/{await alice.talk_to(bob)}/messages"
    await alice.http.post(messages, json={"message": "the agenda"})
    await alice.http.post(messages, json={"message": "the agenda, as a file", "files": [await upload(alice, "a.txt")]})
    for asked, found in (({}, [2, 1]), ({"has_file": True}, [2])):
        hits: list[int] = []
        for _ in range(100):
            answer = await bob.http.get("/api/chat/search", params={"q": "agenda", **asked})
            hits = [hit["message"]["id"] for hit in answer.json()["hits"]]
            if hits == found:
                break
            await asyncio.sleep(0.1)
        assert hits == found
