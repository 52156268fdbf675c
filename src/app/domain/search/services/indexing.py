"""Keeping the index up with the conversations: by reading them, so that storing a message costs nothing more.

How far it has come stands beside each conversation. Edits and deletions have their numbers in the same sequence, so
reading on from the position is enough, whatever happened. A batch is one transaction: repeated, it changes nothing.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import CursorResult, Row

from app.domain.chat.services.rows import array_literal
from app.domain.search.models import SearchEntry
from app.domain.search.rules.folding import fold
from app.domain.search.rules.tokens import tokens_of_message
from app.domain.search.services import statements as sql

CONVERSATIONS = 500
EVENTS = 1000
"""In one batch, at most: some 0.2 s of work."""


WRITTEN_AT_ONCE = 100
"""The longest ones take 4 ms each, and PostgreSQL ends a transaction that is silent for long (`resources.py`)."""


class Stretch(NamedTuple):
    """Events of a conversation after one number, until another."""

    conversation_id: int
    after: int
    until: int


class SearchIndex(SQLAlchemyAsyncRepositoryService[SearchEntry]):
    class Repo(SQLAlchemyAsyncRepository[SearchEntry]):
        model_type = SearchEntry

    repository_type = Repo

    async def catch_up(self) -> bool:
        """Take in one batch of what has happened since the last. Is there more to do?

        Nothing is done, and nothing more to do, while another worker is at it.
        """
        session = self.repository.session
        if not await session.scalar(sql.take_lock):
            return False
        waiting = (await session.execute(sql.behind, {"limit": CONVERSATIONS})).all()
        batch = stretches(waiting)
        if not batch:
            return False
        read = {
            "conversations": [one.conversation_id for one in batch],
            "after": [one.after for one in batch],
            "until": [one.until for one in batch],
        }
        await self._take_in((await session.execute(sql.touched, read)).all())
        await session.execute(sql.move, {"conversations": read["conversations"], "until": read["until"]})
        return len(waiting) == CONVERSATIONS or sum(one.last_seq - one.position for one in waiting) > EVENTS

    async def forget(self) -> bool:
        """Drop a batch of what conversations have forgotten, without an event that tells it. Is there more to do?"""
        dropped = await self.repository.session.execute(sql.drop_forgotten, {"limit": EVENTS})
        return cast("CursorResult[Any]", dropped).rowcount == EVENTS

    async def _take_in(self, messages: Sequence[Row[Any]]) -> None:
        session = self.repository.session
        if gone := [one for one in messages if not one.findable]:
            places = {"conversations": [one.conversation_id for one in gone], "numbers": [one.seq for one in gone]}
            await session.execute(sql.drop, places)
        said = [one for one in messages if one.findable]
        for first in range(0, len(said), WRITTEN_AT_ONCE):
            await session.execute(sql.put, await rows_of_entries(said[first : first + WRITTEN_AT_ONCE]))
        if said:
            await session.execute(sql.merge)


def stretches(waiting: Sequence[Row[Any]]) -> list[Stretch]:
    """As many events as one batch takes, of one conversation after the other."""
    batch: list[Stretch] = []
    room = EVENTS
    for one in waiting:
        until = min(one.last_seq, one.position + room)
        batch.append(Stretch(one.id, one.position, until))
        room -= until - one.position
        if not room:
            break
    return batch


async def rows_of_entries(messages: Sequence[Row[Any]]) -> dict[str, Any]:
    """Message by message, so that whoever stores some in this process does not wait for more than one."""
    tokens = []
    for one in messages:
        folded = fold(one.content)
        found = tokens_of_message(one.conversation_id, one.sender_id, one.sent_at, folded, has_file=one.has_file)
        tokens.append(array_literal(found))
        await asyncio.sleep(0)
    return {
        "conversations": [one.conversation_id for one in messages],
        "numbers": [one.seq for one in messages],
        "times": [one.sent_at for one in messages],
        "tokens": tokens,
    }
