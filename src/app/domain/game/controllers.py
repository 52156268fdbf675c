"""The number game over HTTP."""

from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import HeaderParameter, JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_201_CREATED, HTTP_202_ACCEPTED

from app.domain.accounts.guards import ActorRequest
from app.domain.game import services
from app.domain.game.rules import HISTORY, KEY_CHARACTERS, NoSuchPlay
from app.domain.game.schemas import KEY_PATTERN, Move, PendingPlay, PlayResult, Statistics
from app.domain.game.services import Plays
from app.errors import IdempotencyConflict
from app.inbox.accept import Inbox, InboxFull, Unconfirmed
from app.inbox.drain import NotStorable
from app.pages import Limit
from app.problems import refuses
from app.resources import Sessions

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
decode = msgspec.json.Decoder(PlayResult).decode
PLAY_URL = "/api/game/plays/{key}"


class GameController(Controller):
    path = "/api/game"
    tags = ("Game",)

    @post(
        "/play",
        responses={
            HTTP_201_CREATED: ResponseSpec(PlayResult, generate_examples=False),
            HTTP_202_ACCEPTED: ResponseSpec(
                PendingPlay, generate_examples=False, description="Accepted, but not stored within two seconds."
            ),
        },
        opt=refuses(IdempotencyConflict, NotStorable, InboxFull),
    )
    async def play(
        self,
        data: JSONBody[Move],
        request: ActorRequest,
        inbox: NamedDependency[Inbox],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[PlayResult | PendingPlay]:
        """Play a number from 1 to 9999. Even wins, odd loses.

        A win pays 70 % of a number above 900, 50 % above 600, 30 % above 300, else 10 %. The answer is the result, sent
        once PostgreSQL has stored it; the same result goes to all sockets of the player.
        """
        key = idempotency_key or services.new_key()
        try:
            result = await (await services.submit(inbox, request.user.id, data.number, key))
        except Unconfirmed:
            url = PLAY_URL.format(key=key)
            return Response(
                PendingPlay("pending", key, url),
                status_code=HTTP_202_ACCEPTED,
                headers={"Location": url, "Retry-After": "1"},
            )
        return Response(decode(result), status_code=HTTP_201_CREATED)

    @get("/plays/{key:str}", opt=refuses(NoSuchPlay))
    async def read_play(self, key: KeyInPath, request: ActorRequest, sessions: NamedDependency[Sessions]) -> PlayResult:
        """A play of yours by its idempotency key: for a play that was accepted (202) and not answered in time."""
        async with sessions() as session:
            return await Plays(session=session).by_key(request.user.id, key)

    @get("/history")
    async def list_plays(
        self, request: ActorRequest, sessions: NamedDependency[Sessions], limit: Limit = HISTORY, before: PlayId = None
    ) -> list[PlayResult]:
        """Your plays, newest first: the last three unless you ask for more. Page on with `before`, a play's id."""
        async with sessions() as session:
            return await Plays(session=session).history(request.user.id, limit, before)

    @get("/statistics")
    async def read_statistics(self, request: ActorRequest, sessions: NamedDependency[Sessions]) -> Statistics:
        """What your plays add up to. Counted with each play, so never out of date."""
        async with sessions() as session:
            return await Plays(session=session).statistics(request.user.id)
