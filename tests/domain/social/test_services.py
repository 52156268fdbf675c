"""Friends."""

import pytest
from tests.conftest import Newcomer

from app.domain.social.rules import AlreadyFriends, FriendOfYourself, NoSuchRequest, NotFriends
from app.domain.social.services import Friendships
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
        await friends.request(alice, bob)
        await friends.request(bob, alice)
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
        assert len(await friends.requests_of(bob, 10)) == 1


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
