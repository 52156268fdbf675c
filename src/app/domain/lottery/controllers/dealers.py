"""Who deals for a lottery, and which beacon it waits for: for everybody to read, for staff to decide."""

from datetime import UTC, datetime

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from app.domain.accounts.guards import ActorRequest, staff_only
from app.domain.audit.services import By
from app.domain.lottery.controllers.named import PUBLIC, DealerPath, LotteryPath
from app.domain.lottery.rules.dealing import BeaconNotChecked, DealerExists, NoSuchDealer, TooManyDealers
from app.domain.lottery.schemas.dealing import LotteryDealers, NewBeacon, NewDealer
from app.domain.lottery.services.dealers import Dealers
from app.errors import NotFound
from app.pages import PAGE, Limit, Offset
from app.problems import refuses
from app.ratelimits import client_address
from app.resources import Sessions
from app.settings import Settings


class DealerController(Controller):
    path = "/api/lottery/lotteries/{lottery:str}"
    tags = ("Lottery",)

    @get("/dealers", opt=PUBLIC | refuses(NotFound))
    async def list_dealers(
        self, sessions: NamedDependency[Sessions], lottery: LotteryPath, limit: Limit = PAGE, offset: Offset = 0
    ) -> LotteryDealers:
        """Who deals for a lottery, by which keys, and what they have committed to; and which level that makes."""
        async with sessions() as session:
            return await Dealers(session).of_lottery(lottery, limit=limit, offset=offset)

    @post("/dealers", guards=[staff_only], opt=refuses(NotFound, DealerExists, TooManyDealers))
    async def add_dealer(
        self,
        lottery: LotteryPath,
        data: JSONBody[NewDealer],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> LotteryDealers:
        """From now on no draw opens without this dealer's commitment, and none with it is held without their secret."""
        async with sessions.begin() as session:
            await Dealers(session).add(acting(request, settings), lottery, data, datetime.now(UTC))
            return await Dealers(session).of_lottery(lottery, limit=PAGE, offset=0)

    @delete("/dealers/{dealer:str}", status_code=HTTP_200_OK, guards=[staff_only], opt=refuses(NotFound, NoSuchDealer))
    async def remove_dealer(
        self,
        lottery: LotteryPath,
        dealer: DealerPath,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> LotteryDealers:
        """Draws open without this dealer from now on. One that was opened with them still needs their secret."""
        async with sessions.begin() as session:
            await Dealers(session).remove(acting(request, settings), lottery, dealer, datetime.now(UTC))
            return await Dealers(session).of_lottery(lottery, limit=PAGE, offset=0)

    @put("/beacon", guards=[staff_only], opt=refuses(NotFound, BeaconNotChecked))
    async def declare_beacon(
        self,
        lottery: LotteryPath,
        data: JSONBody[NewBeacon],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> LotteryDealers:
        """Draws that open from now on wait for a round of drand's quicknet that is made after they are closed."""
        async with sessions.begin() as session:
            await Dealers(session).declare_beacon(acting(request, settings), lottery, data.margin)
            return await Dealers(session).of_lottery(lottery, limit=PAGE, offset=0)

    @delete("/beacon", status_code=HTTP_200_OK, guards=[staff_only], opt=refuses(NotFound))
    async def drop_beacon(
        self,
        lottery: LotteryPath,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> LotteryDealers:
        """Draws that open from now on wait for no beacon. Those that have declared one still do."""
        async with sessions.begin() as session:
            await Dealers(session).declare_beacon(acting(request, settings), lottery, None)
            return await Dealers(session).of_lottery(lottery, limit=PAGE, offset=0)


def acting(request: ActorRequest, settings: Settings) -> By:
    return By(request.user.id, client_address(request, settings.trusted_proxies) or None)
