"""Friendships, blocks, and what people choose to show of themselves."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.domain.social.rules import Audience


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


class Block(Base):
    """Between the two of them nothing passes, in either direction, while it stands. Both may block each other."""

    __tablename__ = "blocks"
    __table_args__ = (
        PrimaryKeyConstraint("blocker_id", "blocked_id"),
        CheckConstraint("blocker_id <> blocked_id", name="two_people"),
        Index("ix_blocks_blocked_id", "blocked_id"),
    )

    blocker_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    blocked_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    since: Mapped[datetime] = mapped_column(server_default=func.now())


class PrivacyChoice(Base):
    """What somebody has chosen. Who has no row has the defaults, which PrivacySetting names."""

    __tablename__ = "privacy"
    __table_args__ = (
        CheckConstraint("direct_chats IN ('everyone', 'friends', 'nobody')", name="direct_chats_known"),
        CheckConstraint("presence IN ('everyone', 'friends', 'nobody')", name="presence_known"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    direct_chats: Mapped[Audience | None] = mapped_column(Text)
    presence: Mapped[Audience] = mapped_column(Text)
    receipts: Mapped[bool]
    typing: Mapped[bool]
    leaderboards: Mapped[bool]
