"""A public beacon, drand's quicknet: rounds that a network signs at fixed times, and that nobody knows before.

The check of a signature needs py_ecc, the extra `beacon`, and keeps a core busy: run it apart from everything else.
"""

from datetime import UTC, datetime
from hashlib import sha256
from importlib.util import find_spec

from app.fairdraw.draws import QUICKNET, Beacon
from app.fairdraw.hashing import digest, u64

GENESIS = 1692803367
"""When round 1 was made, in Unix seconds."""
PERIOD = 3
"""Seconds from each round to the next."""
PUBLIC_KEY = bytes.fromhex(
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
    "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
    "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
"""A point on G2, compressed: two halves of 48 bytes."""

DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
SIGNATURE_BYTES = 48


def time_of(number: int) -> datetime:
    """When a round is made."""
    return datetime.fromtimestamp(GENESIS + (number - 1) * PERIOD, UTC)


def round_at(moment: datetime) -> int:
    """The last one that is made by then; 0 before the first."""
    return max((int(moment.timestamp()) - GENESIS) // PERIOD + 1, 0)


def round_after(moment: datetime, margin: int) -> Beacon:
    """The first round that is made later than so many seconds after the moment, as an open record declares it."""
    latest = int(moment.timestamp()) + margin
    number = max((latest - GENESIS) // PERIOD + 2, 1)
    return Beacon(QUICKNET, number, GENESIS, PERIOD, margin)


def can_check() -> bool:
    """Is the extra installed?"""
    return find_spec("py_ecc") is not None


def is_signed(number: int, signature: bytes) -> bool:
    """Is this the network's signature of the round? There is one only, in one encoding only. Raises ImportError.

    Were there two that pass, whoever hands it in could choose between two results. So a point off the subgroup, and one
    that is written in any other way than py_ecc would, are refused.
    """
    from py_ecc.bls.g2_primitives import subgroup_check  # noqa: PLC0415  an extra, and slow to import
    from py_ecc.bls.hash_to_curve import hash_to_G1  # noqa: PLC0415
    from py_ecc.bls.point_compression import compress_G1, decompress_G1, decompress_G2  # noqa: PLC0415
    from py_ecc.fields import optimized_bls12_381_FQ12 as FQ12  # noqa: PLC0415  its name in the field
    from py_ecc.optimized_bls12_381 import G2, final_exponentiate, neg, pairing  # noqa: PLC0415

    if len(signature) != SIGNATURE_BYTES:
        return False
    encoded = int.from_bytes(signature)
    try:
        point = decompress_G1(encoded)
    except ValueError:
        return False
    if compress_G1(point) != encoded or not subgroup_check(point):
        return False
    half = len(PUBLIC_KEY) // 2
    key = decompress_G2((int.from_bytes(PUBLIC_KEY[:half]), int.from_bytes(PUBLIC_KEY[half:])))
    message = hash_to_G1(digest(u64(number)), DOMAIN, sha256)
    signed = pairing(G2, point, False) * pairing(key, neg(message), False)  # noqa: FBT003  one exponentiation for both
    return bool(final_exponentiate(signed) == FQ12.one())
