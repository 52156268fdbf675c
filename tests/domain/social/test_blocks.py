"""Blocks, and that they win."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
import pytest
from httpx import Response
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.clients import Player
from tests.conftest import Newcomer, Register

from app.domain.chat.rules import FriendsOnly
from app.domain.chat.services.opening import open_direct
from app.domain.social.rules import BLOCKS, BlockingYourself, NoSuchRequest, TooManyBlocks
from app.domain.social.services.announcing import tell_of_block, tell_of_unblock
from app.domain.social.services.blocks import Blocks
from app.domain.social.services.friendships import Friendships
from app.domain.social.services.showing import show_blocked
from app.errors import AppError, NoSuchUser
from app.hub import events
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ROUNDS = 10
"""Of a race: it may be won by either."""

Act = Callable[[AsyncSession], Awaitable[object]]


async def at_once(sessions: Sessions, *acts: Act) -> list[type[AppError] | None]:
    """Each in a transaction of its own, all at the same time; what each was refused with."""

    async def carry_out(act: Act) -> type[AppError] | None:
        try:
            async with sessions.begin() as session:
                await act(session)
        except AppError as error:
            return type(error)
        return None

    return await asyncio.gather(*map(carry_out, acts))


async def test_a_block_ends_a_friendship_for_good(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        friends, blocks = Friendships(session=session), Blocks(session=session)
        await friends.request(alice, bob)
        await friends.accept(bob, alice)
        blocking = await blocks.block(bob, alice)
        assert blocking.is_new
        assert blocking.ended is not None
        assert blocking.ended.accepted_at is not None
        assert not await friends.are_friends(alice, bob)
        await blocks.unblock(bob, alice)
        assert not await friends.are_friends(alice, bob)


@pytest.mark.parametrize("blocker_asked", [True, False])
async def test_a_block_drops_an_open_request_of_either(
    newcomer: Newcomer, sessions: Sessions, *, blocker_asked: bool
) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        friends = Friendships(session=session)
        await (friends.request(alice, bob) if blocker_asked else friends.request(bob, alice))
        blocking = await Blocks(session=session).block(alice, bob)
        assert blocking.ended is not None
        assert blocking.ended.accepted_at is None
        for one, other in ((alice, bob), (bob, alice)):
            with pytest.raises(NoSuchRequest):
                await friends.accept(one, other)


async def test_blocking_and_unblocking_again_change_nothing(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    blockings = []
    for _ in range(2):
        async with sessions.begin() as session:
            blockings.append(await Blocks(session=session).block(alice, bob))
    assert [one.is_new for one in blockings] == [True, False]
    assert blockings[0].block.since == blockings[1].block.since
    async with sessions.begin() as session:
        blocks = Blocks(session=session)
        assert [await blocks.unblock(alice, bob) for _ in range(2)] == [True, False]
        assert await blocks.list_of(alice, 10, 0) == []
        assert (await blocks.block(alice, bob)).is_new


async def test_a_block_stands_between_both_until_both_have_lifted_theirs(
    newcomer: Newcomer, sessions: Sessions
) -> None:
    alice, bob, carol = [await newcomer(name) for name in ("alice", "bob", "carol")]
    async with sessions.begin() as session:
        blocks = Blocks(session=session)
        await blocks.block(alice, bob)
        await blocks.block(bob, alice)
        await blocks.unblock(alice, bob)
        assert await blocks.stands_between(alice, bob)
        assert await blocks.stands_between(bob, alice)
        assert not await blocks.stands_between(alice, carol)
        await blocks.unblock(bob, alice)
        assert not await blocks.stands_between(alice, bob)


async def test_who_is_hidden_from_whom_is_told_for_many_at_once(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob, carol, dave = [await newcomer(name) for name in ("alice", "bob", "carol", "dave")]
    async with sessions.begin() as session:
        blocks = Blocks(session=session)
        await blocks.block(alice, bob)
        await blocks.block(carol, alice)
        assert await blocks.hidden_from([alice, bob, dave]) == {alice: {bob, carol}, bob: {alice}, dave: set()}
        assert await blocks.hidden_from([]) == {}


async def test_nobody_blocks_themselves_or_half_the_world(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        blocks = Blocks(session=session)
        with pytest.raises(BlockingYourself):
            await blocks.block(alice, alice)
        await session.execute(
            text("""
                WITH crowd AS (
                    INSERT INTO users (username, password_hash)
                    SELECT 'crowd-' || n, '-' FROM generate_series(1, :many) n RETURNING id
                ) INSERT INTO blocks (blocker_id, blocked_id) SELECT :alice, id FROM crowd
            """),
            {"many": BLOCKS, "alice": alice},
        )
        with pytest.raises(TooManyBlocks):
            await blocks.block(alice, bob)
        assert not (await blocks.block(alice, bob + 1)).is_new, "It stands already"


async def test_whoever_comes_first_no_request_outlives_a_block(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    for _ in range(ROUNDS):
        refusals = await at_once(
            sessions,
            lambda session: Friendships(session=session).request(bob, alice),
            lambda session: Blocks(session=session).block(alice, bob),
        )
        assert refusals in ([None, None], [NoSuchUser, None])
        async with sessions.begin() as session:
            assert await Friendships(session=session).received_by(alice, 10, 0) == []
            await Blocks(session=session).unblock(alice, bob)


async def test_whoever_comes_first_no_friendship_outlives_a_block(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    for _ in range(ROUNDS):
        async with sessions.begin() as session:
            await Friendships(session=session).request(alice, bob)
        refusals = await at_once(
            sessions,
            lambda session: Friendships(session=session).accept(bob, alice),
            lambda session: Blocks(session=session).block(alice, bob),
        )
        assert refusals in ([None, None], [NoSuchRequest, None])
        async with sessions.begin() as session:
            assert not await Friendships(session=session).are_friends(alice, bob)
            await Blocks(session=session).unblock(alice, bob)


async def test_two_who_block_each_other_at_once_both_have_their_block(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    for _ in range(ROUNDS):
        assert await at_once(
            sessions,
            lambda session: Blocks(session=session).block(alice, bob),
            lambda session: Blocks(session=session).block(bob, alice),
        ) == [None, None]
        async with sessions.begin() as session:
            blocks = Blocks(session=session)
            assert [len(await blocks.list_of(one, 10, 0)) for one in (alice, bob)] == [1, 1]
            await blocks.unblock(alice, bob)
            await blocks.unblock(bob, alice)


async def test_two_who_ask_each_other_at_once_are_friends(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    for _ in range(ROUNDS):
        assert await at_once(
            sessions,
            lambda session: Friendships(session=session).request(alice, bob),
            lambda session: Friendships(session=session).request(bob, alice),
        ) == [None, None]
        async with sessions.begin() as session:
            await Friendships(session=session).remove(alice, bob)


async def test_no_chat_is_opened_after_a_block(newcomer: Newcomer, sessions: Sessions) -> None:
    """One that was opened a moment before it is there for both."""
    for n in range(ROUNDS):
        alice, bob = await newcomer(f"alice-{n}"), await newcomer(f"bob-{n}")
        block = partial(block_person, alice, bob)
        knock = partial(open_chat, bob, alice)
        refusals = await at_once(sessions, knock, block)
        assert refusals in ([None, None], [FriendsOnly, None])
        assert await at_once(sessions, knock) == refusals[:1]


async def open_chat(one: int, other: int, session: AsyncSession) -> None:
    await open_direct(session, one, other, unless_chosen="everyone")


async def block_person(one: int, other: int, session: AsyncSession) -> None:
    await Blocks(session=session).block(one, other)


# Over HTTP, against the running server


async def befriend(one: Player, other: Player) -> None:
    for asker, asked, status in ((one, other, 201), (other, one, 200)):
        answer = await asker.http.post("/api/friends/requests", json={"username": asked.username})
        assert answer.status_code == status


def refusal(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_blocking_over_http_and_what_is_left_of_a_friendship(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    await befriend(alice, bob)

    blocked = await alice.http.put(f"/api/blocks/{bob.id}")

    assert blocked.status_code == 200
    assert (blocked.json()["id"], blocked.json()["username"]) == (bob.id, bob.username)
    assert (await alice.http.put(f"/api/blocks/{bob.id}")).json() == blocked.json()
    assert (await alice.http.get("/api/blocks")).json() == [blocked.json()]
    assert (await bob.http.get("/api/blocks")).json() == []
    assert [(await one.http.get("/api/friends")).json() for one in (alice, bob)] == [[], []]
    for _ in range(2):
        assert (await alice.http.delete(f"/api/blocks/{bob.id}")).status_code == 204
    assert (await alice.http.get("/api/blocks")).json() == []


async def test_a_block_looks_to_the_blocked_like_a_stranger_who_has_left(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    await alice.http.put(f"/api/blocks/{bob.id}")
    nobody = {"username": "nobody-here"}
    for one, other in ((alice, bob), (bob, alice)):
        asked = await one.http.post("/api/friends/requests", json={"username": other.username})
        unknown = await one.http.post("/api/friends/requests", json=nobody)
        assert asked.json() | {"request_id": ""} == unknown.json() | {"request_id": ""}
        assert refusal(asked) == (404, "no_such_user")
        group = await one.http.post("/api/chat/conversations", json={"participants": [other.id], "name": "Us"})
        assert refusal(group) == (404, "no_such_user")
    assert refusal(await bob.http.get(f"/api/users/{alice.id}")) == (404, "no_such_user")


async def test_a_blocked_one_cannot_tell_the_block_from_a_choice_when_they_open_a_chat(player: Register) -> None:
    alice, bob, carol = [await player(name) for name in ("alice", "bob", "carol")]
    await carol.http.patch("/api/users/privacy", json={"direct_chats": "nobody"})
    await alice.http.put(f"/api/blocks/{bob.id}")
    for by_block, by_choice in (
        [await bob.http.get(f"/api/chat/direct/{one.username}") for one in (alice, carol)],
        [await bob.http.post("/api/chat/conversations", json={"participants": [one.id]}) for one in (alice, carol)],
    ):
        assert refusal(by_block) == refusal(by_choice) == (403, "friends_only")
        assert by_block.json()["detail"] == by_choice.json()["detail"]


async def test_a_chat_that_was_there_before_the_block_stays_open_for_reading(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    chat = await alice.talk_to(bob)
    await alice.http.post(f"/api/chat/conversations/{chat}/messages", json={"message": "Last words"})
    await alice.http.put(f"/api/blocks/{bob.id}")
    for one, other in ((alice, bob), (bob, alice)):
        assert await one.talk_to(other) == chat
        messages = (await one.http.get(f"/api/chat/conversations/{chat}/messages")).json()["messages"]
        assert [message["content"] for message in messages] == ["Last words"]


async def test_the_blocker_hears_of_the_block_and_the_other_of_a_lost_friend_at_most(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    await befriend(alice, bob)
    async with alice.socket("/ws") as hers, bob.socket("/ws") as his, asyncio.timeout(5):
        await hers.until("ready")
        await his.until("ready")
        blocked = (await alice.http.put(f"/api/blocks/{bob.id}")).json()
        await alice.http.delete(f"/api/blocks/{bob.id}")
        assert (await hers.receive())["type"] == "friend_removed"
        assert await hers.receive() == {"type": "blocked", "person": blocked}
        assert await hers.receive() == {"type": "unblocked", "user_id": bob.id}
        removed = await his.receive()
        assert (removed["type"], removed["friend"]["id"], removed["by_me"]) == ("friend_removed", alice.id, False)
        await his.send(type="ping")
        assert (await his.receive())["type"] == "pong"


async def test_hubs_are_told_of_every_block_and_unblock(newcomer: Newcomer, sessions: Sessions, redis: "Redis") -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        block, _, _ = await Blocks(session=session).block(alice, bob)
        [person] = await show_blocked(session, [block])
    async with redis.pubsub() as hub, asyncio.timeout(5):
        await hub.subscribe(events.BLOCKS)
        confirmed = await anext(hub.listen())
        await tell_of_block(redis, alice, person, is_new=False, ended=None, seen={})
        await tell_of_unblock(redis, alice, bob, lifted=True)
        told = [(await anext(hub.listen()))["data"] for _ in range(2)]
    assert confirmed["type"] == "subscribe"
    assert [msgspec.msgpack.decode(one) for one in told] == [[alice, bob]] * 2


async def test_without_redis_a_block_is_a_block_all_the_same(newcomer: Newcomer) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    await tell_of_unblock(Redis.from_url("unix:///nowhere.sock"), alice, bob, lifted=True)


@pytest.mark.parametrize(
    ("user_id", "status", "code"),
    [
        (str(2**62), 404, "no_such_user"),
        ("0", 400, "bad_request"),
        (str(2**63), 400, "bad_request"),
        ("x", 404, "not_found"),
    ],
)
async def test_whom_nobody_can_block(somebody: Player, user_id: str, status: int, code: str) -> None:
    assert refusal(await somebody.http.put(f"/api/blocks/{user_id}")) == (status, code)


async def test_nobody_blocks_themselves_over_http(somebody: Player) -> None:
    assert refusal(await somebody.http.put(f"/api/blocks/{somebody.id}")) == (400, "blocking_yourself")
