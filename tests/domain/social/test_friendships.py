"""Friends."""

import pytest
from sqlalchemy import text
from tests.conftest import Newcomer

from app.domain.social.rules import (
    OPEN_REQUESTS,
    AlreadyFriends,
    FriendOfYourself,
    NoSuchRequest,
    NotFriends,
    TooManyOpenRequests,
)
from app.domain.social.services.blocks import Blocks
from app.domain.social.services.friendships import Friendships
from app.errors import NoSuchUser
from app.resources import Sessions

pytestmark = pytest.mark.anyio


async def test_a_request_becomes_a_friendship_when_the_other_accepts(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        friends = Friendships(session=session)
        await friends.request(alice, bob)
        assert not await friends.are_friends(alice, bob)
        for _ in range(2):
            await friends.accept(bob, alice)
        assert await friends.are_friends(bob, alice)
        with pytest.raises(AlreadyFriends):
            await friends.request(alice, bob)


async def test_nobody_accepts_their_own_request(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        friends = Friendships(session=session)
        await friends.request(alice, bob)
        with pytest.raises(NoSuchRequest):
            await friends.accept(alice, bob)


async def test_two_who_ask_each_other_are_friends_at_once(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        friends = Friendships(session=session)
        assert [(await friends.request(alice, bob))[1] for _ in range(2)] == [True, False]
        _, is_new = await friends.request(bob, alice)
        assert is_new
        assert await friends.are_friends(alice, bob)


async def test_a_declined_request_is_gone_and_may_be_made_again(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        friends = Friendships(session=session)
        await friends.request(alice, bob)
        await friends.drop_request(bob, alice)
        with pytest.raises(NoSuchRequest):
            await friends.accept(bob, alice)
        await friends.request(alice, bob)
        assert [one.other(bob) for one in await friends.received_by(bob, 10, 0)] == [alice]


async def test_a_friendship_ends_for_both(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        friends = Friendships(session=session)
        await friends.request(alice, bob)
        await friends.accept(bob, alice)
        await friends.remove(alice, bob)
        assert not await friends.are_friends(alice, bob)
        assert await friends.friends_of(bob, 10, 0) == []
        with pytest.raises(NotFriends):
            await friends.remove(bob, alice)


async def test_nobody_befriends_themselves(newcomer: Newcomer, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    async with sessions.begin() as session:
        with pytest.raises(FriendOfYourself):
            await Friendships(session=session).request(alice, alice)


async def test_requests_are_listed_apart_by_who_sent_them_and_in_pages(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, *others = [await newcomer(f"user-{n}") for n in range(6)]
    async with sessions.begin() as session:  # One transaction, one clock: all of them were made at the same instant.
        friends = Friendships(session=session)
        for other in others[:4]:
            await friends.request(alice, other)
        await friends.request(others[4], alice)

        sent = [await friends.sent_by(alice, 3, offset) for offset in (0, 3)]
        assert [len(page) for page in sent] == [3, 1]
        assert {one.other(alice) for page in sent for one in page} == set(others[:4])
        assert [one.other(alice) for one in await friends.received_by(alice, 10, 0)] == [others[4]]
        assert await friends.friends_of(alice, 10, 0) == []


async def test_while_a_block_stands_there_is_nobody_to_ask(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        friends = Friendships(session=session)
        await Blocks(session=session).block(alice, bob)
        for asker, asked in ((alice, bob), (bob, alice)):
            with pytest.raises(NoSuchUser):
                await friends.request(asker, asked)
        await Blocks(session=session).unblock(alice, bob)
        await friends.request(bob, alice)


async def test_nobody_asks_everybody(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        await session.execute(
            text("""
                WITH crowd AS (
                    INSERT INTO users (username, password_hash)
                    SELECT 'crowd-' || n, '-' FROM generate_series(1, :many) n RETURNING id
                ) INSERT INTO friendships (low_id, high_id, asked_by) SELECT :alice, id, :alice FROM crowd
            """),
            {"many": OPEN_REQUESTS, "alice": alice},
        )
        friends = Friendships(session=session)
        with pytest.raises(TooManyOpenRequests):
            await friends.request(alice, bob)
        await friends.drop_request(alice, bob + 1)
        await friends.request(alice, bob)
