"""Lotteries, their draws, the ballots for them, the winners, and the public log of all this."""

import datetime as dt
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    column,
    table,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Numbered
from app.domain.lottery.models import dealing  # noqa: F401  whoever knows the draws' tables knows these, too
from app.domain.lottery.rules.audience import EVERYONE
from app.fairdraw.hashing import HASH_BYTES

usernames = table("users", column("id", BigInteger), column("username", String))
"""What this slice reads of accounts: a winner's name, joined in SQL."""


class Lottery(Numbered):
    """Prizes, cap, audience and zone are the terms of the draws that open from now on; open draws keep theirs."""

    __tablename__ = "lotteries"
    __table_args__ = (
        CheckConstraint("cadence ~ '^(daily|weekly:[a-z]+|minutes:[0-9]+)$'", name="cadence_known"),
        CheckConstraint("prizes BETWEEN 1 AND 100", name="prizes_bounded"),
        CheckConstraint("ballots_per_user > 0", name="ballots_per_user_bounded"),
    )

    name: Mapped[str] = mapped_column(String(50), unique=True)
    title: Mapped[str | None] = mapped_column(String(100))
    cadence: Mapped[str] = mapped_column(String(20))
    """Never changes: it is what the names of its periods mean."""
    zone: Mapped[str] = mapped_column(String(50))
    """IANA name."""
    prizes: Mapped[int]
    ballots_per_user: Mapped[int | None]
    """For each draw; None for as many as the setting allows."""
    audience: Mapped[str] = mapped_column(String(30), server_default=EVERYONE)
    """`everyone`, `verified`, or `group:` and the id of its conversation."""
    fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Of what was asked when it was created; None for those that the server creates itself."""
    beacon_margin: Mapped[int | None]
    """So many seconds after its close, at least, the beacon's round is made that a draw waits for. None: no beacon."""
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    """An ended lottery opens no draws and takes no ballots; what is open is still drawn."""


class Chain(Numbered):
    """A seed chain of a lottery, of which only the commitment is here. Its seeds follow from the draw secret."""

    __tablename__ = "seed_chains"
    __table_args__ = (UniqueConstraint("lottery_id", "generation"),)

    lottery_id: Mapped[int] = mapped_column(ForeignKey("lotteries.id"))
    generation: Mapped[int]
    """From 1; the newest is in use."""
    first: Mapped[int]
    """The number of the first draw that is held under it."""
    last: Mapped[int]
    commitment: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    """s[0] of the first generation, s[first-1] of the later ones: as the log has it."""
    began_at: Mapped[dt.datetime]


class Draw(Numbered):
    """One draw, from the moment that it takes ballots. All that decides its result is fixed when it opens or closes."""

    __tablename__ = "draws"
    __table_args__ = (
        UniqueConstraint("lottery_id", "period"),
        UniqueConstraint("lottery_id", "number"),
        Index(
            "ix_draws_unfinished",
            "lottery_id",
            "number",
            postgresql_where=text("drawn_at IS NULL AND voided_at IS NULL"),
        ),
    )

    lottery_id: Mapped[int] = mapped_column(ForeignKey("lotteries.id"))
    number: Mapped[int]
    """From 1 in every lottery, without gaps, in the order in which they open and in which they close."""
    period: Mapped[str] = mapped_column(String(20))
    date: Mapped[dt.date]
    zone: Mapped[str] = mapped_column(String(50))
    prizes: Mapped[int]
    ballots_per_user: Mapped[int | None]
    audience: Mapped[str] = mapped_column(String(30), server_default=EVERYONE)
    opens_at: Mapped[dt.datetime]
    """When it was opened; `closes_at` for a date that had passed by then."""
    closes_at: Mapped[dt.datetime]
    """The first instant that is too late for a ballot. Never changes."""
    ballots: Mapped[int] = mapped_column(server_default="0")
    """How many there are, and so the next ballot's seq."""
    attempts: Mapped[int] = mapped_column(server_default="0")
    last_attempt_at: Mapped[dt.datetime | None]
    open_id: Mapped[bytes | None] = mapped_column(LargeBinary(HASH_BYTES))
    """Of its open record. Ballots are taken before there is one."""
    level: Mapped[int | None] = mapped_column(SmallInteger)
    """That its open record says: `app.fairdraw.levels`."""
    beacon_round: Mapped[int | None]
    """That its open record declares."""
    frozen_at: Mapped[dt.datetime | None]
    """When the last ballot had been taken, whatever other clocks say."""
    root: Mapped[bytes | None] = mapped_column(LargeBinary(HASH_BYTES))
    """Of the tree of its ballots."""
    close_id: Mapped[bytes | None] = mapped_column(LargeBinary(HASH_BYTES))
    drawn_at: Mapped[dt.datetime | None]
    voided_at: Mapped[dt.datetime | None]
    """It has no result and never will."""


class DrawAlert(Base):
    """That the operators were alerted about a draw: once for each reason."""

    __tablename__ = "draw_alerts"
    __table_args__ = (PrimaryKeyConstraint("draw_id", "reason"),)

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"))
    reason: Mapped[str] = mapped_column(String(20))
    """One of `rules.alerts.Reason`."""
    alerted_at: Mapped[dt.datetime]


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
    user_tag: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    """Whose it is, to whoever knows the salt."""
    nonce: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    submitted_at: Mapped[dt.datetime]


class Salt(Base):
    """What ties the tags of somebody's ballots for a draw to them. It goes with the account."""

    __tablename__ = "ballot_salts"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))


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
    nonces: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The client's own, one after the other."""


class Winner(Base):
    __tablename__ = "winners"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    prize: Mapped[int] = mapped_column(primary_key=True)
    """From 0, in the order that they were drawn."""
    ballot_id: Mapped[UUID] = mapped_column(ForeignKey("ballots.id"), unique=True)
    named: Mapped[bool] = mapped_column(server_default=text("false"))
    """Do they want to be named?"""


class LogRecord(Base):
    """One record of the log, as its canonical bytes. PostgreSQL lets nobody change or remove one."""

    __tablename__ = "log_records"
    __table_args__ = (
        Index(
            "uq_log_records_of_draw",
            "lottery_id",
            "number",
            "kind",
            unique=True,
            postgresql_where=text("kind NOT IN ('genesis', 'rekey')"),
        ),
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 0, without gaps."""
    kind: Mapped[str] = mapped_column(String(10))
    lottery_id: Mapped[int] = mapped_column(ForeignKey("lotteries.id"))
    number: Mapped[int]
    """Of the draw, or of the first draw of a chain."""
    body: Mapped[str] = mapped_column(Text)
    logged_at: Mapped[dt.datetime] = mapped_column(server_default=text("now()"))


class Checkpoint(Base):
    """What the log was when it had so many records, signed."""

    __tablename__ = "checkpoints"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)


class TreeNode(Base):
    """A complete subtree of the log, or of a draw's ballots: of these only those of a tile or more."""

    __tablename__ = "tree_nodes"

    tree: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """A draw's id, or 0 for the log."""
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
