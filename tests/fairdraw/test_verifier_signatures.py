"""Ed25519 of RFC 8032, strictly; keys and checkpoints as C2SP signed notes."""

import base64

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fairdraw.conftest import Verify
from tests.fairdraw.making import Drawn, LogKey, genesis, h

from app.fairdraw.verifier import ORDER, P, Refused, is_signed, multiplied, read_key, to_bytes, to_point

# RFC 8032, 7.1, tests 1 to 3.
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
)


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_rfc(public: str, message: str, signature: str) -> None:
    key, said, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert is_signed(key, said, signed)
    assert not is_signed(key, said + b"!", signed)


@settings(max_examples=15, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 511))
def test_it_agrees_with_cryptography(secret: bytes, message: bytes, bit: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(secret)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert is_signed(public, message, signature)
    changed = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big")
    assert not is_signed(public, message, changed)
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(public).verify(changed, message)


@pytest.mark.parametrize("beyond", [0, 1, 1000])
def test_a_signature_has_one_form(beyond: int) -> None:
    """S and S plus the order are the same number to the curve. Only the first is a signature."""
    public, message, signature = (bytes.fromhex(part) for part in VECTORS[1])
    s = int.from_bytes(signature[32:], "little")
    assert not is_signed(public, message, signature[:32] + (s + ORDER).to_bytes(32, "little"))
    assert not is_signed(public, message, signature[:32] + (ORDER + beyond).to_bytes(32, "little"))


def test_an_s_of_exactly_the_order_is_no_signature() -> None:
    """With the neutral point as key, S = 0 signs everything, and R is the neutral point. S = order would do as well."""
    neutral = (1).to_bytes(32, "little")
    assert is_signed(neutral, b"anything", neutral + bytes(32))
    assert not is_signed(neutral, b"anything", neutral + ORDER.to_bytes(32, "little"))


@settings(max_examples=20, deadline=None)
@given(st.integers(1, ORDER - 1))
def test_a_point_is_read_as_it_is_written(factor: int) -> None:
    base = to_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    written = to_bytes(multiplied(factor, base))
    assert to_bytes(to_point(written)) == written


@pytest.mark.parametrize(
    "number",
    [
        P,  # 0, as P + 0
        P + 1,  # 1, as P + 1
        2**255 - 1,  # 18, as P + 18
        1 + 2**255,  # x = 0 with a sign
        P - 1 + 2**255,  # x = 0 with a sign
        2,  # x would be no number
    ],
)
def test_what_the_rfc_does_not_write_is_no_point(number: int) -> None:
    with pytest.raises(Refused, match="the public key is no point of Ed25519"):
        to_point(number.to_bytes(32, "little"))


@pytest.mark.parametrize("y", [1, P - 1])
def test_an_x_of_zero_is_a_point_without_its_sign(y: int) -> None:
    assert to_bytes(to_point(y.to_bytes(32, "little"))) == y.to_bytes(32, "little")


def key_text(origin: str, typed: bytes, number: bytes | None = None) -> str:
    number = h(origin.encode(), b"\x0a", typed)[:4] if number is None else number
    return f"{origin}+{number.hex()}+{base64.b64encode(typed).decode()}"


def test_a_key_is_read(key: LogKey) -> None:
    assert read_key(str(key)) == (key.origin, key.id, key.public) == read_key(f"{key}\n")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "the key is not of the form <origin>+<8 hex digits>+<base64>"),
        (str(LogKey()).upper(), "the key is not of the form <origin>+<8 hex digits>+<base64>"),
        (f" {LogKey()}", "the key is not of the form <origin>+<8 hex digits>+<base64>"),
        (f"{LogKey()}\n\n", "the key is not of the form <origin>+<8 hex digits>+<base64>"),
        (key_text("a b", b"\x01" + LogKey().public), "the key is not of the form <origin>+<8 hex digits>+<base64>"),
        (key_text("a", b"\x02" + LogKey().public), "the key is not one of Ed25519"),
        (key_text("a", b"\x01" + LogKey().public, bytes(4)), "the key has another id than it says"),
        (key_text("a", b"\x01" + bytes([2]) + bytes(31)), "the public key is no point of Ed25519"),
    ],
)
def test_what_is_no_key_is_refused(text: str, wrong: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_key(text)
    assert str(refusal.value) == wrong


def test_a_checkpoint_is_checked_with_its_key(verify: Verify, key: LogKey) -> None:
    verdict = verify(key.note(3, bytes(32)), key)
    assert verdict.code == 0
    assert verdict.said == (
        "1:\n"
        '  ok  the checkpoint is signed by "draws.example.org/fairdraw"\n'
        "  ok  the checkpoint is of 3 records\n"
        "All of this holds.\n"
    )


def test_the_largest_checkpoint_is_of_64_bits(verify: Verify, key: LogKey) -> None:
    assert verify(key.note(2**64 - 1, bytes(32)), key).code == 0
    assert verify(key.note(2**64, bytes(32)), key).refusal == "the checkpoint is of more than 2^64-1 records"


def test_without_a_key_whatever_is_signed_fails_unless_told_otherwise(verify: Verify, key: LogKey) -> None:
    refused = "the checkpoint is signed: check it with --key, or leave it unchecked with --unsigned"
    assert verify(key.note(3, bytes(32))).refusal == refused
    verdict = verify(key.note(3, bytes(32)), "--unsigned")
    assert verdict.code == 0
    assert verdict.said == (
        "1:\n"
        "  --  NOT CHECKED: the signature of the checkpoint\n"
        "  ok  the checkpoint is of 3 records\n"
        "This holds, but for what was NOT CHECKED (1).\n"
    )


def test_it_counts_what_it_did_not_check(verify: Verify, key: LogKey) -> None:
    said = verify(key.note(3, bytes(32)), key.note(4, bytes(32)), "--unsigned").said
    assert said.endswith("This holds, but for what was NOT CHECKED (2).\n")


def test_a_checkpoint_of_another_log_or_key_is_refused(verify: Verify, key: LogKey, drawn: Drawn) -> None:
    elsewhere = LogKey("elsewhere.example/fairdraw")
    note = key.note(1, bytes(32))
    assert verify(note, elsewhere).refusal == "the checkpoint is signed with another key"
    assert verify(note, LogKey(secret=h(b"another"))).refusal == "the checkpoint is signed with another key"
    assert verify(note.replace(f"\u2014 {key.origin}", "\u2014 elsewhere"), key).refusal == (
        'the checkpoint is of "draws.example.org/fairdraw", its signature of "elsewhere"'
    )
    assert verify(note.replace("\n1\n", "\n2\n"), key).refusal == "the checkpoint is not signed with this key"
    renamed = note.replace(key.origin, elsewhere.origin)
    assert verify(renamed, key).refusal == (
        'the checkpoint is of "elsewhere.example/fairdraw", the key of "draws.example.org/fairdraw"'
    )


def test_base64_has_one_form(verify: Verify, key: LogKey) -> None:
    """The last digit of a root holds two bits that stand for nothing."""
    note = key.note(1, bytes(32))
    root = base64.b64encode(bytes(32)).decode()
    other = root[:-2] + "B="
    assert base64.b64decode(other) == bytes(32)
    assert verify(note.replace(root, other), "--unsigned").refusal == f"{other} is not how base64 is written"


def test_a_log_that_has_a_checkpoint_of_another_form_is_refused(verify: Verify, key: LogKey) -> None:
    log = key.log([])
    form = "the checkpoint is not of the form origin, size, root, empty line, signature"
    for wrong in ("", "draws", log["checkpoint"][:-1], f"{log['checkpoint']}\u2014 a b\n", log["checkpoint"] + "\n"):
        assert verify({**log, "checkpoint": wrong}, key).refusal == form


def test_a_proof_of_consistency_is_checked(verify: Verify, key: LogKey, seeds: list[bytes], drawn: Drawn) -> None:
    records = [genesis(seeds), *drawn.records]
    for old in range(5):
        assert verify(key.consistency(old, records), key).code == 0
    said = verify(key.consistency(3, records), key).said
    assert said == (
        "1:\n"
        '  ok  the old checkpoint is signed by "draws.example.org/fairdraw"\n'
        "  ok  the old checkpoint is of 3 records\n"
        '  ok  the new checkpoint is signed by "draws.example.org/fairdraw"\n'
        "  ok  the new checkpoint is of 4 records\n"
        "  ok  the new log begins with the old one\n"
        "  ok  the proof of consistency is of these 3 records\n"
        "  ok  the proof of consistency is of these 4 records\n"
        "All of this holds.\n"
    )


def test_a_proof_that_proves_something_else_is_refused(
    verify: Verify, key: LogKey, seeds: list[bytes], drawn: Drawn
) -> None:
    records = [genesis(seeds), *drawn.records]
    proof, other = key.consistency(3, records), LogKey("elsewhere.example/fairdraw")
    swapped = {**proof, "old": proof["new"], "new": proof["old"]}
    assert verify(swapped, key).refusal == "the old checkpoint is of more records than the new one"
    two = {**proof, "old": other.checkpoint(records[:3])}
    assert verify(two, "--unsigned").refusal == "the checkpoints are of two logs"
    forged = {**proof, "old": key.note(3, bytes(32))}
    assert verify(forged, key).refusal == "the new log does not begin with the old one"
    same = {**proof, "old": key.note(4, bytes(32)), "path": []}
    assert verify(same, key).refusal == "the new log does not begin with the old one"
    empty = key.consistency(0, records)
    assert verify({**empty, "path": proof["path"]}, key).refusal == "the proof is too long"
    assert (
        verify({**empty, "old": key.note(0, bytes(32))}, key).refusal == "the new log does not begin with the old one"
    )


def test_a_kept_checkpoint_is_one_of_those_that_the_proof_is_of(
    verify: Verify, key: LogKey, seeds: list[bytes], drawn: Drawn
) -> None:
    records = [genesis(seeds), *drawn.records]
    proof = key.consistency(3, records)
    for kept in (proof["old"], proof["new"]):
        assert verify(proof, "--checkpoint", kept, key).code == 0
    other = verify(proof, "--checkpoint", key.checkpoint(records[:2]), key)
    assert other.refusal == "the proof of consistency is of other checkpoints"


def test_two_checkpoints_of_as_many_records_agree(verify: Verify, key: LogKey) -> None:
    one, other = key.note(3, bytes(32)), key.note(3, h(b"other"))
    assert verify(one, one, key).code == 0
    assert verify(one, key.note(4, h(b"other")), key).code == 0
    assert verify(one, other, key).refusal == (
        'another file says otherwise of 3 records of "draws.example.org/fairdraw"'
    )


def test_a_checkpoint_that_has_to_begin_a_log_needs_one(verify: Verify, key: LogKey) -> None:
    refused = "there is nothing to hold this against: give the log"
    assert verify(key.note(3, bytes(32)), "--checkpoint", key.note(3, bytes(32)), key).refusal == refused
