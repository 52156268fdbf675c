"""Reports, and what was decided about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Numbered


class Resolution(Numbered):
    """A moderator's decision: one for all reports of the same message or person that were open then."""

    __tablename__ = "report_resolutions"

    moderator_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    action: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime | None]
    """Of a suspension; absent for ever."""
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Report(Numbered):
    """Of a message, then with its place, or of a person. Open until it has a resolution."""

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'message') = (conversation_id IS NOT NULL AND message_id IS NOT NULL)", name="kind_has_its_place"
        ),
        Index(
            "uq_reports_open",
            "reporter_id",
            "reported_id",
            "conversation_id",
            "message_id",
            unique=True,
            postgresql_where=text("resolution_id IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("uq_reports_reporter_id_client_id", "reporter_id", "client_id", unique=True),
        Index("ix_reports_open_id", "id", postgresql_where=text("resolution_id IS NULL")),
        Index("ix_reports_reported_id_id", "reported_id", "id"),
        Index("ix_reports_reporter_id_id", "reporter_id", "id"),
        Index("ix_reports_resolution_id", "resolution_id"),
    )

    reporter_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    client_id: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    reported_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    """The person, or who wrote the message."""
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(Text)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What was reported as it was then, in the form of `schemas.Evidence`. Edits and deletions do not reach it."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    resolution_id: Mapped[int | None] = mapped_column(ForeignKey("report_resolutions.id"))
