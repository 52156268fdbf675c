"""Lotteries, as they are read, created and changed. Times are UTC."""

import datetime as dt
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from app.domain.lottery.rules.audience import AUDIENCE, EVERYONE
from app.domain.lottery.schemas import LotteryName

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
