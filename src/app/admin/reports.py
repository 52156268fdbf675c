"""Reports, as moderators work on them. To open one is to read its evidence, which is noted in the audit log."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, select
from starlette.requests import Request
from starlette_admin import IntegerField, StringField, row_action
from starlette_admin.flash import flash

from app.admin.acts import acting, form, given, moment, read
from app.admin.fields import Moment, Person
from app.admin.listing import Listing
from app.admin.officers import officer
from app.domain.accounts.models import User
from app.domain.accounts.standing import StaffRole
from app.domain.chat.services.announcing import announce_at_once
from app.domain.moderation.models import Report
from app.domain.moderation.rules import Action
from app.domain.moderation.schemas import Decision, ReportView
from app.domain.moderation.services.queue import ReportQueue
from app.domain.moderation.services.resolving import Resolving
from app.domain.moderation.services.showing import show_details, show_reports
from app.domain.notices.tasks.mail import ring_postman


def decision_in_words(_: Request, report: ReportView) -> str | None:
    made = report.resolution
    return f"{made.action} by {made.by.username}: {made.note}".removesuffix(": ") if made else None


class OpenReports(Listing):
    model = Report
    key = "reports"
    menu_label = "Open reports"
    icon = "fa-solid fa-flag"
    least = StaffRole.MODERATOR
    search_hint = "Username of the reported"
    columns = (
        Report.id,
        Report.kind,
        Report.reported_id,
        Report.reporter_id,
        Report.conversation_id,
        Report.message_id,
        Report.reason,
        Report.comment,
        Report.created_at,
        Report.resolution_id,
    )
    fields = (
        IntegerField("id"),
        StringField("kind"),
        Person("reported"),
        StringField("reason"),
        StringField("comment"),
        Person("reporter"),
        Moment("created_at", label="At"),
        StringField("decision", getter=decision_in_words, exclude_from_list=True),
    )
    row_actions: Sequence[str] | None = ("decide",)
    detail_template = "report.html"

    def get_list_query(self, request: Request) -> Select[Any]:
        """Nobody sees reports about themself."""
        return super().get_list_query(request).where(self.condition(), Report.reported_id != officer(request).id)

    def condition(self) -> ColumnElement[bool]:
        return Report.resolution_id.is_(None)

    def search(self, term: str) -> ColumnElement[bool]:
        named = select(User.id).where(func.lower(User.username) == term.lower())
        return Report.reported_id == named.scalar_subquery()

    async def prepare(self, request: Request, rows: Sequence[Any]) -> Sequence[ReportView]:
        return await show_reports(request.state.session, cast("Sequence[Report]", rows))

    async def look_closer(self, request: Request, row_id: int) -> None:
        me = officer(request)
        await request.state.session.close()
        async with self.backstage.sessions.begin() as session:
            report = await ReportQueue(session=session).read(me.by, row_id, me.id)
            request.state.details = await show_details(session, report)

    @row_action(
        name="decide",
        text="Decide",
        icon_class="fa-solid fa-gavel",
        confirmation="The decision stands, for all open reports of the same message or person.",
        submit_btn_text="Decide",
        modal_size="md",
        form=form("decide"),
    )
    async def decide(self, request: Request, pk: str) -> None:
        fields: dict[str, Any] = dict(await given(request))
        until = moment(fields.pop("until", None))
        if fields.get("action") == Action.SUSPEND:
            fields["until"] = until
        decision = read(fields, Decision)
        me = officer(request)
        async with acting(request, self.backstage) as session:
            resolving = Resolving(session, self.backstage.settings)
            resolved = await resolving.resolve(me.by, me.id, int(pk), decision)
        self.backstage.doorkeeper.ended.note(resolved.ended)
        if resolved.event:
            await announce_at_once(self.backstage.redis, resolved.event)
        flash(request, f"Report {pk}: {decision.action}.", "success")
        await ring_postman()


class DecidedReports(OpenReports):
    key = "decided"
    menu_label = "Decided reports"
    icon = "fa-solid fa-scale-balanced"
    row_actions = ()
    fields = (*OpenReports.fields[:-1], StringField("decision", getter=decision_in_words))

    def condition(self) -> ColumnElement[bool]:
        return Report.resolution_id.is_not(None)
