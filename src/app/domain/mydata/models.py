"""Archives that people asked for, and accounts whose traces are being removed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Numbered


class Export(Numbered):
    """The one export of a person. The next one takes its place."""

    __tablename__ = "exports"
    __table_args__ = (
        Index("ix_exports_due", "next_attempt_at", postgresql_where=text("ready_at IS NULL AND failed_at IS NULL")),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    """How many workers have begun it. The number of the last one is what its writes are fenced by."""
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When another worker may begin it anew; put off by the one that is at it."""
    progress: Mapped[int] = mapped_column(server_default=text("0"))
    """Percent of the archive's parts."""
    size: Mapped[int | None]
    """Bytes, once it is ready."""
    ready_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]


class ExportChunk(Base):
    """A piece of the archive, from 0. In PostgreSQL, so that every API process can hand it out."""

    __tablename__ = "export_chunks"
    __table_args__ = (PrimaryKeyConstraint("export_id", "number"),)

    export_id: Mapped[int] = mapped_column(ForeignKey("exports.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Erasure(Base):
    """A closed account, and what is to become of its messages. Stays when it is done, as the record that it was."""

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("messages IN ('keep_as_deleted_account', 'delete')", name="messages_known"),
        Index("ix_erasures_due", "next_attempt_at", postgresql_where=text("finished_at IS NULL")),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    messages: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
