"""What staff may do about draws."""

from datetime import UTC, datetime

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from app.domain.accounts.acting import acting
from app.domain.accounts.guards import ActorRequest, staff_only
from app.domain.lottery.controllers.named import LotteryPath, NumberOrPeriod
from app.domain.lottery.rules import DrawHeld
from app.domain.lottery.schemas import DrawView, VoidDraw
from app.domain.lottery.services.intervening import Intervention
from app.domain.lottery.tasks import announce
from app.errors import NotFound
from app.problems import refuses
from app.resources import Resources


class InterventionController(Controller):
    path = "/api/lottery"
    tags = ("Lottery",)
    guards = (staff_only,)

    @post(
        "/draws/{lottery:str}/{number_or_period:str}/void",
        status_code=HTTP_200_OK,
        opt=refuses(NotFound, DrawHeld),
    )
    async def void_draw(
        self,
        request: ActorRequest,
        resources: NamedDependency[Resources],
        lottery: LotteryPath,
        number_or_period: NumberOrPeriod,
        data: JSONBody[VoidDraw],
    ) -> DrawView:
        """Declare that a draw will have no result, and why: in the public log, for ever. Only before it is held."""
        by = acting(request, resources.settings)
        async with resources.sessions.begin() as session:
            draw = await Intervention(session, resources.settings, by).void(
                lottery, number_or_period, data.reason, datetime.now(UTC)
            )
        await announce(resources.redis, draw)
        return draw
