"""The first page: what waits for whoever looks, and how the server does. Its charts are drawn here, as SVG."""

from collections.abc import Sequence
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin import CustomView, Link
from starlette_admin.routing import route

from app.admin.backstage import Backstage
from app.admin.figures import FigureReading
from app.admin.officers import officer
from app.domain.accounts.standing import StaffRole
from app.domain.moderation.services.queue import ReportQueue
from app.operation.controllers import PAGE_URL

CHART_HEIGHT = 100
"""In the units of its own coordinates, as the width of one bar is 10."""
REPORTS_COUNTED = 1000


class Bar(NamedTuple):
    value: int
    height: float


class Chart(NamedTuple):
    bars: Sequence[Bar]
    most: int
    total: int


def chart(values: Sequence[int]) -> Chart:
    """The highest bar is as high as the chart; without any, all are of no height."""
    most = max(values, default=0)
    bars = [Bar(value, round(CHART_HEIGHT * value / most, 1) if most else 0.0) for value in values]
    return Chart(bars, most, sum(values))


class Overview(CustomView):
    """Moderators see what is theirs; how the server does is for staff, as over the API."""

    menu_label = "Overview"
    icon = "fa-solid fa-gauge"
    path = "/"

    def __init__(self, backstage: Backstage) -> None:
        super().__init__()
        self._figures = FigureReading(backstage)

    @route("")
    async def index(self, request: Request) -> Response:
        me = officer(request)
        figures = await self._figures.latest()
        queue = ReportQueue(session=request.state.session)
        context = {
            "title": self.menu_label,
            "staff": me.is_at_least(StaffRole.STAFF),
            "reports": await queue.count_open(me.id, at_most=REPORTS_COUNTED),
            "figures": figures,
            "messages": chart(figures.live.messages) if figures.live else None,
            "plays": chart(figures.live.plays) if figures.live else None,
            "backlog": {kind: chart(waiting) for kind, waiting in figures.backlog().items()},
        }
        assert self._admin is not None  # noqa: S101  set when the panel takes the view in, which is why it is asked
        return self._admin._template_response(request, "overview.html", context)  # noqa: SLF001  as its own views do


class Tasks(Link):
    """The queues have a page already: decision 28."""

    def __init__(self) -> None:
        super().__init__("Tasks and queues", "fa-solid fa-list-check", PAGE_URL)

    def is_accessible(self, request: Request) -> bool:
        return officer(request).is_at_least(StaffRole.STAFF)
