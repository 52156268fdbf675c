"""Decisions about reports: made once, carried out and recorded in the same transaction."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.services import Accounts
from app.domain.accounts.standing import Standing
from app.domain.audit.services import Audit, By, Subject
from app.domain.chat.schemas.events import EventFrame
from app.domain.chat.services.messages import Messages
from app.domain.moderation.models import Report, Resolution
from app.domain.moderation.rules import Action, AlreadyResolved, NothingToRemove
from app.domain.moderation.schemas import Decision
from app.domain.moderation.services.queue import ReportQueue
from app.domain.moderation.services.telling import Telling
from app.settings import Settings


class Resolved(NamedTuple):
    """A report with its decision. Announce what happened by it after the commit."""

    report: Report
    ended: Sequence[UUID] = ()
    """Sessions."""
    event: EventFrame | None = None
    """The deletion of the message."""


class Resolving:
    def __init__(self, session: AsyncSession, settings: Settings) -> None:
        self._session = session
        self._queue = ReportQueue(session=session)
        self._audit = Audit(session=session)
        self._standing = Standing(session, settings)
        self._telling = Telling(session)

    async def resolve(self, by: By, moderator_id: int, report_id: int, decision: Decision) -> Resolved:
        """Decide about a report, and all others that are open on the same message or person.

        Who sends the same decision again has the answer from then. Raises NoSuchReport, AlreadyResolved,
        NothingToRemove; to suspend raises what Standing does.
        """
        report = await self._queue.for_moderator(report_id, moderator_id)
        open_ones = await self._queue.open_ones(report)
        if report not in open_ones:
            await self._session.refresh(report)
            await self._check_same(report, moderator_id, decision)
            return Resolved(report)
        resolution = Resolution(
            moderator_id=moderator_id, action=decision.action, until=decision.suspended_until, note=decision.note
        )
        self._session.add(resolution)
        await self._session.flush()
        for one in open_ones:
            one.resolution_id = resolution.id
        await self._session.flush()
        await self._audit.record(
            by,
            "resolve_report",
            Subject("report", report.id),
            decision=decision.action,
            user_id=report.reported_id,
            conversation_id=report.conversation_id,
            message_id=report.message_id,
            reports=[one.id for one in open_ones],
        )
        resolved = await self._carry_out(by, moderator_id, report, decision)
        await self._tell(open_ones, decision)
        return resolved

    async def _carry_out(self, by: By, moderator_id: int, report: Report, decision: Decision) -> Resolved:
        match decision.action:
            case Action.SUSPEND:
                changed = await self._standing.suspend(
                    by, report.reported_id, until=decision.suspended_until, reason=decision.note
                )
                return Resolved(report, ended=changed.ended)
            case Action.REMOVE_MESSAGE:
                if report.conversation_id is None or report.message_id is None:
                    raise NothingToRemove
                messages = Messages(session=self._session)
                event = await messages.remove(report.conversation_id, report.message_id, moderator_id)
                return Resolved(report, event=event)
            case Action.WARN | Action.DISMISS:
                return Resolved(report)

    async def _check_same(self, report: Report, moderator_id: int, decision: Decision) -> None:
        """Raises AlreadyResolved, which names what was done, to everybody but the one who repeats themself."""
        earlier = await self._session.get_one(Resolution, report.resolution_id)
        made = (earlier.moderator_id, earlier.action, earlier.until, earlier.note)
        if made != (moderator_id, decision.action, decision.suspended_until, decision.note):
            moderators = await Accounts(session=self._session).people([earlier.moderator_id])
            raise AlreadyResolved(f"{moderators[earlier.moderator_id].username} has decided already: {earlier.action}.")

    async def _tell(self, reports: Sequence[Report], decision: Decision) -> None:
        reported_id = reports[0].reported_id
        people = await Accounts(session=self._session).people([reported_id, *(one.reporter_id for one in reports)])
        acted = decision.action != Action.DISMISS
        for report in reports:
            await self._telling.reporter(people[report.reporter_id], acted=acted)
        if acted:
            await self._telling.reported(people[reported_id], decision.action, decision.note, decision.suspended_until)
