"""The number game where the documents A and B have it, and every play of somebody's, whatever the game."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import HeaderParameter, JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_201_CREATED, HTTP_202_ACCEPTED

from app.days import today
from app.domain.accounts.guards import ActorRequest
from app.domain.game.definition import NAME_PATTERN, Game, Move
from app.domain.game.games import number
from app.domain.game.rules import HISTORY, KEY_CHARACTERS, NoSuchGame, NoSuchPlay
from app.domain.game.schemas.plays import KEY_PATTERN, DayStatistics, PendingPlay, PlayResult, Statistics
from app.domain.game.services import submitting
from app.domain.game.services.plays import Plays
from app.domain.game.services.registry import counted_as
from app.domain.game.services.statistics import day_by_day, statistics
from app.errors import IdempotencyConflict
from app.inbox.accept import Inbox, InboxFull, Unconfirmed
from app.inbox.batches import NotStorable
from app.pages import Limit
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=1,
        max_length=KEY_CHARACTERS,
        pattern=KEY_PATTERN,
        description="Your own name for this play. Sent again under the same name, it answers the same play, for ever.",
    ),
]
KeyInPath = Annotated[str, PathParameter(min_length=1, max_length=KEY_CHARACTERS, pattern=KEY_PATTERN)]
PlayId = Annotated[int | None, QueryParameter(ge=1, le=2**63 - 1)]
InGame = Annotated[
    str | None,
    QueryParameter(pattern=NAME_PATTERN, description="Of this game only, by its name."),
]
Days = Annotated[int, QueryParameter(ge=1, le=366, description="How many days, until today.")]
PlayResponse = Response[PlayResult | PendingPlay]
PLAY_RESPONSES = {
    HTTP_201_CREATED: ResponseSpec(PlayResult, generate_examples=False),
    HTTP_202_ACCEPTED: ResponseSpec(
        PendingPlay, generate_examples=False, description="Accepted, but not stored within two seconds."
    ),
}
PLAY_URL = "/api/game/plays/{key}"
decode = msgspec.json.Decoder(PlayResult).decode


async def play_once(inbox: Inbox, user_id: int, game: Game[Any], move: Move, key: str | None) -> PlayResponse:
    """The answer is the result, or after two seconds where to ask for it."""
    key = key or submitting.new_key()
    try:
        result = await (await submitting.submit(inbox, user_id, game, move, key))
    except Unconfirmed:
        url = PLAY_URL.format(key=key)
        return Response(
            PendingPlay("pending", key, url),
            status_code=HTTP_202_ACCEPTED,
            headers={"Location": url, "Retry-After": "1"},
        )
    return Response(decode(result), status_code=HTTP_201_CREATED)


class PlayController(Controller):
    path = "/api/game"
    tags = ("Game",)

    @post("/play", responses=PLAY_RESPONSES, opt=refuses(IdempotencyConflict, NotStorable, InboxFull))
    async def play(
        self,
        data: JSONBody[number.NumberMove],
        request: ActorRequest,
        inbox: NamedDependency[Inbox],
        idempotency_key: IdempotencyKey = None,
    ) -> PlayResponse:
        """Play a number from 1 to 9999. Even wins, odd loses.

        A win pays 70 % of a number above 900, 50 % above 600, 30 % above 300, else 10 %. The answer is the result, sent
        once PostgreSQL has stored it; the same result goes to all sockets of the player.
        """
        return await play_once(inbox, request.user.id, number.game, data, idempotency_key)

    @get("/plays/{key:str}", opt=refuses(NoSuchPlay))
    async def read_play(self, key: KeyInPath, request: ActorRequest, sessions: NamedDependency[Sessions]) -> PlayResult:
        """A play of yours by its idempotency key: for a play that was accepted (202) and not answered in time."""
        async with sessions() as session:
            return await Plays(session=session).by_key(request.user.id, key)

    @get("/history")
    async def list_plays(
        self,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        limit: Limit = HISTORY,
        before: PlayId = None,
        game: InGame = None,
    ) -> list[PlayResult]:
        """Your plays, newest first: the last three unless you ask for more. Page on with `before`, a play's id."""
        async with sessions() as session:
            return await Plays(session=session).history(request.user.id, limit, before, game)

    @get("/statistics", opt=refuses(NoSuchGame))
    async def read_statistics(
        self,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        game: InGame = None,
    ) -> Statistics:
        """What your plays add up to, in all games or in one. Counted with each play, so never out of date."""
        day = today(datetime.now(UTC), settings.zone_of_days)
        async with sessions() as session:
            return await statistics(session, request.user.id, counted_as(game), day)

    @get("/statistics/days", opt=refuses(NoSuchGame))
    async def list_days(
        self,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        days: Days = 30,
        game: InGame = None,
    ) -> list[DayStatistics]:
        """Your plays day by day until today, the oldest first, in all games or in one; also the days without any."""
        day = today(datetime.now(UTC), settings.zone_of_days)
        async with sessions() as session:
            return await day_by_day(session, request.user.id, counted_as(game), day, days)
