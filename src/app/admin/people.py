"""Accounts as moderators see them over the API, and what may be done about them."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, func
from starlette.requests import Request
from starlette_admin import IntegerField, StringField, row_action
from starlette_admin.flash import flash

from app.admin.acts import acting, form, given, moment, read
from app.admin.fields import Moment, written
from app.admin.listing import Listing
from app.admin.officers import officer
from app.domain.accounts.models import User
from app.domain.accounts.rules import outranks
from app.domain.accounts.standing import Changed, StaffRole, Standing
from app.domain.audit.services import Audit, Subject
from app.domain.moderation.rules import HISTORY_SHOWN, Action
from app.domain.moderation.schemas import Account, Appointment, SuspensionOrder
from app.domain.moderation.services.queue import ReportQueue
from app.domain.moderation.services.showing import show_accounts, show_entries, show_reports
from app.domain.moderation.services.telling import Telling
from app.domain.notices.tasks.mail import ring_postman

FOR_STAFF = {"log_out", "appoint"}


def suspension_in_words(_: Request, account: Account) -> str | None:
    if account.suspension is None:
        return None
    until = account.suspension.until
    return f"{f'until {written(until)}' if until else 'for good'}: {account.suspension.reason}"


def name_in_full(_: Request, account: Account) -> str | None:
    if account.deactivated:
        return "deactivated"
    return f"{account.first_name} {account.last_name}".strip() or None


class People(Listing):
    model = User
    key = "users"
    menu_label = "Users"
    icon = "fa-solid fa-users"
    least = StaffRole.MODERATOR
    search_hint = "How a username begins"
    columns = (
        User.id,
        User.username,
        User.first_name,
        User.last_name,
        User.is_moderator,
        User.is_staff,
        User.is_superuser,
        User.created_at,
        User.deactivated_at,
        User.suspended_until,
        User.suspension_reason,
    )
    fields = (
        IntegerField("id"),
        StringField("username"),
        StringField("role"),
        StringField("suspension", label="Suspended", getter=suspension_in_words),
        IntegerField("open_reports"),
        StringField("name", getter=name_in_full),
        Moment("created_at", label="Since"),
    )
    row_actions = ("suspend", "lift", "log_out", "appoint")
    detail_template = "account.html"

    def search(self, term: str) -> ColumnElement[bool]:
        return func.lower(User.username).startswith(term.lower(), autoescape=True)

    async def prepare(self, request: Request, rows: Sequence[Any]) -> Sequence[Account]:
        return await show_accounts(request.state.session, cast("Sequence[User]", rows))

    async def look_closer(self, request: Request, row_id: int) -> None:
        session = request.state.session
        reports = await ReportQueue(session=session).about(row_id, officer(request).id, HISTORY_SHOWN)
        acts = await Audit(session=session).entries(subject=Subject("user", row_id), limit=HISTORY_SHOWN)
        request.state.reports = await show_reports(session, reports)
        request.state.acts = await show_entries(session, acts)

    async def is_row_action_allowed(self, request: Request, name: str) -> bool:
        least = StaffRole.STAFF if name in FOR_STAFF else self.least
        return officer(request).is_at_least(least) and await super().is_row_action_allowed(request, name)

    def offers(self, request: Request, name: str, row: Account) -> bool:
        makes_sense = row.suspension is not None if name == "lift" else not row.deactivated
        return makes_sense and outranks(officer(request).role, row.role)

    @row_action(
        name="suspend",
        text="Suspend",
        icon_class="fa-solid fa-ban",
        confirmation="All their sessions end, and they are told the reason. Until when, and why?",
        submit_btn_text="Suspend",
        form=form("suspend"),
    )
    async def suspend(self, request: Request, pk: str) -> None:
        fields = await given(request)
        order = read({"reason": fields.get("reason", ""), "until": moment(fields.get("until"))}, SuspensionOrder)
        async with acting(request, self.backstage) as session:
            standing = Standing(session, self.backstage.settings)
            changed = await standing.suspend(officer(request).by, int(pk), until=order.until, reason=order.reason)
            if changed.anew:
                await Telling(session).reported(changed.user, Action.SUSPEND, order.reason, order.until)
        self._tell(request, changed, "is suspended")
        await ring_postman()

    @row_action(
        name="lift",
        text="Let in again",
        icon_class="fa-solid fa-door-open",
        confirmation="May they log in again from now on?",
    )
    async def lift(self, request: Request, pk: str) -> None:
        async with acting(request, self.backstage) as session:
            changed = await Standing(session, self.backstage.settings).lift(officer(request).by, int(pk))
        self._tell(request, changed, "may log in again")

    @row_action(
        name="log_out",
        text="End all sessions",
        icon_class="fa-solid fa-right-from-bracket",
        confirmation="They are logged out everywhere, and may log in again. Shall they?",
    )
    async def log_out(self, request: Request, pk: str) -> None:
        async with acting(request, self.backstage) as session:
            changed = await Standing(session, self.backstage.settings).log_out(officer(request).by, int(pk))
        self._tell(request, changed, "is logged out everywhere")

    @row_action(
        name="appoint",
        text="Change role",
        icon_class="fa-solid fa-user-shield",
        confirmation="Who may do less than before is logged out. Which role shall they have?",
        submit_btn_text="Appoint",
        form=form("appoint"),
    )
    async def appoint(self, request: Request, pk: str) -> None:
        role = StaffRole(read(await given(request), Appointment).role)
        async with acting(request, self.backstage) as session:
            changed = await Standing(session, self.backstage.settings).appoint(officer(request).by, int(pk), role)
        self._tell(request, changed, f"has the role {role}")

    def _tell(self, request: Request, changed: Changed, what: str) -> None:
        self.backstage.doorkeeper.ended.note(changed.ended)
        flash(request, f"{changed.user.username} {what}.", "success")
