"""What members report."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import cast

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.services import Accounts
from app.domain.chat.schemas.events import MessageFrame
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.messages import Messages
from app.domain.moderation.models import Report
from app.domain.moderation.rules import (
    REPORTS_PER_HOUR,
    Kind,
    NothingToReport,
    ReportingYourself,
    TooManyReports,
)
from app.domain.moderation.schemas import Evidence, EvidentFile, MessageReport, UserReport
from app.errors import IdempotencyConflict, NotFound

AnyReport = MessageReport | UserReport
HOUR = timedelta(hours=1)

take_turn = text("SELECT pg_advisory_xact_lock(hashtextextended('reports:' || :reporter_id, 0))")
"""One reporter's reports come one after the other, so that neither the limit nor the one open report is overrun."""


class Reports(SQLAlchemyAsyncRepositoryService[Report]):
    class Repo(SQLAlchemyAsyncRepository[Report]):
        model_type = Report

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def file(self, reporter_id: int, asked: AnyReport) -> tuple[Report, bool]:
        """A report, with what it is about as it is now; and whether it is new.

        Who reports the same again while it is open, or under the same client id ever, has the report from then. Raises
        NothingToReport, ReportingYourself, TooManyReports, IdempotencyConflict.
        """
        await self.session.execute(take_turn, {"reporter_id": str(reporter_id)})
        if earlier := await self._earlier(reporter_id, asked):
            return earlier, False
        message = await self._message(reporter_id, asked) if isinstance(asked, MessageReport) else None
        reported_id = message.sender_id if message else cast("UserReport", asked).user_id
        if reported_id == reporter_id:
            raise ReportingYourself
        evidence = await self._evidence(reported_id, message)
        await self._check_rate(reporter_id)
        report = Report(
            reporter_id=reporter_id,
            client_id=asked.client_id,
            kind=Kind.MESSAGE if message else Kind.USER,
            reported_id=reported_id,
            conversation_id=message.conversation_id if message else None,
            message_id=message.message_id if message else None,
            reason=asked.reason,
            comment=asked.comment,
            evidence=msgspec.to_builtins(evidence),
        )
        self.session.add(report)
        await self.session.flush()
        await self.session.refresh(report)
        return report, True

    async def of_reporter(self, reporter_id: int, *, before: int | None, limit: int) -> Sequence[Report]:
        """The newest first."""
        found = select(Report).where(Report.reporter_id == reporter_id).order_by(Report.id.desc()).limit(limit)
        if before is not None:
            found = found.where(Report.id < before)
        return (await self.session.scalars(found)).all()

    async def _earlier(self, reporter_id: int, asked: AnyReport) -> Report | None:
        if asked.client_id:
            named = select(Report).where(Report.reporter_id == reporter_id, Report.client_id == asked.client_id)
            if found := await self.session.scalar(named):
                if not says_the_same(found, asked):
                    raise IdempotencyConflict
                return found
        still_open = select(Report).where(Report.reporter_id == reporter_id, Report.resolution_id.is_(None))
        return await self.session.scalar(still_open.where(*asked_target(asked)))

    async def _message(self, reporter_id: int, asked: MessageReport) -> MessageFrame:
        """Raises NothingToReport for what the reporter cannot see, and for what the group itself says."""
        try:
            await Conversations(session=self.session).of_member(asked.conversation_id, reporter_id)
        except NotFound as error:
            raise NothingToReport from error
        found = await Messages(session=self.session).after(asked.conversation_id, asked.message_id - 1, 1)
        if not found or found[0].message_id != asked.message_id or found[0].deleted or found[0].kind is not None:
            raise NothingToReport
        return found[0]

    async def _evidence(self, reported_id: int, message: MessageFrame | None) -> Evidence:
        user = (await Accounts(session=self.session).people([reported_id])).get(reported_id)
        if user is None:
            raise NothingToReport
        return Evidence(
            username=user.username,
            first_name=user.first_name,
            last_name=user.last_name,
            content=message.message if message else None,
            sent_at=message.timestamp if message else None,
            edited_at=message.edited_at if message else None,
            attachments=[
                EvidentFile(one.id, one.name, one.media_type, one.size)
                for one in (message.attachments if message else ())
            ],
            card=message.card if message else None,
        )

    async def _check_rate(self, reporter_id: int) -> None:
        since = datetime.now(UTC) - HOUR
        recent = select(func.count(), func.min(Report.created_at))
        recent = recent.where(Report.reporter_id == reporter_id, Report.created_at > since)
        count, first = (await self.session.execute(recent)).one()
        if count >= REPORTS_PER_HOUR:
            raise TooManyReports(retry_after=max(1, ceil((first - since).total_seconds())))


def asked_target(asked: AnyReport) -> list[ColumnElement[bool]]:
    if isinstance(asked, MessageReport):
        return [Report.conversation_id == asked.conversation_id, Report.message_id == asked.message_id]
    return [Report.kind == Kind.USER, Report.reported_id == asked.user_id]


def says_the_same(report: Report, asked: AnyReport) -> bool:
    if isinstance(asked, MessageReport):
        same = (report.conversation_id, report.message_id) == (asked.conversation_id, asked.message_id)
    else:
        same = (report.kind, report.reported_id) == (Kind.USER, asked.user_id)
    return same and (report.reason, report.comment) == (asked.reason, asked.comment)
