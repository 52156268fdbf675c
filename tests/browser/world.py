"""A life for somebody, so that no page of theirs is empty."""

from typing import NamedTuple

from tests.browser.conftest import Register
from tests.clients import Player


class World(NamedTuple):
    chat: int
    group: int
    friend: int
    blocked: int
    invite: str
    """The token of a link into a group that they are not in."""


async def settle_in(who: Player, register: Register) -> World:
    friend, blocked, asker = await register("friend"), await register("blocked"), await register("asker")
    await befriend(who, friend)
    await asker.http.post("/api/friends/requests", json={"username": who.username})
    chat = await who.talk_to(friend)
    await friend.http.post(f"/api/chat/conversations/{chat}/messages", json={"message": "Are you there?"})
    people = [friend.id, blocked.id]
    made = await who.http.post("/api/chat/groups", json={"name": "Chess", "topic": "Openings", "participants": people})
    group = int(made.json()["id"])
    await friend.http.post(f"/api/chat/conversations/{group}/messages", json={"message": f"Shall we? @{who.username}"})
    await who.http.put(f"/api/chat/groups/{group}/members/{friend.id}/role", json={"role": "admin"})
    await who.http.post(f"/api/chat/groups/{group}/invites", json={})
    await who.http.put(f"/api/notifications/mutes/{group}")
    await who.http.put(f"/api/blocks/{blocked.id}")
    theirs = (await asker.http.post("/api/chat/groups", json={"name": "Go"})).json()["id"]
    invite = (await asker.http.post(f"/api/chat/groups/{theirs}/invites", json={})).json()["token"]
    await who.http.post("/api/game/play", json={"number": 842})
    return World(chat, group, friend.id, blocked.id, invite)


async def befriend(one: Player, other: Player) -> None:
    for asking, asked in ((one, other), (other, one)):
        await asking.http.post("/api/friends/requests", json={"username": asked.username})
