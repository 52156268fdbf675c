"""What travels over the wire. Times are UTC."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from app.domain.lottery.rules import BALLOTS_PER_REQUEST

State = Literal["open", "closed", "drawn"]
"""Closed: it takes no more ballots and has not been drawn yet."""

LOTTERY_NAME = r"^[a-z0-9-]{1,50}$"
LotteryName = Annotated[str, Meta(pattern=LOTTERY_NAME, examples=["daily"])]


class SubmitBallots(Struct, kw_only=True, forbid_unknown_fields=True):
    draw_date: dt.date | None = None
    """Today in the lottery's zone when left out."""
    lottery: LotteryName = "daily"
    count: Annotated[int, Meta(ge=1, le=BALLOTS_PER_REQUEST)] = 1


class LotteryView(Struct, kw_only=True):
    name: str
    cadence: str
    zone: str
    prizes: int
    created_at: dt.datetime
    ended_at: dt.datetime | None


class WinnerView(Struct, kw_only=True):
    prize: int
    ballot_id: UUID
    username: str | None
    """None for an account that is gone."""


class DrawView(Struct, kw_only=True):
    lottery: str
    number: int
    period: str
    date: dt.date
    state: State
    opens_at: dt.datetime
    closes_at: dt.datetime
    drawn_at: dt.datetime | None
    ballots: int
    prizes: int
    winners: list[WinnerView]


class DrawFrame(DrawView, tag="draw", kw_only=True):
    """A draw that was just held, on every open socket."""


class BallotView(Struct, kw_only=True):
    id: UUID
    seq: int
    draw_date: dt.date
    submitted_at: dt.datetime


class SubmittedBallots(Struct, kw_only=True):
    draw: DrawView
    ballots: list[BallotView]


class MyBallotView(BallotView, kw_only=True):
    lottery: str
    number: int
    won: bool | None
    """None until the draw was held."""


class WinningBallotView(BallotView, kw_only=True):
    username: str | None


class WinningBallot(Struct, kw_only=True):
    draw_date: dt.date
    ballot: WinningBallotView | None
    """None when nobody took part."""


class DrawPage(Struct, kw_only=True):
    draws: list[DrawView]
    before: int | None
    """Give it as `before` to read on; none on the last page."""


class MyBallotPage(Struct, kw_only=True):
    ballots: list[MyBallotView]
    before: UUID | None
