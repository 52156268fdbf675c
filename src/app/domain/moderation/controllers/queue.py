"""Reports as moderators work on them."""

from typing import Annotated, Literal
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK
from redis.asyncio import Redis

from app.domain.accounts.acting import acting
from app.domain.accounts.guards import ActorRequest, Doorkeeper, moderators_only
from app.domain.accounts.standing import Outranked, UntilRefused
from app.domain.chat.services.announcing import announce_at_once
from app.domain.files.delivery import AnswersWithFile, FileAnswer, NoSuchFile, RangeNotSatisfiable, deliver
from app.domain.files.services.files import Files
from app.domain.files.services.store import FileStore
from app.domain.moderation.controllers.reports import Before
from app.domain.moderation.rules import AlreadyResolved, Kind, NoSuchReport, NothingToRemove
from app.domain.moderation.schemas import Decision, ReportDetails, ReportView
from app.domain.moderation.services.queue import ReportQueue
from app.domain.moderation.services.resolving import Resolving
from app.domain.moderation.services.showing import show_details, show_reports
from app.domain.notices.tasks.mail import ring_postman
from app.pages import Limit
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

ReportId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
InState = Annotated[Literal["open", "resolved"], QueryParameter(name="state")]
UserFilter = Annotated[int | None, QueryParameter(ge=1, le=2**63 - 1, description="Only reports about this user.")]


class ReportQueueController(Controller):
    path = "/api/moderation/reports"
    tags = ("Moderation",)
    guards = (moderators_only,)

    @get()
    async def list_reports(
        self,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        in_state: InState = "open",
        kind: FromQuery[Kind | None] = None,
        user_id: UserFilter = None,
        limit: Limit = 50,
        before: Before = None,
    ) -> list[ReportView]:
        """Reports, the newest first. Those about yourself are for others."""
        async with sessions() as session:
            found = await ReportQueue(session=session).page(
                request.user.id,
                is_open=in_state == "open",
                kind=kind,
                reported_id=user_id,
                before=before,
                limit=limit,
            )
            return await show_reports(session, found)

    @get("/{report_id:int}", opt=refuses(NoSuchReport))
    async def read_report(
        self,
        report_id: ReportId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> ReportDetails:
        """A report with its evidence, and a few messages around it.

        That you have read it is noted in the audit log, since the conversation may be none of yours.
        """
        async with sessions.begin() as session:
            by = acting(request, settings)
            report = await ReportQueue(session=session).read(by, report_id, request.user.id)
            return await show_details(session, report)

    @get(
        "/{report_id:int}/files/{file_id:uuid}",
        operation_class=AnswersWithFile,
        opt=refuses(NoSuchReport, NoSuchFile, RangeNotSatisfiable),
    )
    async def read_reported_file(
        self,
        report_id: ReportId,
        file_id: FromPath[UUID],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        store: NamedDependency[FileStore],
    ) -> FileAnswer:
        """A file of the reported message, for as long as the message has it. `Range` asks for a part."""
        async with sessions.begin() as session:
            by = acting(request, settings)
            report = await ReportQueue(session=session).read(by, report_id, request.user.id)
            if report.conversation_id is None:
                raise NoSuchFile
            file = await Files(session=session).of_message(report.conversation_id, file_id)
            if file.message_id != report.message_id:
                raise NoSuchFile
        return await deliver(request, store, file)

    @post(
        "/{report_id:int}/resolve",
        status_code=HTTP_200_OK,
        opt=refuses(NoSuchReport, AlreadyResolved, NothingToRemove, Outranked, UntilRefused),
    )
    async def resolve_report(
        self,
        report_id: ReportId,
        data: JSONBody[Decision],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        doorkeeper: NamedDependency[Doorkeeper],
        redis: NamedDependency[Redis],
    ) -> Response[ReportView]:
        """Decide about a report, and with it about all open ones on the same message or person.

        The first decision stands: another one, later or by somebody else, is refused with what was done. Who reported
        it is told, and who is concerned, unless it is dismissed.
        """
        async with sessions.begin() as session:
            resolved = await Resolving(session, settings).resolve(
                acting(request, settings), request.user.id, report_id, data
            )
            [shown] = await show_reports(session, [resolved.report])
        doorkeeper.ended.note(resolved.ended)
        if resolved.event:
            await announce_at_once(redis, resolved.event)
        return Response(shown, background=BackgroundTask(ring_postman))
