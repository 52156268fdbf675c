"""What travels over the wire. Times are UTC.

Here: ballots, draws and the log. lotteries has the lotteries themselves.
"""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from app.domain.lottery.rules import BALLOTS_PER_REQUEST
from app.fairdraw.levels import Level

State = Literal["open", "closed", "drawn", "void"]
"""Closed: it takes no more ballots and has not been drawn yet. Void: it never will be, and the log says why."""

LOTTERY_NAME = r"^[a-z0-9][a-z0-9-]{0,49}\Z"
LotteryName = Annotated[str, Meta(pattern=LOTTERY_NAME, examples=["daily"])]
Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z", examples=["9f" * 32])]
"""32 bytes in hex."""


class SubmitBallots(Struct, kw_only=True, forbid_unknown_fields=True):
    draw_date: dt.date | None = None
    """The next one to be drawn when left out."""
    lottery: LotteryName = "daily"
    count: Annotated[int, Meta(ge=1, le=BALLOTS_PER_REQUEST)] = 1
    nonces: Annotated[list[Hash], Meta(max_length=BALLOTS_PER_REQUEST)] | None = None
    """Your own random bytes, one for each ballot: with them, not even the server chose what is in your ballots."""


class WinnerView(Struct, kw_only=True):
    prize: int
    ballot_id: UUID
    username: str | None
    """Of a winner who wants to be named."""


class Assured(Struct, kw_only=True):
    """How much a draw proves. Before its open record is written: how much it would, as its lottery is now."""

    level: Level | None
    """None: the draw is older than the log."""
    level_proves: str
    level_does_not_prove: str


class DrawView(Assured, kw_only=True):
    lottery: str
    number: int
    period: str
    date: dt.date
    state: State
    opens_at: dt.datetime
    closes_at: dt.datetime
    drawn_at: dt.datetime | None
    voided_at: dt.datetime | None
    open_id: Hash | None
    """What it is committed to by its open record, once that is in the log."""
    root: Hash | None
    """Of the tree of its ballots, once they are frozen and in the log."""
    ballots: int
    prizes: int
    beacon_round: int | None
    """The round of drand's quicknet that decides, as the open record declares it. Anyone may hand it in."""
    waiting_for: list[str]
    """What the draw cannot be opened without, or once it is closed, held: `dealer alice`, `beacon round 1000`."""
    winners: list[WinnerView]


class CheckpointFrame(Struct, tag="checkpoint"):
    """What the log was when the ballots of a draw were frozen, on every open socket before the draw. Worth keeping."""

    checkpoint: str


class ClosingFrame(Struct, tag="draw_closing", kw_only=True):
    """A draw that closes in an hour, in ten minutes, or in one, on every open socket."""

    lottery: str
    number: int
    period: str
    closes_at: dt.datetime
    ballots: int


class DrawFrame(DrawView, tag="draw", kw_only=True):
    """A draw that was just held, on every open socket."""


class ReceiptRecord(Struct, kw_only=True):
    """docs/fairdraw-format.md has the bytes."""

    v: int = 1
    kind: Literal["receipt"] = "receipt"
    log: str
    lottery: str
    draw: int
    seq: int
    leaf: str
    at: int
    """Unix seconds."""


class SignedReceipt(Struct, kw_only=True):
    format: Literal["fairdraw-receipt/1"] = "fairdraw-receipt/1"
    receipt: ReceiptRecord
    signature: str
    """Ed25519, by the key of the log."""


class Inclusion(Struct, kw_only=True):
    """The proof that a ballot is one of those that were frozen."""

    close: dict[str, int | str]
    path: list[Hash]


class BallotFile(Struct, kw_only=True):
    """Everything that proves a ballot, for its owner to keep and to check with the verifier."""

    format: Literal["fairdraw-ballot/1"] = "fairdraw-ballot/1"
    receipt: ReceiptRecord
    signature: str
    user_id: int
    salt: Hash
    """Shows that the ballot is yours. It is not stored anywhere else."""
    inclusion: Inclusion | None
    """None until the ballots are frozen."""


class BallotProof(Struct, kw_only=True):
    """A ballot as everybody may see it: not whose it is."""

    seq: int
    leaf: str
    inclusion: Inclusion


class BallotView(Struct, kw_only=True):
    id: UUID
    seq: int
    draw_date: dt.date
    submitted_at: dt.datetime


class SubmittedBallot(BallotView, kw_only=True):
    receipt: SignedReceipt


class SubmittedBallots(Struct, kw_only=True):
    draw: DrawView
    ballots: list[SubmittedBallot]
    user_id: int
    salt: Hash
    """With it, `H(T("user") ‖ salt ‖ user_id)` is the tag of your ballots for this draw."""


class VoidDraw(Struct, kw_only=True, forbid_unknown_fields=True):
    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*\Z", examples=["the secret is lost"])]
    """For everybody to read."""


class NameMe(Struct, kw_only=True, forbid_unknown_fields=True):
    named: bool


class MyBallotView(BallotView, kw_only=True):
    lottery: str
    number: int
    won: bool | None
    """None until the draw was held."""
    named: bool | None
    """Are you named as a winner? None for a ballot that has not won."""
    state: State
    level: Level | None
    """Of its draw."""
    level_proves: str
    level_does_not_prove: str


class WinningBallotView(BallotView, kw_only=True):
    username: str | None


class WinningBallot(Assured, kw_only=True):
    draw_date: dt.date
    ballot: WinningBallotView | None
    """None when nobody took part."""


class DrawPage(Struct, kw_only=True):
    draws: list[DrawView]
    before: int | None
    """Give it as `before` to read on; none on the last page."""


class MyBallotPage(Struct, kw_only=True):
    ballots: list[MyBallotView]
    before: UUID | None


class LogHead(Struct, kw_only=True):
    """The log as it is now. `size` counts its records."""

    log: str
    size: int
    checkpoint: str | None
    key: str
    """The verifier's key. Keep it: who could change it could sign another log."""


class LogRecordView(Struct, kw_only=True):
    position: int
    kind: str
    logged_at: dt.datetime
    record: dict[str, Any]


class LogPage(Struct, kw_only=True):
    records: list[LogRecordView]
    next: int | None
    """Give it as `start` to read on; none at the end."""


class RecordProof(Struct, kw_only=True):
    position: int
    path: list[Hash]
    checkpoint: str


class Consistency(Struct, kw_only=True):
    """The proof that the log of the newer checkpoint begins with that of the older one."""

    format: Literal["fairdraw-consistency/1"] = "fairdraw-consistency/1"
    old: str
    new: str
    path: list[Hash]
