"""Dealers, what they have committed to, and the rounds of the public beacon that came in."""

import datetime as dt

from sqlalchemy import ForeignKey, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Numbered
from app.fairdraw.hashing import HASH_BYTES


class Dealer(Numbered):
    """Somebody with a machine of their own, whose secrets go into the draws of one lottery."""

    __tablename__ = "dealers"
    __table_args__ = (UniqueConstraint("lottery_id", "name"),)

    lottery_id: Mapped[int] = mapped_column(ForeignKey("lotteries.id"))
    name: Mapped[str] = mapped_column(String(30))
    """Never given to another key: it stands for the one that made the signatures."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Ed25519."""
    added_at: Mapped[dt.datetime]
    removed_at: Mapped[dt.datetime | None]
    """Draws that open after it go on without; one whose open record has its commitment still waits for its secret."""


class DealerCommitment(Base):
    """A dealer's for one draw, whether there is such a draw already or not."""

    __tablename__ = "dealer_commitments"

    dealer_id: Mapped[int] = mapped_column(ForeignKey("dealers.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Of the draw."""
    commitment: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    committed_at: Mapped[dt.datetime]
    place: Mapped[int | None] = mapped_column(SmallInteger)
    """Among the commitments of the draw's open record, from 0. None if it is not one of them."""
    secret: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    revealed_at: Mapped[dt.datetime | None]


class BeaconSignature(Base):
    """A round of the beacon: only ever one that was checked."""

    __tablename__ = "beacon_signatures"

    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    signature: Mapped[bytes] = mapped_column(LargeBinary(48))
    came_at: Mapped[dt.datetime]
