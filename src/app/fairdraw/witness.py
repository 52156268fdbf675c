"""Following a log from its first record: whoever does it notices when something that they saw is changed or taken back.

A witness keeps the log's size and the hashes of its complete subtrees, which is enough to grow the tree by the records
that came since. If the server's next checkpoint is not of that tree, the log is not the one that was seen before.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.fairdraw.hashing import Record, canonical, digest
from app.fairdraw.signing import ED25519
from app.fairdraw.tree import Frontier, leaf_hash


class Distrusted(Exception):
    """The log does not hold what it promises. Its sentence is for people."""


class Head(NamedTuple):
    """What a checkpoint says."""

    size: int
    root: bytes


class VerifierKey(NamedTuple):
    origin: str
    public: bytes

    @classmethod
    def parse(cls, written: str) -> "VerifierKey":
        """Raises Distrusted."""
        origin, _, rest = written.partition("+")
        key_id, _, encoded = rest.partition("+")
        key = decoded(encoded)
        public = key[1:]
        if key[:1] != ED25519 or key_id != id_of(origin, public).hex():
            raise Distrusted("That is not the key of a log.")
        return cls(origin, public)

    def read(self, note: str) -> Head:
        """The head that a checkpoint signed by this key tells. Raises Distrusted."""
        text, _, signature = note.partition("\n\n")
        text += "\n"
        mark, _, signed = signature.removesuffix("\n").rpartition(" ")
        found = decoded(signed)
        if mark != f"— {self.origin}" or found[:4] != id_of(self.origin, self.public):
            raise Distrusted("The checkpoint is signed by another key.")
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(found[4:], text.encode())
        except (InvalidSignature, ValueError):
            raise Distrusted("The signature of the checkpoint is wrong.") from None
        match text.splitlines():
            case [self.origin, size, root] if size.isdecimal():
                return Head(int(size), decoded(root))
        raise Distrusted("The checkpoint is of another log.")


class Witness:
    def __init__(self, key: VerifierKey, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.key = key
        self.frontier = Frontier(size, list(peaks))

    def sees(self, note: str, records: Iterable[Record]) -> None:
        """The records since the last time, and the checkpoint of the log with them.

        Raises Distrusted, also for a log that has become shorter, and is then spent.
        """
        head = self.key.read(note)
        for record in records:
            self.frontier.append(leaf_hash(canonical(record)))
        if (head.size, head.root) != (self.frontier.size, self.frontier.root):
            raise Distrusted("The log is not the one that was seen before: records were changed, or taken back.")


def id_of(origin: str, public: bytes) -> bytes:
    return digest(origin.encode() + b"\n" + ED25519 + public)[:4]


def decoded(written: str) -> bytes:
    """Raises Distrusted."""
    try:
        return b64decode(written, validate=True)
    except (NotBase64, ValueError):
        raise Distrusted("The log's key or checkpoint cannot be read.") from None
