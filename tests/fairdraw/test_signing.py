"""Checkpoints have the form of C2SP tlog-checkpoint; receipts are signed over their canonical bytes."""

from base64 import b64decode

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.fairdraw.hashing import canonical, digest, tag
from app.fairdraw.signing import LogKey

ORIGIN = "parlour.example.org/fairdraw"


@pytest.fixture
def key() -> LogKey:
    return LogKey(digest(b"a key"), ORIGIN)


def test_a_checkpoint_is_a_signed_note(key: LogKey) -> None:
    text, signature = key.checkpoint(12, digest(b"root")).split("\n\n")
    assert text == f"{ORIGIN}\n12\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I="
    dash, name, encoded = signature.split(" ")
    assert (dash, name, encoded[-1]) == ("\u2014", ORIGIN, "\n")
    id_, signed = b64decode(encoded)[:4], b64decode(encoded)[4:]
    Ed25519PublicKey.from_public_bytes(key.public).verify(signed, f"{text}\n".encode())
    assert id_ == digest(ORIGIN.encode() + b"\n\x01" + key.public)[:4]


def test_the_verifier_s_key_names_the_log_and_the_key(key: LogKey) -> None:
    name, id_, encoded = key.verifier_key.split("+", 2)
    assert name == ORIGIN
    assert b64decode(encoded) == b"\x01" + key.public
    assert id_ == digest(ORIGIN.encode() + b"\n" + b64decode(encoded))[:4].hex()


def test_a_receipt_is_signed_as_a_receipt_and_as_nothing_else(key: LogKey) -> None:
    record = {"v": 1, "kind": "receipt", "seq": 4}
    signature = key.receipt(record)
    public = Ed25519PublicKey.from_public_bytes(key.public)
    public.verify(signature, tag("receipt") + canonical(record))
    with pytest.raises(InvalidSignature):
        public.verify(signature, canonical(record))
    assert key.receipt(dict(reversed(record.items()))) == signature
