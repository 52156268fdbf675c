"""Plays, and what they add up to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Numbered


class Play(Numbered):
    """One play, scored once. The unique key makes a client's resend harmless, for ever."""

    __tablename__ = "plays"
    __table_args__ = (
        UniqueConstraint("user_id", "idempotency_key"),
        Index("ix_plays_user_id_id", "user_id", "id"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    game: Mapped[str] = mapped_column(Text)
    move: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """In the game's own form, as `outcome` is."""
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB)
    won: Mapped[bool]
    prize_cents: Mapped[int]
    idempotency_key: Mapped[str] = mapped_column(Text)
    played_at: Mapped[datetime]


class Tally(Base):
    """One player's totals over all games, kept in the same transaction as each play, so always equal to a recount."""

    __tablename__ = "tallies"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    games: Mapped[int]
    wins: Mapped[int]
    prize_cents: Mapped[int]
    best_prize_cents: Mapped[int]
    last_played_at: Mapped[datetime]
