"""What people show of themselves, and who may open a one-to-one chat with them."""

import asyncio

import pytest
from tests.clients import Player
from tests.conftest import Newcomer, Register

from app.domain.social.schemas import PrivacyChange, PrivacySetting
from app.domain.social.services.privacy import Privacy
from app.resources import Sessions

pytestmark = pytest.mark.anyio


async def test_who_has_chosen_nothing_has_the_defaults(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        privacy = Privacy(session=session)
        chosen = await privacy.change(alice, PrivacyChange(presence="nobody", receipts=False))
        assert chosen == PrivacySetting(presence="nobody", receipts=False)
        assert await privacy.of([alice, bob]) == {alice: chosen, bob: PrivacySetting()}
        assert await privacy.of([]) == {}


async def test_two_devices_that_change_different_things_at_once_both_succeed(
    newcomer: Newcomer, sessions: Sessions
) -> None:
    alice = await newcomer("alice")

    async def change(what: PrivacyChange) -> None:
        async with sessions.begin() as session:
            await Privacy(session=session).change(alice, what)

    changes = (PrivacyChange(receipts=False), PrivacyChange(typing=False), PrivacyChange(direct_chats="nobody"))
    await asyncio.gather(*map(change, changes))
    async with sessions() as session:
        setting = (await Privacy(session=session).of([alice]))[alice]
    assert setting == PrivacySetting(direct_chats="nobody", receipts=False, typing=False)


async def test_a_change_changes_what_is_given_and_nothing_else(player: Register) -> None:
    alice = await player("alice")
    defaults = {"direct_chats": None, "presence": "everyone", "receipts": True, "typing": True, "leaderboards": True}
    assert (await alice.http.get("/api/users/privacy")).json() == defaults
    assert (await alice.http.patch("/api/users/privacy", json={})).json() == defaults
    for change in ({"direct_chats": "friends"}, {"typing": False}, {"presence": "friends"}):
        changed = await alice.http.patch("/api/users/privacy", json=change)
        assert changed.status_code == 200
    assert (await alice.http.get("/api/users/privacy")).json() == {
        "direct_chats": "friends",
        "presence": "friends",
        "receipts": True,
        "typing": False,
        "leaderboards": True,
    }
    assert (await alice.http.patch("/api/users/privacy", json={"direct_chats": None})).json()["direct_chats"] is None


@pytest.mark.parametrize(
    "change", [{"presence": "no"}, {"presence": None}, {"receipts": "yes"}, {"unknown": True}, {"typing": 1}, []]
)
async def test_a_choice_that_there_is_not_is_refused(somebody: Player, change: object) -> None:
    assert (await somebody.http.patch("/api/users/privacy", json=change)).status_code == 400


async def by_username(one: Player, other: Player) -> int:
    return (await one.http.get(f"/api/chat/direct/{other.username}")).status_code


async def by_id(one: Player, other: Player) -> int:
    return (await one.http.post("/api/chat/conversations", json={"participants": [other.id]})).status_code


@pytest.mark.parametrize(
    ("choice", "username", "identity"),
    [(None, 403, 201), ("everyone", 200, 201), ("friends", 403, 403), ("nobody", 403, 403)],
)
async def test_who_may_open_a_chat_is_the_servers_choice_until_it_is_theirs(
    player: Register, choice: str | None, username: int, identity: int
) -> None:
    alice, stranger, another = [await player(name) for name in ("alice", "stranger", "another")]
    await alice.http.patch("/api/users/privacy", json={"direct_chats": choice})
    assert await by_username(stranger, alice) == username
    assert await by_id(another, alice) == identity


@pytest.mark.parametrize(("choice", "status"), [(None, 200), ("everyone", 200), ("friends", 200), ("nobody", 403)])
async def test_friends_may_open_a_chat_unless_nobody_may(player: Register, choice: str | None, status: int) -> None:
    alice, friend = await player("alice"), await player("friend")
    await friend.http.post("/api/friends/requests", json={"username": alice.username})
    await alice.http.post(f"/api/friends/requests/{friend.id}/accept")
    await alice.http.patch("/api/users/privacy", json={"direct_chats": choice})
    assert await by_username(friend, alice) == status
    assert await by_id(friend, alice) == status


async def test_who_lets_nobody_in_may_still_go_out(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    await alice.http.patch("/api/users/privacy", json={"direct_chats": "nobody"})
    assert await by_id(alice, bob) == 201
    assert await by_id(bob, alice) == 200, "What is open stays open"
    assert await by_username(bob, alice) == 200


async def test_nobody_opens_a_chat_with_themselves_by_either_way(somebody: Player) -> None:
    assert await by_username(somebody, somebody) == 400
    assert await by_id(somebody, somebody) == 400
