"""Reports as moderators work on them. Nobody sees, or decides about, those that are about themself."""

from collections.abc import Collection, Sequence
from typing import cast

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.audit.services import Audit, By, Subject
from app.domain.chat.schemas.events import MessageFrame
from app.domain.chat.services.messages import Messages
from app.domain.moderation.models import Report
from app.domain.moderation.rules import CONTEXT_MESSAGES, OTHERS_SHOWN, Kind, NoSuchReport


class ReportQueue(SQLAlchemyAsyncRepositoryService[Report]):
    class Repo(SQLAlchemyAsyncRepository[Report]):
        model_type = Report

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def page(
        self,
        moderator_id: int,
        *,
        is_open: bool,
        kind: Kind | None = None,
        reported_id: int | None = None,
        before: int | None,
        limit: int,
    ) -> Sequence[Report]:
        """The newest first."""
        conditions = [Report.reported_id != moderator_id]
        conditions.append(Report.resolution_id.is_(None) if is_open else Report.resolution_id.is_not(None))
        if kind is not None:
            conditions.append(Report.kind == kind)
        if reported_id is not None:
            conditions.append(Report.reported_id == reported_id)
        return await self._page(before, limit, *conditions)

    async def about(self, user_id: int, moderator_id: int, limit: int) -> Sequence[Report]:
        """Open or not, the newest first."""
        return await self._page(None, limit, Report.reported_id == user_id, Report.reported_id != moderator_id)

    async def for_moderator(self, report_id: int, moderator_id: int) -> Report:
        """Raises NoSuchReport, also when it is about the moderator."""
        report = await self.session.scalar(
            select(Report).where(Report.id == report_id, Report.reported_id != moderator_id)
        )
        if report is None:
            raise NoSuchReport
        return report

    async def read(self, by: By, report_id: int, moderator_id: int) -> Report:
        """The same, noted in the audit log the first time: the conversation may be none of theirs."""
        report = await self.for_moderator(report_id, moderator_id)
        audit, subject = Audit(session=self.session), Subject("report", report.id)
        if not await audit.has(by, "read_report", subject):
            await audit.record(by, "read_report", subject, user_id=report.reported_id)
        return report

    async def others(self, report: Report) -> Sequence[Report]:
        """Further ones of the same message or person, the newest first."""
        return await self._page(None, OTHERS_SHOWN, *same_target(report), Report.id != report.id)

    async def open_ones(self, report: Report) -> Sequence[Report]:
        """All open reports of the same message or person, locked: of two who decide at once, one finds none."""
        found = select(Report).where(*same_target(report), Report.resolution_id.is_(None))
        return (await self.session.scalars(found.order_by(Report.id).with_for_update())).all()

    async def context(self, report: Report) -> list[MessageFrame]:
        """A reported message and those around it, as they are now."""
        if report.conversation_id is None or report.message_id is None:
            return []
        messages = Messages(session=self.session)
        earlier = await messages.before(report.conversation_id, report.message_id, CONTEXT_MESSAGES)
        later = await messages.after(report.conversation_id, report.message_id - 1, CONTEXT_MESSAGES + 1)
        return [*earlier, *later]

    async def open_counts(self, user_ids: Collection[int]) -> dict[int, int]:
        """How many open reports there are about each."""
        counts = (
            select(Report.reported_id, func.count())
            .where(Report.reported_id.in_(user_ids), Report.resolution_id.is_(None))
            .group_by(Report.reported_id)
        )
        return {row[0]: row[1] for row in await self.session.execute(counts)}

    async def count_open(self, moderator_id: int, *, at_most: int) -> int:
        """How many wait for a moderator; no more than so many are counted."""
        waiting = select(Report.id).where(Report.reported_id != moderator_id, Report.resolution_id.is_(None))
        return await self.session.scalar(select(func.count()).select_from(waiting.limit(at_most).subquery())) or 0

    async def _page(self, before: int | None, limit: int, *conditions: ColumnElement[bool]) -> Sequence[Report]:
        found = select(Report).where(*conditions).order_by(Report.id.desc()).limit(limit)
        if before is not None:
            found = found.where(Report.id < before)
        return (await self.session.scalars(found)).all()


def same_target(report: Report) -> list[ColumnElement[bool]]:
    return [
        Report.reported_id == report.reported_id,
        Report.conversation_id.is_not_distinct_from(report.conversation_id),
        Report.message_id.is_not_distinct_from(report.message_id),
    ]
