"""Dealers' secrets, commitments and signatures."""

import hmac

from hypothesis import given
from hypothesis import strategies as st

from app.fairdraw.dealing import Dealing, Hand, fits
from app.fairdraw.draws import dealer_commitment
from app.fairdraw.hashing import digest

BYTES = st.binary(min_size=32, max_size=32)
NUMBERS = st.integers(1, 2**63 - 1)


def hand(key: bytes = digest(b"key"), master: bytes = digest(b"master"), lottery: str = "daily") -> Hand:
    return Hand(key, master, lottery=lottery, name="alice")


def test_the_secret_of_a_draw_is_as_it_is_written_down() -> None:
    written = b"fairdraw/1/deal\0" + bytes([0, 0, 0, 0, 0, 0, 0, 7]) + b"daily"
    assert hand().secret(7) == hmac.digest(digest(b"master"), written, "sha256")
    assert hand().commitment(7) == dealer_commitment(7, hand().secret(7))


@given(BYTES, BYTES)
def test_a_hand_that_was_written_down_in_hex_is_the_same_hand(key: bytes, master: bytes) -> None:
    ours = hand(key, master)
    read = Hand.of_hex(key.hex(), master.hex(), lottery="daily", name="alice")
    assert (read.lottery, read.name, read.public) == (ours.lottery, ours.name, ours.public)
    assert (read.secret(7), read.signature(7)) == (ours.secret(7), ours.signature(7))


@given(BYTES, NUMBERS, NUMBERS)
def test_each_draw_and_each_lottery_has_a_secret_of_its_own(master: bytes, number: int, other: int) -> None:
    ours = hand(master=master)
    assert (ours.secret(number) == ours.secret(other)) == (number == other)
    assert ours.secret(number) != hand(master=master, lottery="weekly").secret(number)


@given(BYTES, NUMBERS, BYTES)
def test_a_commitment_fits_its_own_secret_and_draw_only(master: bytes, number: int, other: bytes) -> None:
    ours = hand(master=master)
    commitment, secret = ours.commitment(number), ours.secret(number)
    assert fits(commitment, number, secret)
    assert not fits(commitment, number, other)
    assert not fits(commitment, number - 1, secret)


@given(BYTES, NUMBERS, st.sampled_from(["lottery", "draw", "dealer", "commit", "signature", "key"]))
def test_a_signature_is_good_for_exactly_what_it_signed(key: bytes, number: int, changed: str) -> None:
    ours = hand(key)
    dealing, signature = Dealing("daily", number, "alice", ours.commitment(number)), ours.signature(number)
    assert dealing.is_signed(ours.public, signature)
    match changed:
        case "key":
            assert not dealing.is_signed(digest(key), signature)
        case "signature":
            assert not dealing.is_signed(ours.public, signature[:-1] + bytes([signature[-1] ^ 1]))
        case _:
            others = {"lottery": "weekly", "draw": number - 1, "dealer": "bob", "commit": digest(b"another")}
            forged = dealing._replace(**{changed: others[changed]})  # type: ignore[arg-type]  # each of its field's type
            assert not forged.is_signed(ours.public, signature)
