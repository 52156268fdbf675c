"""Friendships, asked for and accepted."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Friendship(Base):
    """One row for each pair, the lower id first, whoever asked. A request until it is accepted."""

    __tablename__ = "friendships"
    __table_args__ = (
        PrimaryKeyConstraint("low_id", "high_id"),
        CheckConstraint("low_id < high_id", name="order"),
        Index("ix_friendships_high_id", "high_id"),
    )

    low_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    high_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    accepted_at: Mapped[datetime | None]

    def other(self, user_id: int) -> int:
        return self.high_id if user_id == self.low_id else self.low_id
