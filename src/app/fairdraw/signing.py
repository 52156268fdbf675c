"""The log's key. What it signs can be shown to anybody: checkpoints (C2SP tlog-checkpoint) and receipts."""

from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.fairdraw.hashing import Record, canonical, digest, tag

ED25519 = b"\x01"
"""The signature's type in a verifier key (C2SP signed-note)."""

RECEIPT = tag("receipt")


class LogKey:
    """The key of one log. `origin` names the log in everything that is signed."""

    def __init__(self, private: bytes, origin: str) -> None:
        self.origin = origin
        self._private = Ed25519PrivateKey.from_private_bytes(private)
        self.public = self._private.public_key().public_bytes_raw()
        self._id = digest(origin.encode() + b"\n" + ED25519 + self.public)[:4]

    @property
    def verifier_key(self) -> str:
        """What a client keeps to check signatures with."""
        return f"{self.origin}+{self._id.hex()}+{_base64(ED25519 + self.public)}"

    def checkpoint(self, size: int, root: bytes) -> str:
        """The signed note that says what the log was when it had `size` records."""
        text = f"{self.origin}\n{size}\n{_base64(root)}\n"
        return f"{text}\n— {self.origin} {_base64(self._id + self._private.sign(text.encode()))}\n"

    def receipt(self, record: Record) -> bytes:
        """The signature of a receipt. The same record always has the same one."""
        return self._private.sign(RECEIPT + canonical(record))


def _base64(data: bytes) -> str:
    return b64encode(data).decode()
