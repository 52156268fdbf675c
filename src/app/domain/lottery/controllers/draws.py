"""Draws, as everybody may read and check them."""

import datetime as dt
from datetime import UTC, datetime
from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, QueryParameter
from litestar.response import Stream

from app.domain.lottery.controllers.named import DRAWS, PUBLIC, LotteryPath, LotteryQuery, NumberOrPeriod
from app.domain.lottery.rules import DrawNotClosedYet, DrawNotHeldYet
from app.domain.lottery.schemas import BallotProof, DrawPage, DrawView, State, WinningBallot
from app.domain.lottery.services.proofs import Proofs, transcript
from app.domain.lottery.services.results import Results
from app.errors import NotFound
from app.pages import Limit
from app.problems import refuses
from app.resources import Sessions

InState = Annotated[State | None, QueryParameter(name="state")]
"""Litestar keeps the plain name for the application's state."""


Seq = Annotated[int, PathParameter(ge=0, le=2**63 - 1, description="The ballot's place, from 0.")]


class DrawController(Controller):
    path = "/api/lottery"
    tags = ("Lottery",)

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

    @get("/draws/{lottery:str}/{number_or_period:str}/transcript", opt=PUBLIC | refuses(NotFound, DrawNotHeldYet))
    async def download_transcript(
        self, sessions: NamedDependency[Sessions], lottery: LotteryPath, number_or_period: NumberOrPeriod
    ) -> Stream:
        """Everything that proves a draw, in one file for the verifier.

        That is what it was committed to, all its ballots, which do not say whose they are, and its result.
        """
        async with sessions() as session:
            draw = await Results(session=session).held_draw(lottery, number_or_period)
        name = f"{lottery}-{draw.number}.json"
        return Stream(
            transcript(sessions, draw),
            media_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @get(
        "/draws/{lottery:str}/{number_or_period:str}/ballots/{seq:int}",
        opt=PUBLIC | refuses(NotFound, DrawNotClosedYet),
    )
    async def read_ballot_proof(
        self, sessions: NamedDependency[Sessions], lottery: LotteryPath, number_or_period: NumberOrPeriod, seq: Seq
    ) -> BallotProof:
        """A ballot's leaf, and the proof that it was among those that were frozen. Not whose it is."""
        async with sessions() as session:
            draw = await Results(session=session).draw(lottery, number_or_period)
            return await Proofs(session).ballot(draw, seq)
