"""What dealers and beacons hand in. Nobody logs in for it: everything here proves itself."""

from datetime import UTC, datetime
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from app.domain.lottery.controllers.named import PUBLIC, DealerPath, DrawNumber, LotteryPath, NumberOrPeriod
from app.domain.lottery.rules import DrawNotClosedYet
from app.domain.lottery.rules.dealing import (
    BeaconNotChecked,
    BeaconSignatureWrong,
    CommitmentNotSigned,
    CommittedOtherwise,
    DrawOpened,
    DrawTooFarAhead,
    NoSuchDealer,
    NotDealt,
    RoundNotAwaited,
    SecretDoesNotFit,
    TooManyBeaconChecks,
)
from app.domain.lottery.schemas import DrawView
from app.domain.lottery.schemas.dealing import BeaconRound, DealingView, RevealedSecret, SignedCommitment
from app.domain.lottery.services import beacons
from app.domain.lottery.services.dealings import Dealings
from app.domain.lottery.services.results import Results
from app.errors import NotFound
from app.fairdraw.draws import BeaconRound as SignedRound
from app.problems import refuses
from app.ratelimits import RateLimits
from app.resources import Sessions


class DealingController(Controller):
    path = "/api/lottery/draws/{lottery:str}"
    tags = ("Lottery",)

    @get("/{number_or_period:str}/dealers", opt=PUBLIC)
    async def list_dealings(
        self, sessions: NamedDependency[Sessions], lottery: LotteryPath, number_or_period: NumberOrPeriod
    ) -> list[DealingView]:
        """The dealers of a draw, and what each has done for it. There are at most sixteen."""
        async with sessions() as session:
            draw = await Results(session=session).draw(lottery, number_or_period)
            return await Dealings(session).of_draw(draw)

    @post(
        "/{number:int}/dealers/{dealer:str}/commitment",
        status_code=HTTP_200_OK,
        opt=PUBLIC
        | refuses(NotFound, NoSuchDealer, CommitmentNotSigned, CommittedOtherwise, DrawOpened, DrawTooFarAhead),
    )
    async def commit_dealer(
        self,
        sessions: NamedDependency[Sessions],
        lottery: LotteryPath,
        number: DrawNumber,
        dealer: DealerPath,
        data: JSONBody[SignedCommitment],
    ) -> DealingView:
        """A dealer's commitment for a draw that is not opened yet, by its number, also for draws far ahead.

        It never changes. `parlour dealer commit` does this.
        """
        async with sessions.begin() as session:
            return await Dealings(session).commit(lottery, number, dealer, data, datetime.now(UTC))

    @post(
        "/{number_or_period:str}/dealers/{dealer:str}/reveal",
        status_code=HTTP_200_OK,
        opt=PUBLIC | refuses(NotFound, NoSuchDealer, NotDealt, DrawNotClosedYet, SecretDoesNotFit),
    )
    async def reveal_secret(
        self,
        sessions: NamedDependency[Sessions],
        lottery: LotteryPath,
        number_or_period: NumberOrPeriod,
        dealer: DealerPath,
        data: JSONBody[RevealedSecret],
    ) -> DealingView:
        """A dealer's secret for a draw that is closed. Whoever hands it in: it is what was committed to, or it is not.

        `parlour dealer reveal` does this.
        """
        async with sessions.begin() as session:
            draw = await Results(session=session).draw(lottery, number_or_period)
            return await Dealings(session).reveal(draw, dealer, bytes.fromhex(data.secret), datetime.now(UTC))

    @post(
        "/{number_or_period:str}/beacon",
        status_code=HTTP_200_OK,
        opt=PUBLIC
        | refuses(
            NotFound,
            DrawNotClosedYet,
            RoundNotAwaited,
            BeaconSignatureWrong,
            BeaconNotChecked,
            TooManyBeaconChecks,
        ),
    )
    async def hand_in_beacon(
        self,
        request: Request[Any, Any, Any],
        sessions: NamedDependency[Sessions],
        beacon_check: NamedDependency[beacons.BeaconCheck],
        limits: NamedDependency[RateLimits],
        lottery: LotteryPath,
        number_or_period: NumberOrPeriod,
        data: JSONBody[BeaconRound],
    ) -> DrawView:
        """The round of drand's quicknet that a closed draw waits for, by anybody. Its signature is checked first."""
        await limits.attempt(request)
        given = SignedRound(data.round, bytes.fromhex(data.signature))
        async with sessions() as session:
            draw = await Results(session=session).draw(lottery, number_or_period)
            is_news = await beacons.Beacons(session).is_news(draw, given)
        if is_news:
            await beacon_check.check(given.round, given.signature)
        async with sessions.begin() as session:
            if is_news:
                await beacons.Beacons(session).keep(given, datetime.now(UTC))
            return await Results(session=session).of_draw(draw.id, datetime.now(UTC))
