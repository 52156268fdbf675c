"""A draw that waits for drand's quicknet. Round 1000 and its signature are those that the network published."""

import sys
from typing import Any

import pytest
from tests.fairdraw.conftest import Verify
from tests.fairdraw.making import Drawn, Json, LogKey, changed, genesis, h

from app.fairdraw import verifier

NET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
SIGNATURES = {
    123: "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92",
    1000: "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
}
AT = 1692803367 + 999 * 3
"""When round 1000 came."""
MARGIN = 60
BEACON = {"net": NET, "round": 1000, "genesis": 1692803367, "period": 3, "margin": MARGIN}
CLOSES_AT = AT - MARGIN - 1
WITHOUT = "checking the beacon takes py_ecc; --beacon-unchecked leaves it unchecked"


def waited(seeds: list[bytes], signature: str = SIGNATURES[1000], closes_at: int = CLOSES_AT, **others: Any) -> Drawn:  # noqa: ANN401  any JSON
    signed, beacon = bytes.fromhex(signature), {**BEACON, **others}
    return Drawn(seeds, beacon=beacon, signature=signed, opens_at=closes_at - 60, closes_at=closes_at)


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("g2_primitives", "hash_to_curve", "point_compression"):
        monkeypatch.setitem(sys.modules, f"py_ecc.bls.{module}", None)


@pytest.fixture
def any_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier, "check_beacon_signature", lambda *_: None)


def test_the_known_round_is_known(seeds: list[bytes]) -> None:
    randomness = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"
    assert h(bytes.fromhex(SIGNATURES[1000])).hex() == randomness


def test_what_quicknet_signed_is_accepted() -> None:
    terms = verifier.Terms()
    verifier.check_beacon_signature(123, bytes.fromhex(SIGNATURES[123]), terms)
    assert not terms.unchecked


def test_a_beacon_makes_level_2(verify: Verify, seeds: list[bytes]) -> None:
    verdict = verify(waited(seeds).transcript)
    assert verdict.code == 0
    assert (
        "  ok  its 5 ballots are those of the close\n"
        "  ok  round 1000 of the beacon is the one that the open declares, and later than the close\n"
        "  ok  the close is of this open, and the result of this close\n"
    ) in verdict.said
    assert (
        "  level 2: nobody knew the winners before the close. But this does not stop the operator from dating a close "
        "back, unless somebody kept the checkpoint that was published with it.\n"
        "All of this holds.\n"
    ) in verdict.said


def test_the_log_checks_beacons_too(verify: Verify, key: LogKey, seeds: list[bytes]) -> None:
    forged = key.log([genesis(seeds), *waited(seeds, "00" * 48).records])
    assert verify(forged, key).refusal == "record 3: the signature of the beacon is no point"


@pytest.mark.usefixtures("any_signature")
def test_the_log_tells_the_level(verify: Verify, key: LogKey, seeds: list[bytes]) -> None:
    log = key.log([genesis(seeds), *waited(seeds).records])
    assert 'draw 1 of "daily": level 2, 5 ballots' in verify(log, key).said


@pytest.mark.parametrize(
    ("signature", "wrong"),
    [
        (SIGNATURES[123], "the signature of the beacon is not quicknet's for this round"),
        ("94" + SIGNATURES[1000][2:], "the signature of the beacon is not quicknet's for this round"),  # Its negative.
        ("c0" + "00" * 47, "the signature of the beacon is not quicknet's for this round"),  # The neutral point.
        ("80" + "00" * 46 + "01", "the signature of the beacon is no point"),
        ("00" * 48, "the signature of the beacon is no point"),
        ("ff" * 48, "the signature of the beacon is no point"),
    ],
)
def test_a_signature_of_another_round_or_form_is_refused(
    verify: Verify, seeds: list[bytes], signature: str, wrong: str
) -> None:
    """The winners fit the forged signature, so that only the signature shows it."""
    assert verify(waited(seeds, signature).transcript).refusal == wrong


def test_a_point_outside_the_group_is_no_signature() -> None:
    """4 is the x of a point on the curve. The group is a small part of the curve, and a pairing says nothing beyond."""
    with pytest.raises(verifier.Refused, match="is not quicknet's for this round"):
        verifier.check_beacon_signature(1000, (4 | 1 << 383).to_bytes(48), verifier.Terms())


def test_the_library_does_not_take_away_the_guard_against_deep_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """It raises the limit of recursion to 100,000 when it is imported, and a stack does not hold as many calls."""
    for module in [name for name in sys.modules if name.partition(".")[0] == "py_ecc"]:
        monkeypatch.delitem(sys.modules, module)
    limit = sys.getrecursionlimit()
    with pytest.raises(verifier.Refused):
        verifier.check_beacon_signature(123, bytes(48), verifier.Terms())
    assert "py_ecc" in sys.modules
    assert sys.getrecursionlimit() == limit < 10_000


@pytest.mark.parametrize(
    ("others", "wrong"),
    [
        ({"net": "00" * 32}, "the beacon is not drand's quicknet"),
        ({"genesis": 1692803368}, "the beacon is not drand's quicknet"),
        ({"period": 4}, "the beacon is not drand's quicknet"),
        ({"closes_at": CLOSES_AT + 1}, "the round of the beacon is not later than close and margin"),
        ({"margin": MARGIN + 1}, "the round of the beacon is not later than close and margin"),
        ({"round": 999}, "the round of the beacon is not later than close and margin"),
    ],
)
@pytest.mark.usefixtures("any_signature")
def test_the_network_is_pinned_and_the_round_comes_after_the_close(
    verify: Verify, seeds: list[bytes], others: Json, wrong: str
) -> None:
    assert verify(waited(seeds).transcript).code == 0
    assert verify(waited(seeds, **others).transcript).refusal == wrong


@pytest.mark.parametrize(
    ("where", "to", "wrong"),
    [
        ("result.beacon.round", 1001, "the round of the beacon is not the one that the open declares"),
        ("result.beacon", None, "the beacon stands in one of open and result only"),
        ("open.beacon", None, "the beacon stands in one of open and result only"),
        ("result.beacon.signature", SIGNATURES[123], "other ballots have won"),
    ],
)
@pytest.mark.usefixtures("any_signature")
def test_a_change_is_named(verify: Verify, seeds: list[bytes], where: str, to: Any, wrong: str) -> None:  # noqa: ANN401  any JSON
    assert verify(changed(waited(seeds).transcript, where, to)).refusal == wrong


@pytest.mark.usefixtures("no_library")
def test_without_the_library_it_fails_unless_told_otherwise(verify: Verify, seeds: list[bytes]) -> None:
    transcript = waited(seeds).transcript
    assert verify(transcript).refusal == WITHOUT
    verdict = verify(transcript, "--beacon-unchecked")
    assert verdict.code == 0
    assert "  --  NOT CHECKED: the signature of the beacon, for want of py_ecc\n" in verdict.said
    assert verdict.said.endswith("This holds, but for what was NOT CHECKED (1).\n")


@pytest.mark.usefixtures("no_library")
def test_the_log_fails_unless_told_otherwise_too(verify: Verify, key: LogKey, seeds: list[bytes]) -> None:
    log = key.log([genesis(seeds), *waited(seeds).records])
    assert verify(log, key).refusal == f"record 3: {WITHOUT}"
    assert verify(log, key, "--beacon-unchecked").code == 0


@pytest.mark.usefixtures("no_library")
def test_what_has_no_beacon_needs_no_library(verify: Verify, drawn: Drawn) -> None:
    assert verify(drawn.transcript).said.endswith("All of this holds.\n")


def test_with_the_library_a_beacon_is_always_checked(verify: Verify, seeds: list[bytes]) -> None:
    forged = waited(seeds, "00" * 48).transcript
    assert verify(forged, "--beacon-unchecked").refusal == "the signature of the beacon is no point"
