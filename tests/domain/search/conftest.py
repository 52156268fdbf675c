"""Conversations to search in, stored as the worker stores them, and indexed when a test says so."""

from collections.abc import Awaitable, Callable

import msgspec
import pytest

from app.domain.chat.schemas.entries import Draft, Edit, Entry
from app.domain.chat.schemas.events import EventFrame
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.messages import Messages
from app.domain.search.rules.queries import Query, Search
from app.domain.search.schemas import SearchResults
from app.domain.search.services.finding import find
from app.domain.search.tasks import index_batch
from app.resources import Sessions

Record = Callable[..., Awaitable[list[EventFrame]]]
Group = Callable[..., Awaitable[int]]
Index = Callable[[], Awaitable[None]]
Find = Callable[..., Awaitable[SearchResults]]


@pytest.fixture
def record(sessions: Sessions) -> Record:
    async def store(*entries: Entry) -> list[EventFrame]:
        async with sessions.begin() as session:
            outcomes = await Messages(session=session).record([msgspec.msgpack.encode(entry) for entry in entries])
        assert not [outcome.refusal for outcome in outcomes if outcome.refusal]
        return [outcome.fact for outcome in outcomes if outcome.fact]

    return store


@pytest.fixture
def group(sessions: Sessions, clean: None) -> Group:
    async def open_group(*members: int) -> int:
        async with sessions.begin() as session:
            opened = await Conversations(session=session).open_group(members[0], members, None, joinable=False)
        return opened.id

    return open_group


@pytest.fixture
def index(sessions: Sessions) -> Index:
    async def index_all() -> None:
        while await index_batch(sessions):
            pass

    return index_all


@pytest.fixture
def search(sessions: Sessions) -> Find:
    """As the controller does: a reader, what they type, and where they look."""

    async def look(reader_id: int, typed: str, limit: int = 100, **where: object) -> SearchResults:
        return await find(sessions, reader_id, Search(query=Query.read(typed), **where), limit)  # type: ignore[arg-type]  # The caller's own.

    return look


def say(conversation: int, sender: int, *texts: str) -> list[Draft]:
    return [Draft(conversation, sender, f"{sender}:{text}", text) for text in texts]


def edit(conversation: int, sender: int, number: int, text: str) -> Edit:
    return Edit(conversation, sender, f"edit {number} {text}", number, text)


def texts(results: SearchResults) -> list[str]:
    return [hit.message.content for hit in results.hits]
