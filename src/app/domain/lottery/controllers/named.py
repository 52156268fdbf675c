"""How a request names a lottery and a draw."""

from typing import Annotated, Any

from litestar.params import PathParameter, QueryParameter

from app.domain.lottery.schemas import LOTTERY_NAME
from app.domain.lottery.schemas.dealing import DEALER_NAME, LARGEST

DRAWS = 20
"""Draws, or ballots, on a page unless asked for more."""

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
DrawNumber = Annotated[int, PathParameter(ge=1, le=LARGEST, description="The draw's number.")]
NumberQuery = Annotated[int | None, QueryParameter(ge=1, le=LARGEST, description="Of draws with this number.")]
DealerPath = Annotated[str, PathParameter(pattern=DEALER_NAME, description="The dealer's name.")]
