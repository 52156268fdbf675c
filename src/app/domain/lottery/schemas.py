"""What travels over the wire. Times are UTC."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.domain.lottery.rules import BALLOTS_PER_REQUEST
from app.domain.lottery.rules.audience import AUDIENCE, EVERYONE

State = Literal["open", "closed", "drawn"]
"""Closed: it takes no more ballots and has not been drawn yet."""

LOTTERY_NAME = r"^[a-z0-9][a-z0-9-]{0,49}\Z"
LotteryName = Annotated[str, Meta(pattern=LOTTERY_NAME, examples=["daily"])]
Title = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=100,
        pattern=r"^[^\x00-\x20\x7f]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?\Z",
        examples=["Friday night"],
    ),
]
CadenceName = Annotated[
    str,
    Meta(
        max_length=20,
        pattern=r"^[a-z]+(:[a-z0-9]+)?\Z",
        description="`daily`, `weekly:` and the day of the draw, or `minutes:` and a number that divides a day's 1440.",
        examples=["weekly:friday"],
    ),
]
ZoneName = Annotated[
    str, Meta(max_length=50, pattern=r"^[A-Za-z0-9_+/-]+\Z", description="IANA name.", examples=["Europe/Kyiv"])
]
Prizes = Annotated[int, Meta(ge=1, le=100)]
BallotsPerUser = Annotated[int, Meta(ge=1, le=1_000_000)]
Audience = Annotated[
    str,
    Meta(
        max_length=30,
        pattern=AUDIENCE,
        description="Who may take part: `everyone`, `verified` (their email), `group:` and a conversation's id.",
        examples=["verified"],
    ),
]


class SubmitBallots(Struct, kw_only=True, forbid_unknown_fields=True):
    draw_date: dt.date | None = None
    """Today in the lottery's zone when left out."""
    lottery: LotteryName = "daily"
    count: Annotated[int, Meta(ge=1, le=BALLOTS_PER_REQUEST)] = 1


class NewLottery(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    name: LotteryName
    """For good: the name of a lottery that has ended is not free again."""
    cadence: CadenceName
    title: Title | None = None
    zone: ZoneName = "UTC"
    prizes: Prizes = 1
    ballots_per_user: BallotsPerUser | None = None
    """For each draw; as many as the server allows when left out."""
    audience: Audience = EVERYONE


class LotteryChange(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays. A title counts at once, the rest for draws that are opened later."""

    title: Title | UnsetType | None = UNSET
    zone: ZoneName | UnsetType = UNSET
    prizes: Prizes | UnsetType = UNSET
    ballots_per_user: BallotsPerUser | UnsetType | None = UNSET
    audience: Audience | UnsetType = UNSET


class LotteryView(Struct, kw_only=True):
    """What the next draw to be opened will be held by; an open one keeps what it was opened with."""

    name: str
    title: str | None
    cadence: str
    zone: str
    prizes: int
    ballots_per_user: int
    """How many one person may have for one draw."""
    audience: str
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
