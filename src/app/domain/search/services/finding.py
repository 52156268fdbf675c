"""Looking something up, newest first, in what somebody may read.

The index names candidates: no message that matches is missing among them. Whether one matches is decided by its text
as it is now, so that what was edited away or deleted is not found by its old words.
"""

import asyncio
from collections.abc import Collection, Iterator
from datetime import datetime
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.rows import as_message
from app.domain.chat.services.veil import unseen_by
from app.domain.search.rules.limits import SEARCH_SECONDS, STATEMENT_MS, SearchTooSlow
from app.domain.search.rules.places import MICROSECOND, Place
from app.domain.search.rules.queries import Search
from app.domain.search.rules.tokens import WITH_FILE, of_conversation, of_sender, token
from app.domain.search.rules.windows import BEGINNING, Window, windows_before
from app.domain.search.schemas import SearchHit, SearchResults
from app.domain.search.services import statements as sql
from app.resources import Sessions

QUERY_CANCELED = "57014"
"""The SQLSTATE of a statement that took too long."""


class Hit(NamedTuple):
    place: Place
    shown: SearchHit


class Scope(NamedTuple):
    """Where somebody may look, and until when there is anything."""

    conversation_ids: list[int]
    newest: datetime


async def find(sessions: Sessions, reader_id: int, search: Search, limit: int) -> SearchResults:
    """A page of what matches. Raises NotAMember, SearchTooSlow.

    Messages by people with whom the reader has a block are not found, in a chat of two either.
    """
    async with sessions() as session:
        scope = await scope_of(session, reader_id, search.conversation_id)
        unseen = await unseen_by(session, reader_id)
        lookup = Lookup(session, reader_id, search, scope)
        try:
            hits = await lookup.collect(unseen, limit + 1)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == QUERY_CANCELED:
                raise SearchTooSlow from error
            raise
    page = hits[:limit]
    return SearchResults([hit.shown for hit in page], page[-1].place.written() if len(hits) > limit else None)


async def scope_of(session: AsyncSession, reader_id: int, conversation_id: int | None) -> Scope:
    if conversation_id is not None:
        conversation = await Conversations(session=session).of_member(conversation_id, reader_id)
        return Scope([conversation_id], conversation.last_activity_at)
    mine = (await session.execute(sql.readable, {"reader_id": reader_id})).all()
    return Scope([one.id for one in mine], max((one.last_activity_at for one in mine), default=BEGINNING))


class Lookup:
    """One search under way: window after window, until enough is found."""

    def __init__(self, session: AsyncSession, reader_id: int, search: Search, scope: Scope) -> None:
        self._session = session
        self._search = search
        self._since = max(search.since or BEGINNING, BEGINNING)
        self._place = first_place(search, scope)
        self._reader_id = reader_id
        self._tokens = [*search.query.tokens, *filters_of(search)]
        self._conversations = [of_conversation(one) for one in scope.conversation_ids]

    async def collect(self, unseen: Collection[int], wanted: int) -> list[Hit]:
        await self._session.execute(sql.bounds, {"milliseconds": str(STATEMENT_MS)})
        deadline = monotonic() + SEARCH_SECONDS
        hits: list[Hit] = []
        for window in self._windows():
            exhausted = False
            while not exhausted and len(hits) < wanted:
                if monotonic() > deadline:
                    raise SearchTooSlow
                rows = await self._candidates(window, wanted)
                exhausted = len(rows) < wanted
                for row in rows:
                    if hit := self._hit(row, unseen):
                        hits.append(hit)
                    await asyncio.sleep(0)  # A long text takes a millisecond or two; others have their turn.
            if len(hits) >= wanted:
                break
        return hits[:wanted]

    def _windows(self) -> Iterator[Window]:
        """Back to where the search begins, if there is anything at all."""
        if self._place.sent_at <= self._since or not self._conversations:
            return
        for window in windows_before(self._place.sent_at):
            yield window._replace(since=max(window.since, self._since))
            if window.since <= self._since:
                return

    async def _candidates(self, window: Window, limit: int) -> Collection[Row[Any]]:
        """The next ones of the window, newest first; less than the limit only at its end."""
        tokens = self._tokens if window.period is None else [*self._tokens, token(window.period)]
        asked: dict[str, Any] = {
            "reader_id": self._reader_id,
            "time": self._place.sent_at,
            "conversation_id": self._place.conversation_id,
            "number": self._place.number,
            "since": window.since,
            "limit": limit,
        }
        if len(self._conversations) == 1:
            statement, asked["tokens"] = sql.in_one, [*tokens, *self._conversations]
        else:
            statement, asked["tokens"], asked["conversations"] = sql.in_many, tokens, self._conversations
        rows = (await self._session.execute(statement, asked)).all()
        if rows:
            self._place = place_of(rows[-1])
        return rows

    def _hit(self, row: Row[Any], unseen: Collection[int]) -> Hit | None:
        """Does it match, as it is now? Without a message it is an entry that is left over, or another's."""
        if row.content is None or row.kind is not None or row.deleted_at is not None or row.sender_id in unseen:
            return None
        if self._search.sender_id not in {None, row.sender_id}:
            return None
        if self._search.conversation_id not in {None, row.placed_in}:
            return None
        if self._search.has_file and row.attachments == "[]":
            return None
        ranges = self._search.query.ranges(row.content)
        return Hit(place_of(row), SearchHit(row.placed_in, as_message(row).as_answer(), ranges)) if ranges else None


def filters_of(search: Search) -> Iterator[int]:
    if search.sender_id:
        yield of_sender(search.sender_id)
    if search.has_file:
        yield token(WITH_FILE)


def first_place(search: Search, scope: Scope) -> Place:
    """Just after all that may be found."""
    places = [Place.just_before(scope.newest + MICROSECOND)]
    if search.until:
        places.append(Place.just_before(search.until))
    if search.before:
        places.append(search.before)
    return min(places)


def place_of(row: Row[Any]) -> Place:
    return Place(row.placed_at, row.placed_in, row.placed_as)
