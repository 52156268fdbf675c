"""Who is notified of a message: whom it names, whom it answers, and who is put into a group. Once each."""

import pytest
from tests.clients import Player
from tests.conftest import Register

pytestmark = pytest.mark.anyio


async def list_of(player: Player) -> list[tuple[str, int | None, str | None]]:
    """Oldest first: the kind, the message, and what is quoted of it."""
    answer = (await player.http.get("/api/notifications")).json()
    return [
        (one["kind"], one["body"].get("message_id"), one["body"].get("excerpt"))
        for one in reversed(answer["notifications"])
    ]


async def test_mentions_replies_and_invitations_are_notified_once_and_live(player: Register) -> None:
    alice, bob, cara = [await player(name) for name in ("alice", "bob", "cara")]
    people = {"participants": [bob.id], "name": "Chess"}
    group = (await alice.http.post("/api/chat/conversations", json=people)).json()["id"]
    await alice.http.put(f"/api/chat/groups/{group}/members/{cara.id}")
    messages = f"/api/chat/conversations/{group}/messages"
    async with bob.socket("/ws") as his:
        await his.until("ready")
        named = {"message": f"@{bob.username} and @{alice.username}, look", "client_id": "a"}
        first = (await alice.http.post(messages, json=named)).json()["id"]
        await alice.http.post(messages, json=named)
        frame = await his.until("notification")
        answer = {"message": f"seen, @{alice.username}", "reply_to": first}
        second = (await bob.http.post(messages, json=answer)).json()["id"]
        third = (await cara.http.post(messages, json={"message": "me too", "reply_to": second})).json()["id"]
    assert (frame["kind"], frame["conversation_id"], frame["body"]["username"]) == ("mention", group, alice.username)
    assert await list_of(cara) == [("invite", None, None)]
    assert await list_of(bob) == [
        ("invite", None, None),
        ("mention", first, named["message"]),
        ("reply", third, "me too"),
    ]
    assert await list_of(alice) == [("mention", second, answer["message"])], "named and answered is told once"


async def test_nobody_is_notified_across_a_block_or_after_they_left(player: Register) -> None:
    alice, bob, cara = [await player(name) for name in ("alice", "bob", "cara")]
    people = {"participants": [bob.id, cara.id], "name": "Chess"}
    group = (await alice.http.post("/api/chat/conversations", json=people)).json()["id"]
    await bob.http.put(f"/api/blocks/{alice.id}")
    await cara.http.post(f"/api/chat/groups/{group}/leave")
    names = f"@{bob.username} @{cara.username}"
    await alice.http.post(f"/api/chat/conversations/{group}/messages", json={"message": names})
    for one in (bob, cara):
        assert await list_of(one) == [("invite", None, None)]
