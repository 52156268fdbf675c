"""drand's quicknet. Round 1000 and its signature are drand's own."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py_ecc.bls import point_compression
from py_ecc.optimized_bls12_381 import add, curve_order, field_modulus, multiply

from app.fairdraw.beacon import GENESIS, PERIOD, can_check, is_signed, round_after, round_at, time_of
from app.fairdraw.draws import QUICKNET, Beacon

ROUND = 1000
SIGNATURE = bytes.fromhex(
    "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
)
RANDOMNESS = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"
GENERATOR = "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
OFF_THE_SUBGROUP = f"{0x80:02x}{4:094x}"
"""x = 4: on the curve, and not in the subgroup."""


def test_a_round_of_the_network_is_known_by_its_signature() -> None:
    assert can_check()
    assert sha256(SIGNATURE).hexdigest() == RANDOMNESS
    assert is_signed(ROUND, SIGNATURE)


@pytest.mark.parametrize("other", [999, 1001, 0, 2**64 - 1])
def test_it_is_the_signature_of_no_other_round(other: int) -> None:
    assert not is_signed(other, SIGNATURE)


@pytest.mark.parametrize("bit", [0, 1, 2, 3, 9, 100, 383])
def test_a_signature_with_one_other_bit_is_refused(bit: int) -> None:
    changed = int.from_bytes(SIGNATURE, "big") ^ 1 << (383 - bit)
    assert not is_signed(ROUND, changed.to_bytes(48, "big"))


@pytest.mark.parametrize(
    "bad",
    [
        "",
        SIGNATURE.hex()[:-2],
        "00" + SIGNATURE.hex(),
        SIGNATURE.hex() + "00",
        "c0" + "00" * 47,
        "00" * 48,
        "ff" * 48,
        GENERATOR,
        OFF_THE_SUBGROUP,
    ],
    ids=["nothing", "short", "padded", "long", "infinity", "zeros", "ones", "generator", "off the subgroup"],
)
def test_what_is_no_signature_is_refused(bad: str) -> None:
    assert not is_signed(ROUND, bytes.fromhex(bad))


def test_a_signature_that_is_moved_off_the_subgroup_is_refused_though_no_pairing_shows_it() -> None:
    """What is added has an order that divides the cofactor: it pairs with everything to 1."""
    point = point_compression.decompress_G1(int.from_bytes(SIGNATURE))
    aside = multiply(point_compression.decompress_G1(int.from_bytes(bytes.fromhex(OFF_THE_SUBGROUP))), curve_order)
    moved = point_compression.compress_G1(add(point, aside))
    assert not is_signed(ROUND, moved.to_bytes(48))


def test_a_second_encoding_is_refused_even_by_a_library_that_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one would that does not look whether x is below the field's modulus."""
    strict, signature = point_compression.decompress_G1, int.from_bytes(SIGNATURE)
    monkeypatch.setattr(point_compression, "decompress_G1", lambda z: strict(z - field_modulus if z > signature else z))
    assert is_signed(ROUND, SIGNATURE)
    assert not is_signed(ROUND, (signature + field_modulus).to_bytes(48))


def test_round_1000_was_made_when_drand_says() -> None:
    assert time_of(1) == datetime(2023, 8, 23, 15, 9, 27, tzinfo=UTC)
    assert time_of(ROUND) == datetime(2023, 8, 23, 15, 59, 24, tzinfo=UTC)


MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis adds the zone
SECOND = timedelta(seconds=1)


@given(MOMENTS, st.integers(0, 90_000))
def test_the_round_after_a_moment_is_the_first_that_is_made_later(moment: datetime, margin: int) -> None:
    declared = round_after(moment, margin)
    whole = moment.replace(microsecond=0)
    assert time_of(declared.round) > whole + margin * SECOND
    assert declared.round == 1 or time_of(declared.round - 1) <= whole + margin * SECOND
    assert isinstance(declared.round, int)
    assert declared == Beacon(QUICKNET, declared.round, GENESIS, PERIOD, margin)


@given(MOMENTS)
def test_the_round_at_a_moment_is_the_last_that_was_made(moment: datetime) -> None:
    newest = round_at(moment)
    assert isinstance(newest, int)
    assert time_of(newest + 1) > moment.replace(microsecond=0)
    assert newest == 0 or time_of(newest) <= moment
