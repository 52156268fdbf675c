"""Which lotteries there are. Staff create, change and end them."""

from datetime import UTC, datetime

from litestar import Controller, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from app.domain.accounts.acting import acting
from app.domain.accounts.guards import ActorRequest, staff_only
from app.domain.lottery.controllers.named import PUBLIC, LotteryPath
from app.domain.lottery.rules import CadenceRefused, LotteryEnded, LotteryExists, NoSuchGroup, StandingLottery
from app.domain.lottery.schemas.lotteries import LotteryChange, LotteryView, NewLottery
from app.domain.lottery.services.lotteries import Lotteries, view_of
from app.domain.lottery.services.offering import Offering
from app.errors import NotFound
from app.pages import PAGE, Limit, Offset
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings
from app.zones import UnknownZone


class LotteriesController(Controller):
    path = "/api/lottery/lotteries"
    tags = ("Lottery",)

    @get(opt=PUBLIC)
    async def list_lotteries(
        self,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        limit: Limit = PAGE,
        offset: Offset = 0,
    ) -> list[LotteryView]:
        """Every lottery, the oldest first, also those that have ended. Nobody needs to log in for it."""
        async with sessions() as session:
            return await Lotteries(session=session).page(settings, limit=limit, offset=offset)

    @get("/{name:str}", opt=PUBLIC)
    async def read_lottery(
        self, name: LotteryPath, sessions: NamedDependency[Sessions], settings: NamedDependency[Settings]
    ) -> LotteryView:
        """One lottery: how often it is drawn, by which zone, for how many prizes, and who may take part."""
        async with sessions() as session:
            return await Lotteries(session=session).one(name, settings)

    @post(
        guards=[staff_only],
        opt=refuses(LotteryExists, StandingLottery, CadenceRefused, UnknownZone, NoSuchGroup),
    )
    async def create_lottery(
        self,
        data: JSONBody[NewLottery],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> LotteryView:
        """Offer a new lottery. Its first draws open within a minute.

        The same request again answers with the same lottery, whatever has been changed since. For staff.
        """
        async with sessions.begin() as session:
            created = await Offering(session).create(acting(request, settings), data, datetime.now(UTC))
            return view_of(created, settings)

    @patch("/{name:str}", guards=[staff_only], opt=refuses(LotteryEnded, UnknownZone, NoSuchGroup))
    async def change_lottery(
        self,
        name: LotteryPath,
        data: JSONBody[LotteryChange],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> LotteryView:
        """Change what is given. The title counts at once, all else for draws that are opened later. For staff.

        A cadence never changes: end the lottery, and create another.
        """
        async with sessions.begin() as session:
            changed = await Offering(session).change(acting(request, settings), name, data)
            return view_of(changed, settings)

    @post("/{name:str}/end", status_code=HTTP_200_OK, guards=[staff_only], opt=refuses(NotFound, StandingLottery))
    async def end_lottery(
        self,
        name: LotteryPath,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> LotteryView:
        """It takes no more ballots and opens no more draws, for good. Draws that are open are held. For staff."""
        async with sessions.begin() as session:
            ended = await Offering(session).end(acting(request, settings), name, datetime.now(UTC))
            return view_of(ended, settings)
