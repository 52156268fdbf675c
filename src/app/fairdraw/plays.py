"""What the luck of a play follows from: a seed that was committed to, and a nonce that came after.

The bytes are those of "Provable plays" in docs/fairdraw-format.md.
"""

from collections.abc import Callable
from itertools import count

from app.fairdraw.hashing import Record, below, canonical, digest, tag, u32, u64

PLAY, LUCK = tag("play"), tag("luck")


def entropy(
    *, game: str, player: int, epoch: int, n: int, seed: bytes, nonce: bytes, by_player: bool, move: Record
) -> bytes:
    """E. `nonce` has 32 bytes, and is the player's own or drawn by the server; `move` is without it."""
    name, made = game.encode(), canonical(move)
    numbers = u64(player) + u64(epoch) + u64(n)
    return digest(PLAY + u32(len(name)) + name + numbers + seed + bytes([by_player]) + nonce + u32(len(made)) + made)


def luck_from(drawn: bytes) -> Callable[[int], int]:
    """The luck that follows from E: each call draws the next number from 0 to below its bound, all equally likely."""
    calls = count()

    def draw(bound: int) -> int:
        return below(bound, drawn, LUCK + u32(next(calls)))

    return draw
