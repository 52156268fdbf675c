"""Plays, and what they add up to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Numbered
from app.domain.game.rules import SALT_BYTES
from app.fairdraw.hashing import HASH_BYTES


class Play(Numbered):
    """One play, scored once. The unique key makes a client's resend harmless, for ever."""

    __tablename__ = "plays"
    __table_args__ = (
        UniqueConstraint("user_id", "idempotency_key"),
        Index("ix_plays_user_id_id", "user_id", "id"),
        Index("ix_plays_user_id_game_id", "user_id", "game", "id"),
        Index(
            "uq_plays_seed",
            "user_id",
            "game",
            text("((proof ->> 'epoch')::bigint)"),
            text("((proof ->> 'n')::bigint)"),
            unique=True,
            postgresql_where=text("proof IS NOT NULL"),
        ),
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
    proof: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Where its luck came from; None in games without. That a seed is for one play only, the unique index says too."""


class Epoch(Base):
    """A chain of seeds that one player's plays in one game are given, one after the other.

    Nothing in here is secret: what is not revealed yet follows from a secret outside the database.
    """

    __tablename__ = "epochs"
    __table_args__ = (
        Index("uq_epochs_current", "user_id", "game", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    game: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """From 1."""
    salt: Mapped[bytes] = mapped_column(LargeBinary(SALT_BYTES))
    """Names its chain, so that an epoch begun anew over an older copy of the database has other seeds."""
    genesis: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    """s[0], stored before the first play and never changed."""
    length: Mapped[int]
    played: Mapped[int] = mapped_column(default=0)
    commitment: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    """s[played]: what the next play's seed has to hash to."""
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Tally(Base):
    """One player's totals over all games, kept in the same transaction as each play, so always equal to a recount."""

    __tablename__ = "tallies"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    games: Mapped[int]
    wins: Mapped[int]
    prize_cents: Mapped[int]
    best_prize_cents: Mapped[int]
    last_played_at: Mapped[datetime]
