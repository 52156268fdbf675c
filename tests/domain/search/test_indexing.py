"""The index follows the conversations, whatever happens in them and to the workers."""

import asyncio

import pytest
from sqlalchemy import text
from tests.conftest import Newcomer
from tests.domain.search.conftest import Find, Group, Index, Record, edit, say, texts

from app.domain.chat.schemas.entries import Deletion, Reaction
from app.domain.search.services import indexing
from app.domain.search.tasks import forget_what_is_gone, index_batch
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ALICE, BOB = 1, 2


async def entries(sessions: Sessions) -> list[tuple[int, int]]:
    async with sessions() as session:
        found = await session.execute(text("SELECT conversation_id, seq FROM search_entries ORDER BY 1, 2"))
        return [(row[0], row[1]) for row in found]


async def test_a_batch_is_taken_in_once(conversation: int, sessions: Sessions, record: Record) -> None:
    await record(*say(conversation, ALICE, "first words", "second words"))
    assert await index_batch(sessions) is False
    assert await entries(sessions) == [(conversation, 1), (conversation, 2)]
    assert await index_batch(sessions) is False
    async with sessions() as session:
        assert (await session.execute(text("SELECT * FROM search_positions"))).all() == [(conversation, 2)]


async def test_a_backlog_is_taken_in_batch_by_batch_and_does_not_hold_up_what_was_just_said(
    group: Group, newcomer: Newcomer, sessions: Sessions, record: Record, search: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "EVENTS", 10)
    await newcomer("alice")
    long, short = await group(ALICE), await group(ALICE)
    await record(*say(long, ALICE, *[f"old words {n}" for n in range(25)]))
    await record(*say(short, ALICE, "new words"))
    assert await index_batch(sessions) is True
    assert texts(await search(ALICE, "new words")) == ["new words"]
    assert len(texts(await search(ALICE, "old words"))) == 9
    assert await index_batch(sessions) is True
    assert await index_batch(sessions) is False
    assert len(texts(await search(ALICE, "old words"))) == 25


async def test_an_edit_is_found_by_its_new_words_and_never_by_its_old_ones(
    conversation: int, record: Record, index: Index, search: Find
) -> None:
    await record(*say(conversation, ALICE, "a mistake"))
    await index()
    await record(edit(conversation, ALICE, 1, "corrected"))
    assert texts(await search(BOB, "mistake")) == []
    await index()
    assert texts(await search(BOB, "mistake")) == []
    assert texts(await search(BOB, "corrected")) == ["corrected"]


async def test_a_deleted_message_is_not_found_and_leaves_the_index(
    conversation: int, sessions: Sessions, record: Record, index: Index, search: Find
) -> None:
    await record(*say(conversation, ALICE, "a secret"))
    await index()
    await record(Deletion(conversation, ALICE, "d", 1))
    assert texts(await search(BOB, "secret")) == []
    await index()
    assert await entries(sessions) == []
    await record(*say(conversation, BOB, "another secret"), Deletion(conversation, BOB, "e", 3))
    await index()
    assert await entries(sessions) == [], "written and deleted between two looks"


async def test_reactions_and_what_the_group_itself_says_are_passed_over(
    conversation: int, sessions: Sessions, record: Record, index: Index
) -> None:
    await record(*say(conversation, ALICE, "words"), Reaction(conversation, BOB, "r", 1, "👍", on=True))
    async with sessions.begin() as session:
        await session.execute(text("UPDATE messages SET kind = 'renamed'"))
    await index()
    assert await entries(sessions) == []
    async with sessions() as session:
        assert await session.scalar(text("SELECT seq FROM search_positions")) == 2


async def test_two_workers_take_turns(conversation: int, sessions: Sessions, record: Record, search: Find) -> None:
    await record(*say(conversation, ALICE, *[f"words {n}" for n in range(50)]))
    await asyncio.gather(*[index_batch(sessions) for _ in range(4)])
    assert len(texts(await search(ALICE, "words"))) == 50


async def test_an_index_that_is_lost_is_made_anew(
    conversation: int, sessions: Sessions, record: Record, index: Index, search: Find
) -> None:
    await record(*say(conversation, ALICE, "words"), edit(conversation, ALICE, 1, "other words"))
    await index()
    async with sessions.begin() as session:
        await session.execute(text("TRUNCATE search_entries, search_positions"))
    assert texts(await search(ALICE, "words")) == []
    await index()
    assert texts(await search(ALICE, "other")) == ["other words"]


async def test_what_a_conversation_has_forgotten_leaves_the_index(
    conversation: int, sessions: Sessions, record: Record, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "EVENTS", 2)
    await record(*say(conversation, ALICE, "one", "two", "three", "four"))
    await index()
    await index()
    async with sessions.begin() as session:
        await session.execute(text("UPDATE conversations SET forgotten_until = 3"))
    await forget_what_is_gone(sessions)
    assert await entries(sessions) == [(conversation, 4)]
