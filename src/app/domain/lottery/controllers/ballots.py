"""Taking part, and one's own ballots."""

import datetime as dt
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter
from litestar.status_codes import HTTP_204_NO_CONTENT

from app.domain.accounts.guards import ActorRequest
from app.domain.lottery.controllers.named import DRAWS, NumberQuery
from app.domain.lottery.rules import (
    DateTooFarAhead,
    DrawClosed,
    LotteryEnded,
    NoncesMiscounted,
    NoSuchDate,
    NotAWinner,
    NotOfTheGroup,
    NotVerified,
    TooManyBallots,
)
from app.domain.lottery.schemas import (
    LOTTERY_NAME,
    BallotFile,
    MyBallotPage,
    NameMe,
    SubmitBallots,
    SubmittedBallots,
)
from app.domain.lottery.services.ballots import Ballots
from app.domain.lottery.services.own import OwnBallots
from app.errors import IdempotencyConflict, NotFound
from app.pages import Limit
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,200}$",
        description="Your own name for this submission: sent again, it answers the same ballots, for ever.",
    ),
]


class BallotController(Controller):
    path = "/api/lottery/ballots"
    tags = ("Lottery",)

    @post(
        opt=refuses(
            NotFound,
            LotteryEnded,
            DrawClosed,
            DateTooFarAhead,
            NoSuchDate,
            TooManyBallots,
            NotVerified,
            NotOfTheGroup,
            NoncesMiscounted,
            IdempotencyConflict,
        ),
    )
    async def submit_ballots(
        self,
        *,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        data: JSONBody[SubmitBallots | None] = None,
        idempotency_key: IdempotencyKey = None,
    ) -> SubmittedBallots:
        """Take part in the draw of a date from today to seven days ahead. Without a date: in the next one to be held.

        Who may take part, and with how many ballots, is what the lottery said when the draw was opened.

        Each is answered with a signed receipt. Keep it: if the ballot were left out, it would show that. With `nonces`
        of your own, nobody else chose what is in your ballots.
        """
        async with sessions.begin() as session:
            return await Ballots(session=session).submit(
                request.user.id,
                data or SubmitBallots(),
                key=idempotency_key,
                settings=settings,
                now=datetime.now(UTC),
            )

    @get()
    async def list_my_ballots(
        self,
        *,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        lottery: Annotated[str | None, QueryParameter(pattern=LOTTERY_NAME)] = None,
        draw_date: FromQuery[dt.date | None] = None,
        number: NumberQuery = None,
        before: FromQuery[UUID | None] = None,
        limit: Limit = DRAWS,
    ) -> MyBallotPage:
        """Your own ballots, newest first. `won` is null until the draw was held."""
        async with sessions() as session:
            return await OwnBallots(session=session).page(
                request.user.id,
                datetime.now(UTC),
                lottery=lottery,
                day=draw_date,
                number=number,
                before=before,
                limit=limit,
            )

    @get("/{ballot_id:uuid}", opt=refuses(NotFound))
    async def read_my_ballot(
        self,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        ballot_id: FromPath[UUID],
    ) -> BallotFile:
        """Everything that proves a ballot of yours, as a file for the verifier.

        That is its receipt, your salt, and once its draw is closed the proof that it was among the frozen ballots.
        """
        async with sessions() as session:
            return await OwnBallots(session=session).file(request.user.id, ballot_id, settings)

    @put("/{ballot_id:uuid}/named", status_code=HTTP_204_NO_CONTENT, opt=refuses(NotFound, NotAWinner))
    async def be_named(
        self,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        ballot_id: FromPath[UUID],
        data: JSONBody[NameMe],
    ) -> None:
        """Let everybody know, or not, that a ballot that won is yours. Nobody does unless you say so."""
        async with sessions.begin() as session:
            await OwnBallots(session=session).name(request.user.id, ballot_id, named=data.named)
