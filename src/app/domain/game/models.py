"""Plays, and what they add up to."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, Text, UniqueConstraint, text
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
    day: Mapped[date]
    """In the server's zone, when it was played: a zone that is changed later does not move it."""
    played_at: Mapped[datetime]


class Tally(Base):
    """What the plays of one player add up to, in a game and in all games ("*"): always equal to a recount of them.

    `standings/tallies.py` says what its numbers are. On the leaderboards of all time, whoever has won the same stands
    in the order in which they reached it.
    """

    __tablename__ = "tallies"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "game"),
        Index("ix_tallies_board", "game", text("(-prize_cents)"), "reached_at", "user_id"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    game: Mapped[str] = mapped_column(Text)
    games: Mapped[int]
    wins: Mapped[int]
    prize_cents: Mapped[int]
    best_prize_cents: Mapped[int]
    opening_streak: Mapped[int]
    win_streak: Mapped[int]
    best_win_streak: Mapped[int]
    day_streak: Mapped[int]
    """Days in a row with a play, up to `last_day`: see `streak_of_days`."""
    best_day_streak: Mapped[int]
    last_day: Mapped[date]
    reached_at: Mapped[datetime]
    """When `prize_cents` became what it is."""
    last_played_at: Mapped[datetime]


class Standing(Base):
    """The same of one day or one week, as far as its leaderboard needs it."""

    __tablename__ = "standings"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "period", "starts_on", "game"),
        Index("ix_standings_board", "game", "period", "starts_on", text("(-prize_cents)"), "reached_at", "user_id"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    period: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    game: Mapped[str] = mapped_column(Text)
    games: Mapped[int]
    wins: Mapped[int]
    prize_cents: Mapped[int]
    reached_at: Mapped[datetime]


class BoardNumber(Base):
    """How many batches have been counted in a partition of players. A ladder in Redis says how many it knows of."""

    __tablename__ = "board_numbers"

    partition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]


class EarnedAchievement(Base):
    """One of `standings/achievements.py`, by its name."""

    __tablename__ = "achievements"
    __table_args__ = (PrimaryKeyConstraint("user_id", "name"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(Text)
    earned_at: Mapped[datetime]
