"""Reports, people and acts as they are shown, each list with one query for the people in it."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.models import User
from app.domain.accounts.services import Accounts
from app.domain.accounts.standing import FOR_EVER
from app.domain.audit.services import AuditEntry, Subject
from app.domain.moderation.models import Report, Resolution
from app.domain.moderation.rules import Action, Kind, Reason
from app.domain.moderation.schemas import (
    Account,
    AuditEntryView,
    Evidence,
    Named,
    Outcome,
    OwnReport,
    ReportDetails,
    ReportView,
    ResolutionView,
    Suspension,
)
from app.domain.moderation.services.queue import ReportQueue


async def show_own(session: AsyncSession, reports: Sequence[Report]) -> list[OwnReport]:
    resolutions = await resolutions_of(session, reports)
    return [
        OwnReport(
            id=report.id,
            kind=Kind(report.kind),
            user_id=report.reported_id if report.kind == Kind.USER else None,
            conversation_id=report.conversation_id,
            message_id=report.message_id,
            reason=Reason(report.reason),
            comment=report.comment,
            created_at=report.created_at,
            outcome=outcome(resolutions.get(report.resolution_id)),
        )
        for report in reports
    ]


async def show_reports(session: AsyncSession, reports: Sequence[Report]) -> list[ReportView]:
    resolutions = await resolutions_of(session, reports)
    named = {one.reported_id for one in reports} | {one.reporter_id for one in reports}
    people = await Accounts(session=session).people(named | {one.moderator_id for one in resolutions.values()})
    return [as_view(report, resolutions.get(report.resolution_id), people) for report in reports]


async def show_details(session: AsyncSession, report: Report) -> ReportDetails:
    queue = ReportQueue(session=session)
    shown, *others = await show_reports(session, [report, *await queue.others(report)])
    return ReportDetails(
        report=shown,
        evidence=msgspec.convert(report.evidence, Evidence),
        others=others,
        context=[message.as_answer() for message in await queue.context(report)],
    )


async def show_accounts(session: AsyncSession, users: Sequence[User]) -> list[Account]:
    open_reports = await ReportQueue(session=session).open_counts([user.id for user in users])
    return [as_account(user, open_reports.get(user.id, 0)) for user in users]


async def show_entries(session: AsyncSession, entries: Sequence[AuditEntry]) -> list[AuditEntryView]:
    people = await Accounts(session=session).people(one.actor_id for one in entries if one.actor_id is not None)
    return [
        AuditEntryView(
            id=entry.id,
            at=entry.at,
            actor=as_named(people[entry.actor_id]) if entry.actor_id is not None else None,
            address=entry.address,
            action=entry.action,
            subject=str(Subject(entry.subject_kind, entry.subject_id)),
            details=entry.details,
        )
        for entry in entries
    ]


async def resolutions_of(session: AsyncSession, reports: Sequence[Report]) -> dict[int | None, Resolution]:
    ids = {report.resolution_id for report in reports if report.resolution_id is not None}
    found = await session.scalars(select(Resolution).where(Resolution.id.in_(ids)))
    return {resolution.id: resolution for resolution in found}


def as_view(report: Report, resolution: Resolution | None, people: dict[int, User]) -> ReportView:
    return ReportView(
        id=report.id,
        kind=Kind(report.kind),
        reported=as_named(people[report.reported_id]),
        reporter=as_named(people[report.reporter_id]),
        conversation_id=report.conversation_id,
        message_id=report.message_id,
        reason=Reason(report.reason),
        comment=report.comment,
        created_at=report.created_at,
        resolution=as_decided(resolution, people) if resolution else None,
    )


def as_decided(resolution: Resolution, people: dict[int, User]) -> ResolutionView:
    return ResolutionView(
        action=Action(resolution.action),
        until=resolution.until,
        note=resolution.note,
        by=as_named(people[resolution.moderator_id]),
        at=resolution.at,
    )


def as_account(user: User, open_reports: int) -> Account:
    return Account(
        id=user.id,
        username=user.username,
        first_name=user.first_name,
        last_name=user.last_name,
        role=user.role,
        created_at=user.created_at,
        deactivated=user.deactivated_at is not None,
        suspension=suspension_of(user),
        open_reports=open_reports,
    )


def suspension_of(user: User) -> Suspension | None:
    if user.suspended_until is None or not user.is_suspended:
        return None
    until = None if user.suspended_until == FOR_EVER else user.suspended_until
    return Suspension(until, user.suspension_reason or "")


def as_named(user: User) -> Named:
    return Named(user.id, user.username)


def outcome(resolution: Resolution | None) -> Outcome:
    if resolution is None:
        return "open"
    return "dismissed" if resolution.action == Action.DISMISS else "acted"
