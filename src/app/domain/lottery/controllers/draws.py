import datetime as dt
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter

from app.domain.accounts.guards import ActorRequest
from app.domain.lottery.rules import (
    DateTooFarAhead,
    DrawClosed,
    DrawNotHeldYet,
    LotteryEnded,
    NoSuchDate,
    NotOfTheGroup,
    NotVerified,
    TooManyBallots,
)
from app.domain.lottery.schemas import (
    LOTTERY_NAME,
    DrawPage,
    DrawView,
    MyBallotPage,
    State,
    SubmitBallots,
    SubmittedBallots,
    WinningBallot,
)
from app.domain.lottery.services.ballots import Ballots
from app.domain.lottery.services.results import Results
from app.errors import IdempotencyConflict, NotFound
from app.pages import Limit
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

DRAWS = 20
PUBLIC: dict[str, Any] = {"exclude_from_auth": True}

LotteryQuery = Annotated[str, QueryParameter(pattern=LOTTERY_NAME)]
LotteryPath = Annotated[str, PathParameter(pattern=LOTTERY_NAME)]
NumberOrPeriod = Annotated[
    str,
    PathParameter(
        pattern=r"^([1-9][0-9]{0,17}|[0-9]{4}-([0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}Z)?|W[0-9]{2}))\Z",
        description="The draw's number, or its period: a date, an ISO week, or its first minute.",
    ),
]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,200}$",
        description="Your own name for this submission: sent again, it answers the same ballots, for ever.",
    ),
]
InState = Annotated[State | None, QueryParameter(name="state")]
"""Litestar keeps the plain name for the application's state."""


class LotteryController(Controller):
    path = "/api/lottery"
    tags = ("Lottery",)

    @post(
        "/ballots",
        opt=refuses(
            NotFound,
            LotteryEnded,
            DrawClosed,
            DateTooFarAhead,
            NoSuchDate,
            TooManyBallots,
            NotVerified,
            NotOfTheGroup,
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
        """
        async with sessions.begin() as session:
            return await Ballots(session=session).submit(
                request.user.id,
                data or SubmitBallots(),
                key=idempotency_key,
                settings=settings,
                now=datetime.now(UTC),
            )

    @get("/ballots")
    async def list_my_ballots(
        self,
        *,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        lottery: Annotated[str | None, QueryParameter(pattern=LOTTERY_NAME)] = None,
        draw_date: FromQuery[dt.date | None] = None,
        before: FromQuery[UUID | None] = None,
        limit: Limit = DRAWS,
    ) -> MyBallotPage:
        """Your own ballots, newest first. `won` is null until the draw was held."""
        async with sessions() as session:
            return await Ballots(session=session).mine(
                request.user.id, lottery=lottery, day=draw_date, before=before, limit=limit
            )

    @get("/draws", opt=PUBLIC | refuses(NotFound))
    async def list_draws(
        self,
        *,
        sessions: NamedDependency[Sessions],
        lottery: LotteryQuery = "daily",
        in_state: InState = None,
        before: Annotated[int | None, QueryParameter(ge=1, le=2**63 - 1)] = None,
        limit: Limit = DRAWS,
    ) -> DrawPage:
        """The draws of a lottery and their winners, newest first. Nobody needs to log in for it.

        `open` ones take ballots, `closed` ones wait for their draw, `drawn` ones have a result.
        """
        async with sessions() as session:
            return await Results(session=session).page(
                lottery, datetime.now(UTC), state=in_state, before=before, limit=limit
            )

    @get("/draws/{lottery:str}/{number_or_period:str}", opt=PUBLIC)
    async def read_draw(
        self, sessions: NamedDependency[Sessions], lottery: LotteryPath, number_or_period: NumberOrPeriod
    ) -> DrawView:
        """One draw, by its number or its period: `daily/7`, `daily/2026-11-20`, `friday/2026-W47`."""
        async with sessions() as session:
            return await Results(session=session).one(lottery, number_or_period, datetime.now(UTC))

    @get("/winning-ballot", opt=PUBLIC | refuses(NotFound, DrawNotHeldYet))
    async def read_winning_ballot(
        self, sessions: NamedDependency[Sessions], draw_date: FromQuery[dt.date]
    ) -> WinningBallot:
        """The winning ballot of those submitted for this date of the daily lottery; null when nobody took part."""
        async with sessions() as session:
            return await Results(session=session).winning_ballot(draw_date, datetime.now(UTC))
