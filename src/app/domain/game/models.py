"""Plays, and what they add up to; rounds, and what is picked in them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Numbered
from app.domain.game.rules import SALT_BYTES
from app.fairdraw.hashing import HASH_BYTES

STANDING = "drawn_at IS NULL AND cancelled_at IS NULL"
"""A round that is still to come to its end."""


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
    day: Mapped[date]
    """In the server's zone, when it was played: a zone that is changed later does not move it."""
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


class RoundChain(Numbered):
    """A chain of seeds that rounds of a group are given, one after the other. A group has as many as rounds at a time.

    Nothing in here is secret: what is not revealed yet follows from a secret outside the database.
    """

    __tablename__ = "round_chains"
    __table_args__ = (
        Index("ix_round_chains_current", "conversation_id", "id", postgresql_where=text("ended_at IS NULL")),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    """So that no two chains are alike, also where the database is set back and begins one that it has begun before."""
    genesis: Mapped[bytes] = mapped_column(LargeBinary(32))
    """s[0]."""
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """It gives no further seeds: it is used up, or its secret is another by now, or an operator has ended it."""


class Round(Numbered):
    """A game that a group plays together: picks until it closes, then one luck for all. Nothing in it is secret."""

    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("conversation_id", "opened_by", "idempotency_key"),
        UniqueConstraint("chain_id", "number"),
        Index("uq_rounds_open", "chain_id", unique=True, postgresql_where=text(STANDING)),
        Index("ix_rounds_due", "closes_at", postgresql_where=text(STANDING)),
        Index("ix_rounds_conversation_id_id", "conversation_id", "id"),
    )

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    game: Mapped[str] = mapped_column(Text)
    opened_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    idempotency_key: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(8))
    """Of what was asked for under the key."""
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    """The first instant that is too late for a pick, a whole second. Never changes."""
    chain_id: Mapped[int] = mapped_column(ForeignKey("round_chains.id"))
    """One round at a time takes a seed from each: it shows its own before the next one commits to another."""
    number: Mapped[int]
    """From 1 in its chain, without gaps."""
    genesis: Mapped[bytes] = mapped_column(LargeBinary(32))
    """The chain's, as it is proven."""
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))
    picks: Mapped[int] = mapped_column(default=0)
    """How many players have picked."""
    closed_at: Mapped[datetime | None]
    root: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Of the tree of picks: from here on they are frozen, and only now is the seed looked for."""
    drawn_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(Text)
    seed: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Shown in the end, however that came: the next round of the lane commits to it."""
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What the outcomes of all picks have in common."""


class Pick(Numbered):
    """What a player chose in a round. One that was replaced stays, so that its key means the same for ever."""

    __tablename__ = "picks"
    __table_args__ = (
        UniqueConstraint("round_id", "user_id", "idempotency_key"),
        Index("uq_picks_standing", "round_id", "user_id", unique=True, postgresql_where=text("replaced_at IS NULL")),
        Index("ix_picks_place", "round_id", "place", "id", postgresql_where=text("replaced_at IS NULL")),
        Index("ix_picks_user_id_id", "user_id", "id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    idempotency_key: Mapped[str] = mapped_column(Text)
    move: Mapped[dict[str, Any]] = mapped_column(JSONB)
    player: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Their tag, under which the pick stands in the transcript."""
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """What shows whose tag it is. Shown to the player alone, and destroyed with their account."""
    picked_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    won: Mapped[bool | None]
    prize_cents: Mapped[int | None]
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    place: Mapped[int | None]
    """On the leaderboard, from 1. Equal prizes share a place, and the next one is as much further down."""


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
