"""What a draw consists of, and what follows from it: leaves, records, entropy, winners. docs/fairdraw-format.md."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.fairdraw.hashing import Record, below, canonical, digest, tag, u32, u64

V = 1
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
"""The chain hash of drand's network."""

BALLOT, USER, OPEN, CLOSE, ENTROPY, PICK, DEALER = map(
    tag, ("ballot", "user", "open", "close", "entropy", "pick", "dealer")
)


class Beacon(NamedTuple):
    """A round of a public network, that nobody knows before its time."""

    net: str
    round: int
    genesis: int
    period: int
    margin: int


class BeaconRound(NamedTuple):
    round: int
    signature: bytes


def user_tag(salt: bytes, user_id: int) -> bytes:
    """Says whose a ballot is to whoever knows the salt, and to nobody else."""
    return digest(USER + salt + u64(user_id))


def leaf(number: int, seq: int, tagged: bytes, nonce: bytes, ballot_id: UUID) -> bytes:
    return BALLOT + u64(number) + u64(seq) + tagged + nonce + ballot_id.bytes


def dealer_commitment(number: int, secret: bytes) -> bytes:
    return digest(DEALER + u64(number) + secret)


def genesis_record(lottery: str, first: int, last: int, seed: bytes) -> Record:
    """`seed` is s[0]."""
    return {"v": V, "kind": "genesis", "lottery": lottery, "first": first, "last": last, "seed_commit": seed.hex()}


def rekey_record(lottery: str, first: int, last: int, seed: bytes, reason: str) -> Record:
    """`seed` is s[first-1] of the new chain."""
    numbers = {"first": first, "last": last, "seed_commit": seed.hex()}
    return {"v": V, "kind": "rekey", "lottery": lottery, "reason": reason, **numbers}


def open_record(
    *,
    lottery: str,
    number: int,
    day: date,
    zone: str,
    opens_at: datetime,
    closes_at: datetime,
    prizes: int,
    commitment: bytes,
    dealers: Sequence[bytes] = (),
    beacon: Beacon | None = None,
) -> Record:
    return {
        "v": V,
        "lottery": lottery,
        "draw": number,
        "date": day.isoformat(),
        "tz": zone,
        "opens_at": int(opens_at.timestamp()),
        "closes_at": int(closes_at.timestamp()),
        "prizes": prizes,
        "seed_commit": commitment.hex(),
        "dealers": [dealer.hex() for dealer in dealers],
        "beacon": beacon._asdict() if beacon else None,
    }


def open_id(record: Record) -> bytes:
    return digest(OPEN + canonical(record))


def close_record(number: int, opened: bytes, count: int, root: bytes) -> Record:
    return {"v": V, "draw": number, "open_id": opened.hex(), "count": count, "root": root.hex()}


def close_id(record: Record) -> bytes:
    return digest(CLOSE + canonical(record))


def result_record(
    number: int,
    closed: bytes,
    seed: bytes,
    winners: Sequence[int],
    dealers: Sequence[bytes] = (),
    beacon: BeaconRound | None = None,
) -> Record:
    return {
        "v": V,
        "draw": number,
        "close_id": closed.hex(),
        "seed": seed.hex(),
        "dealers": [dealer.hex() for dealer in dealers],
        "beacon": {"round": beacon.round, "signature": beacon.signature.hex()} if beacon else None,
        "winners": list(winners),
    }


def void_record(lottery: str, number: int, opened: bytes | None, closed: bytes | None, reason: str) -> Record:
    ids: dict[str, Any] = {"open_id": opened.hex() if opened else None, "close_id": closed.hex() if closed else None}
    return {"v": V, "kind": "void", "lottery": lottery, "draw": number, "reason": reason, **ids}


def entropy(closed: bytes, seed: bytes, dealers: Iterable[bytes] = (), beacon: BeaconRound | None = None) -> bytes:
    """E: nothing that went into it can change any more, and each source alone would make it unforeseeable."""
    sources = [seed, *dealers]
    if beacon:
        sources.append(digest(beacon.signature))
    return digest(ENTROPY + closed + b"".join(u32(len(source)) + source for source in sources))


def pick(drawn: bytes, number: int, prizes: int, ballots: int) -> list[int]:
    """The winning seqs, one per prize in order of prizes, out of 0 … ballots-1: each drawn from those that remain.

    `drawn` is E. The list of remaining ballots is never built, so that a draw of millions of them costs nothing.
    """
    winners: list[int] = []
    for prize in range(min(prizes, ballots)):
        place = below(ballots - prize, drawn, PICK + u64(number) + u32(prize))
        for seq in sorted(winners):
            if seq > place:
                break
            place += 1
        winners.append(place)
    return winners
