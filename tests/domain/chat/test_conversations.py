"""Who talks to whom."""

import asyncio

import pytest
from tests.conftest import Newcomer

from app.domain.chat.rules import TalkingToYourself
from app.domain.chat.services.conversations import Conversations
from app.resources import Sessions

pytestmark = pytest.mark.anyio


async def test_a_pair_has_one_conversation_whoever_opens_it(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")

    async def open_it(one: int, other: int) -> tuple[int, bool]:
        async with sessions.begin() as session:
            conversation, created = await Conversations(session=session).open_direct(one, other)
            return conversation.id, created

    opened = await asyncio.gather(*[open_it(alice, bob) if n % 2 else open_it(bob, alice) for n in range(8)])
    assert len({conversation for conversation, _ in opened}) == 1
    assert sum(created for _, created in opened) == 1


async def test_nobody_opens_a_chat_with_themselves(newcomer: Newcomer, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    async with sessions.begin() as session:
        with pytest.raises(TalkingToYourself):
            await Conversations(session=session).open_direct(alice, alice)


async def test_somebodys_list_holds_their_conversations_and_no_others(newcomer: Newcomer, sessions: Sessions) -> None:
    alice, bob, carol = [await newcomer(name) for name in ("alice", "bob", "carol")]
    async with sessions.begin() as session:
        conversations = Conversations(session=session)
        await conversations.open_direct(bob, carol)
        mine, _ = await conversations.open_direct(alice, bob)
        group = await conversations.open_group(carol, {alice}, "chess", joinable=True)
        assert {one.id for one in await conversations.list_of(alice, 10, 0)} == {mine.id, group.id}
