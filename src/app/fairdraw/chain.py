"""The seed chain: each seed is the hash of the one after it, so that showing one commits to the next.

`s[n-1] = H(T("chain") ‖ u64 n ‖ s[n])`. Number n commits to `s[n-1]`, which everyone knows by then, and reveals `s[n]`.
"""

from app.fairdraw.hashing import authenticate, digest, tag, u64

STRIDE = 1024
"""Every so many seeds one is kept, so that finding any takes at most so many hashes, about half a millisecond."""

CHAIN, TAIL = tag("chain"), tag("tail")


def before(n: int, seed: bytes) -> bytes:
    """s[n-1], from s[n]."""
    return digest(CHAIN + u64(n) + seed)


def tail_of(secret: bytes, name: str) -> bytes:
    """The tail of the chain that goes by this name: as random as the secret, which is all that has to be kept."""
    return authenticate(secret, TAIL + name.encode())


class SeedChain:
    """s[0] … s[last] down from the tail s[last]. It holds secrets: never log it."""

    def __init__(self, tail: bytes, last: int) -> None:
        self.last = last
        self._kept = {last: tail}
        seed = tail
        for n in range(last, 0, -1):
            seed = before(n, seed)
            if (n - 1) % STRIDE == 0:
                self._kept[n - 1] = seed

    def seed(self, n: int) -> bytes:
        """s[n]. Raises IndexError beyond the chain's ends."""
        if not 0 <= n <= self.last:
            raise IndexError(n)
        kept = min(-(-n // STRIDE) * STRIDE, self.last)
        seed = self._kept[kept]
        for later in range(kept, n, -1):
            seed = before(later, seed)
        return seed

    def commitment(self, n: int) -> bytes:
        """What number n commits to before it reveals its seed: s[n-1]."""
        return self.seed(n - 1)
