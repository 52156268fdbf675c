"""Receipts: a ballot's leaf, signed once it is stored. Whoever holds one can show that a ballot was left out."""

import msgspec

from app.domain.lottery.models import Ballot
from app.domain.lottery.schemas import ReceiptRecord, SignedReceipt
from app.fairdraw.draws import leaf
from app.fairdraw.signing import LogKey


def leaf_of(ballot: Ballot, number: int) -> bytes:
    return leaf(number, ballot.seq, ballot.user_tag, ballot.nonce, ballot.id)


def receipt_of(ballot: Ballot, lottery: str, number: int, key: LogKey) -> SignedReceipt:
    """The same ballot has the same receipt whenever it is asked for."""
    record = ReceiptRecord(
        log=key.origin,
        lottery=lottery,
        draw=number,
        seq=ballot.seq,
        leaf=leaf_of(ballot, number).hex(),
        at=int(ballot.submitted_at.timestamp()),
    )
    return SignedReceipt(receipt=record, signature=key.receipt(msgspec.to_builtins(record)).hex())
