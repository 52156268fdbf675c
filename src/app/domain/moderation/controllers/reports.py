"""Reporting messages and people."""

from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from app.domain.accounts.guards import ActorRequest
from app.domain.moderation.rules import NothingToReport, ReportingYourself, TooManyReports
from app.domain.moderation.schemas import MessageReport, OwnReport, UserReport
from app.domain.moderation.services.reports import Reports
from app.domain.moderation.services.showing import show_own
from app.errors import IdempotencyConflict
from app.pages import Limit
from app.problems import refuses
from app.resources import Sessions

Before = Annotated[int | None, QueryParameter(ge=1, le=2**63 - 1, description="Only those with a lower id.")]


class ReportController(Controller):
    path = "/api/reports"
    tags = ("Reports",)

    @post(
        responses={HTTP_200_OK: ResponseSpec(OwnReport, generate_examples=False, description="You had reported it.")},
        opt=refuses(NothingToReport, ReportingYourself, TooManyReports, IdempotencyConflict),
    )
    async def file_report(
        self, data: JSONBody[MessageReport | UserReport], request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> Response[OwnReport]:
        """Report a message that you can see, or a person, to the moderators.

        They see the message as it is now, also if it is edited or deleted later. While your report is open, reporting
        the same again answers 200 with that report.
        """
        async with sessions.begin() as session:
            report, is_new = await Reports(session=session).file(request.user.id, data)
            [shown] = await show_own(session, [report])
        return Response(shown, status_code=HTTP_201_CREATED if is_new else HTTP_200_OK)

    @get("/mine")
    async def list_own_reports(
        self, request: ActorRequest, sessions: NamedDependency[Sessions], limit: Limit = 50, before: Before = None
    ) -> list[OwnReport]:
        """What you have reported, the newest first, and what came of it."""
        async with sessions() as session:
            found = await Reports(session=session).of_reporter(request.user.id, before=before, limit=limit)
            return await show_own(session, found)
