"""A transcript: its ballots, its seed, its dealers and its winners."""

import hmac
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fairdraw import making
from tests.fairdraw.conftest import Verify
from tests.fairdraw.making import Drawn, canon, chain, changed, h, leaf, some_leaves, t

from app.fairdraw import verifier

LEVEL_0 = (
    "  level 0: nothing could be changed after the close. But the operator knows the seed, and this does not stop them "
    "from adding ballots before the close until one of them wins.\n"
)
LEVEL_1 = (
    "  level 1: if one dealer kept its secret, nobody knew the winners before the close. But this does not stop all "
    "dealers and the operator together.\n"
)


@pytest.fixture(scope="session")
def vector() -> Drawn:
    """As the format's page has it."""
    leaves = [leaf(7, i, h(b"user%d" % i), h(b"nonce%d" % i), bytes(16)) for i in range(5)]
    return Drawn(chain(h(b"test seed"), 7), 7, lottery=None, leaves=leaves)


def test_the_vector_of_the_format(verify: Verify, vector: Drawn) -> None:
    assert vector.open.keys() >= {"beacon", "dealers"}
    assert verifier.root_of(vector.leaves or ()).hex() == (
        "bb6440c009b2ced8f2fe231a7ff978bbc7fa9cc1a540528130852c08655370e3"
    )
    entropy = bytes.fromhex("2e8e8515e8e543197666f27d08fbb76667bdcf1894937c169aa3bb68dfd8c1e9")
    assert making.entropy(vector.close, [h(b"test seed")]) == entropy
    assert verifier.picked(entropy, 7, 1, 5) == [0]
    said = verify(vector.transcript).said
    assert '  ok  it is of draw 7 of "", for 2026-11-20 in "Europe/Kyiv"\n' in said
    assert "prize 1: ballot 0, 00000000-0000-0000-0000-000000000000\n" in said


def test_what_is_said_of_a_transcript(verify: Verify, drawn: Drawn) -> None:
    verdict = verify(drawn.transcript)
    assert verdict.code == 0
    assert verdict.said == (
        "1:\n"
        '  ok  it is of draw 1 of "daily", for 2026-11-20 in "Europe/Kyiv"\n'
        "  ok  its 5 ballots are those of the close\n"
        "  ok  the close is of this open, and the result of this close\n"
        "  ok  the seed is what the open commits to\n"
        "  ok  the secrets of 0 dealers are what the open commits to\n"
        "  ok  the winners follow from the close and its sources\n"
        "  prize 1: ballot 3, 04bb13c1-ea3f-f61f-28bc-82b921b9e307\n"
        "  prize 2: ballot 0, a5c77cca-2bcc-94ab-a60b-c403b1c26501\n"
        f"{LEVEL_0}"
        "All of this holds.\n"
    )


def test_dealers_raise_the_level(verify: Verify, seeds: list[bytes]) -> None:
    dealt = Drawn(seeds, dealers=[h(b"one"), h(b"two")])
    said = verify(dealt.transcript).said
    assert "  ok  the secrets of 2 dealers are what the open commits to\n" in said
    assert LEVEL_1 in said


def test_what_others_wrote_cannot_move_the_cursor(verify: Verify, seeds: list[bytes]) -> None:
    said = verify(Drawn(seeds, lottery="\x1b[2J\u202e\ud800 all is well").transcript).said
    assert said.isascii()
    assert '"\\u001b[2J\\u202e\\ud800 all is well"' in said


@pytest.mark.parametrize("count", [0, 1, 2, 3, 8])
@pytest.mark.parametrize("prizes", [0, 1, 3, 8, 100])
def test_there_are_as_many_winners_as_prizes_or_ballots(
    verify: Verify, seeds: list[bytes], count: int, prizes: int
) -> None:
    drawn = Drawn(seeds, prizes=prizes, leaves=some_leaves(1, count))
    verdict = verify(drawn.transcript)
    assert verdict.code == 0
    assert verdict.said.count("prize ") == min(count, prizes)


@pytest.mark.parametrize(
    ("where", "to", "wrong"),
    [
        ("open.draw", 2, "ballot 0 is not of this draw and place"),
        ("close.draw", 2, "open, close and result are not of one draw"),
        ("result.draw", 2, "open, close and result are not of one draw"),
        ("open.tz", "UTC", "the close is of another open"),
        ("open.lottery", "weekly", "the close is of another open"),
        ("close.open_id", "00" * 32, "the close is of another open"),
        ("result.close_id", "00" * 32, "the result is of another close"),
        ("result.seed", "00" * 32, "the seed is not what the open commits to"),
        ("result.dealers", ["00" * 32], "the dealers' secrets are not what the open commits to"),
        ("result.winners", [3], "there have to be 2 winners"),
        ("result.winners", [3, 0, 1], "there have to be 2 winners"),
        ("result.winners", [0, 3], "other ballots have won"),
        ("close.count", 4, "the close is of 4 ballots, not 5"),
        ("close.root", "00" * 32, "the close is of other ballots"),
        ("ballots.2", some_leaves(1, 2)[1].hex(), "ballot 2 is not of this draw and place"),
        ("ballots.2", some_leaves(2, 3)[2].hex(), "ballot 2 is not of this draw and place"),
        ("ballots.2", leaf(1, 2, bytes(32), bytes(32), bytes(16)).hex(), "the close is of other ballots"),
    ],
)
def test_a_change_is_named(verify: Verify, drawn: Drawn, where: str, to: Any, wrong: str) -> None:  # noqa: ANN401  any JSON
    verdict = verify(changed(drawn.transcript, where, to))
    assert (verdict.code, verdict.refusal) == (1, wrong)


def test_an_open_of_another_number_is_no_open_of_this_draw(verify: Verify, seeds: list[bytes]) -> None:
    empty = Drawn(seeds, leaves=[])
    for where in ("open.draw", "close.draw", "result.draw"):
        verdict = verify(changed(empty.transcript, where, 2))
        assert verdict.refusal == "open, close and result are not of one draw"


def test_a_draw_opens_at_the_latest_when_it_closes(verify: Verify, seeds: list[bytes]) -> None:
    opens_at = Drawn(seeds).open["opens_at"]
    assert verify(Drawn(seeds, closes_at=opens_at).transcript).code == 0
    late = verify(Drawn(seeds, closes_at=opens_at - 1).transcript)
    assert late.refusal == "the draw opened later than it closed"


def test_draws_count_from_1(verify: Verify) -> None:
    """A chain has no seed before s[0], so nothing could be committed to."""
    below = [h(t("chain"), bytes(8), bytes(32)), bytes(32)]
    zero = Drawn([bytes(32), below[0]], n=0, leaves=[])
    zero.open["seed_commit"] = below[0].hex()
    closed = {**zero.close, "open_id": h(t("open"), canon(zero.open)).hex()}
    result = {**zero.result, "close_id": h(t("close"), canon(closed)).hex()}
    transcript = {**zero.transcript, "close": closed, "result": result}
    assert verify(transcript).refusal == "open, close and result are not of one draw"


def test_a_seed_of_another_number_is_refused(verify: Verify, seeds: list[bytes]) -> None:
    """The commitment is the seed's number too: s[2] does not reveal what draw 1 commits to."""
    drawn = Drawn([seeds[0], seeds[2]])
    assert verify(drawn.transcript).refusal == "the seed is not what the open commits to"


def test_two_transcripts_of_one_draw_agree(verify: Verify, seeds: list[bytes], drawn: Drawn) -> None:
    other = Drawn(seeds, prizes=2, leaves=some_leaves(1, 4))
    assert verify(other.transcript).code == 0
    assert verify(drawn.transcript, drawn.transcript).code == 0
    assert verify(drawn.transcript, Drawn(seeds, 2).transcript, Drawn(seeds, lottery="weekly").transcript).code == 0
    verdict = verify(drawn.transcript, other.transcript)
    assert verdict.refusal == 'another file says otherwise of draw 1 of "daily"'


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(1, 2**64 - 1), st.integers(0, 30), st.integers(0, 30))
def test_the_winners_are_those_that_the_definition_takes_out_one_by_one(
    entropy: bytes, draw: int, prizes: int, ballots: int
) -> None:
    assert verifier.picked(entropy, draw, min(prizes, ballots), ballots) == making.picked(
        entropy, draw, prizes, ballots
    )


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(2**63 - 9, 2**64 - 1))
def test_numbers_that_would_favour_some_ballots_are_passed_over(entropy: bytes, ballots: int) -> None:
    """With so many ballots, up to a half of all numbers is."""
    purpose = t("pick") + bytes(8 + 4)
    fair = 2**64 - 2**64 % ballots
    numbers = (int.from_bytes(hmac.digest(entropy, purpose + j.to_bytes(8), "sha256")[:8]) for j in range(200))
    assert verifier.chosen(entropy, purpose, ballots) == next(x for x in numbers if x < fair) % ballots


def test_a_number_at_the_limit_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """2^64 mod 3 is 1, so that 2^64 - 1 is the one number that would favour the first of three."""
    drawn = iter([2**64 - 1, 2**64 - 2])
    monkeypatch.setattr("app.fairdraw.verifier.hmac.digest", lambda *_: next(drawn).to_bytes(8) + bytes(24))
    assert verifier.chosen(b"", b"", 3) == (2**64 - 2) % 3 == 2


def test_many_prizes_of_many_ballots(verify: Verify, seeds: list[bytes]) -> None:
    drawn = Drawn(seeds, prizes=700, leaves=some_leaves(1, 1000))
    assert verify(drawn.transcript).code == 0
