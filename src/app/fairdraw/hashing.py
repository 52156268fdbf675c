"""The bytes of fairdraw/1: integers are big-endian, every hash names what it is of."""

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

FORMAT = "fairdraw/1"
HASH_BYTES = 32
BEYOND_U64 = 1 << 64

Record = Mapping[str, Any]
"""A JSON object of integers, strings, null, and lists and objects of these."""


def digest(data: bytes) -> bytes:
    """H: SHA-256."""
    return sha256(data).digest()


def authenticate(key: bytes, data: bytes) -> bytes:
    """HMAC-SHA-256."""
    return hmac.digest(key, data, sha256)


def tag(name: str) -> bytes:
    """T: keeps a hash of one kind from standing for another."""
    return f"{FORMAT}/{name}\0".encode()


def u32(number: int) -> bytes:
    return number.to_bytes(4)


def u64(number: int) -> bytes:
    return number.to_bytes(8)


def below(bound: int, key: bytes, label: bytes) -> int:
    """Uniform among 0 … bound-1: from `HMAC(key, label ‖ u64 j)`, passing over what would favour the lower numbers."""
    fair = BEYOND_U64 - BEYOND_U64 % bound
    attempt = 0
    while True:
        x = int.from_bytes(authenticate(key, label + u64(attempt))[:8])
        if x < fair:
            return x % bound
        attempt += 1


def canonical(record: Record) -> bytes:
    """The one way to write a record: sorted keys, no spaces, ASCII. Raises ValueError for a float, which has many."""
    _refuse_floats(record)
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise ValueError("a record holds integers only")  # noqa: TRY004  what is wrong is the record, not its type
    for part in value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ():
        _refuse_floats(part)
