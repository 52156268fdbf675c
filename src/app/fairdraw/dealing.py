"""Dealers: people with a machine of their own whose secrets go into a draw. docs/fairdraw-format.md has the bytes.

A dealer keeps two things: a key, by which the operator knows them, and a master secret, from which the secret of each
draw follows. The server sees the key's public half, and each draw's secret once the draw is closed.
"""

import hmac
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.fairdraw.draws import dealer_commitment
from app.fairdraw.hashing import authenticate, canonical, tag, u64

DEAL, DEALING = tag("deal"), tag("dealing")


class Dealing(NamedTuple):
    """What a dealer signs: this is my commitment for this draw of this lottery."""

    lottery: str
    draw: int
    dealer: str
    commit: bytes

    @property
    def message(self) -> bytes:
        return DEALING + canonical(self._asdict() | {"commit": self.commit.hex()})

    def is_signed(self, public: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, self.message)
        except (InvalidSignature, ValueError):
            return False
        return True


class Hand:
    """What a dealer holds for one lottery. It holds secrets: never log it."""

    def __init__(self, private: bytes, master: bytes, *, lottery: str, name: str) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(private)
        self._master = master
        self.lottery = lottery
        self.name = name

    @classmethod
    def of_hex(cls, private: str, master: str, *, lottery: str, name: str) -> Self:
        return cls(bytes.fromhex(private), bytes.fromhex(master), lottery=lottery, name=name)

    @property
    def public(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    def secret(self, number: int) -> bytes:
        """D of a draw. Until the draw is closed in the log, nobody else may see it."""
        return authenticate(self._master, DEAL + u64(number) + self.lottery.encode())

    def commitment(self, number: int) -> bytes:
        return dealer_commitment(number, self.secret(number))

    def signature(self, number: int) -> bytes:
        """Of the commitment, so that nobody else commits in this dealer's name."""
        return self._private.sign(Dealing(self.lottery, number, self.name, self.commitment(number)).message)


def fits(commitment: bytes, number: int, secret: bytes) -> bool:
    """Is it the secret that was committed to?"""
    return hmac.compare_digest(dealer_commitment(number, secret), commitment)
