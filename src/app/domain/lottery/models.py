"""Lotteries, their draws, the ballots for them, and the winners."""

import datetime as dt
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, column, table, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Numbered

usernames = table("users", column("id", BigInteger), column("username", String))
"""What this slice reads of accounts: a winner's name, joined in SQL."""


class Lottery(Numbered):
    __tablename__ = "lotteries"
    __table_args__ = (
        CheckConstraint("cadence IN ('daily', 'minute')", name="cadence_known"),
        CheckConstraint("prizes BETWEEN 1 AND 100", name="prizes_bounded"),
    )

    name: Mapped[str] = mapped_column(String(50), unique=True)
    cadence: Mapped[str] = mapped_column(String(10))
    zone: Mapped[str] = mapped_column(String(50))
    """IANA name. A change takes effect with the draws that open after it."""
    prizes: Mapped[int]
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    """An ended lottery opens no draws and takes no ballots; what is open is still drawn."""


class Draw(Numbered):
    """One draw, from the moment that it takes ballots. All that decides its result is fixed when it opens or closes."""

    __tablename__ = "draws"
    __table_args__ = (
        UniqueConstraint("lottery_id", "period"),
        UniqueConstraint("lottery_id", "number"),
        Index("ix_draws_undrawn", "closes_at", postgresql_where=text("drawn_at IS NULL")),
    )

    lottery_id: Mapped[int] = mapped_column(ForeignKey("lotteries.id"))
    number: Mapped[int]
    """From 1 in every lottery, in order of opening, without gaps."""
    period: Mapped[str] = mapped_column(String(20))
    date: Mapped[dt.date]
    prizes: Mapped[int]
    opens_at: Mapped[dt.datetime]
    """When it was opened; `closes_at` for a date that had passed by then."""
    closes_at: Mapped[dt.datetime]
    """The first instant that is too late for a ballot. Never changes."""
    ballots: Mapped[int] = mapped_column(server_default="0")
    """How many there are, and so the next ballot's seq."""
    attempts: Mapped[int] = mapped_column(server_default="0")
    last_attempt_at: Mapped[dt.datetime | None]
    alerted_at: Mapped[dt.datetime | None]
    drawn_at: Mapped[dt.datetime | None]


class Ballot(Base):
    __tablename__ = "ballots"
    __table_args__ = (
        UniqueConstraint("draw_id", "seq"),
        Index("ix_ballots_draw_id_user_id", "draw_id", "user_id"),
        Index("ix_ballots_user_id_id", "user_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"))
    seq: Mapped[int]
    """0 … m-1 within the draw, in order of acceptance."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """A ballot outlives its account: past draws stay what they were."""
    submitted_at: Mapped[dt.datetime]


class Submission(Numbered):
    """What was asked, and given, under an idempotency key: ballots first_seq … first_seq+count-1 of the draw."""

    __tablename__ = "ballot_submissions"
    __table_args__ = (UniqueConstraint("user_id", "idempotency_key"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    idempotency_key: Mapped[str] = mapped_column(String(200))
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"))
    requested_date: Mapped[dt.date | None]
    """As it was asked: none for "today", which is another date tomorrow and still the same request."""
    first_seq: Mapped[int]
    count: Mapped[int]


class Winner(Base):
    __tablename__ = "winners"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    prize: Mapped[int] = mapped_column(primary_key=True)
    """From 0, in the order that they were drawn."""
    ballot_id: Mapped[UUID] = mapped_column(ForeignKey("ballots.id"), unique=True)
