"""Search over HTTP."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from app.domain.accounts.guards import ActorRequest
from app.domain.chat.rules import NotAMember
from app.domain.search.rules.limits import QUERY_CHARACTERS, QueryTooShort, SearchTooSlow, UnknownCursor
from app.domain.search.rules.places import Place
from app.domain.search.rules.queries import Query, Search
from app.domain.search.schemas import SearchResults
from app.domain.search.services.finding import find
from app.pages import Limit
from app.problems import Malformed, refuses
from app.ratelimits import RateLimits
from app.resources import Sessions

LARGEST_ID = 2**63 - 1
Time = Annotated[datetime, msgspec.Meta(tz=True)]

Words = Annotated[
    str,
    QueryParameter(
        min_length=1,
        max_length=QUERY_CHARACTERS,
        description='Words, all of which have to occur; a "phrase" occurs as it stands.',
    ),
]
InConversation = Annotated[int | None, QueryParameter(ge=1, le=LARGEST_ID, description="In this one only.")]
Sender = Annotated[int | None, QueryParameter(ge=1, le=LARGEST_ID, description="By this person only.")]
HasFile = Annotated[bool, QueryParameter(description="With a file only.")]
Since = Annotated[
    str | None, QueryParameter(name="from", max_length=40, format="date-time", description="Sent then or later.")
]
Until = Annotated[str | None, QueryParameter(max_length=40, format="date-time", description="Sent before then.")]
Cursor = Annotated[str | None, QueryParameter(max_length=60, description="The `next` of the page before this one.")]


class SearchController(Controller):
    path = "/api/chat/search"
    tags = ("Chat",)

    @get(opt=refuses(QueryTooShort, UnknownCursor, NotAMember, SearchTooSlow))
    async def search_messages(
        self,
        q: Words,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        limits: NamedDependency[RateLimits],
        conversation_id: InConversation = None,
        sender_id: Sender = None,
        has_file: HasFile = False,
        since: Since = None,
        until: Until = None,
        before: Cursor = None,
        limit: Limit = 20,
    ) -> SearchResults:
        """Messages in your conversations that hold all words of `q`, also within other words, newest first.

        In any script; case, width and accents' composition make no difference. What was just said is found within
        seconds, what was edited by its new words only. Nothing is found by people with whom you have a block.
        """
        await limits.search(request.user.id)
        search = Search(
            query=Query.read(q),
            conversation_id=conversation_id,
            sender_id=sender_id,
            has_file=has_file,
            since=read_time(since),
            until=read_time(until),
            before=Place.read(before) if before else None,
        )
        return await find(sessions, request.user.id, search, limit)


def read_time(given: str | None) -> datetime | None:
    """Here and not by Litestar, which takes a time without its zone too. Raises Malformed."""
    try:
        return msgspec.convert(given, Time | None)
    except msgspec.ValidationError as error:
        raise Malformed("`from` and `until` are times with their zone, as 2026-11-20T12:00:00Z.") from error
