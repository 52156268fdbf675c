"""A receipt, a ballot that its owner kept, and what they are held against."""

import pytest
from tests.fairdraw.conftest import Verify
from tests.fairdraw.making import Drawn, Json, LogKey, changed, genesis, h, leaf, some_leaves, user_tag

SALT = h(b"salt")
UNHELD = "there is nothing to hold this against: give the transcript of its draw"


@pytest.fixture(scope="session")
def drawn(seeds: list[bytes]) -> Drawn:
    """Draw 1 with four ballots, of which the last is that of user 42, and two prizes: ballots 3 and 1."""
    mine = leaf(1, 3, user_tag(SALT, 42), h(b"nonce"), bytes(16))
    return Drawn(seeds, prizes=2, leaves=[*some_leaves(1, 3), mine])


@pytest.fixture(scope="session")
def ballot(key: LogKey, drawn: Drawn) -> Json:
    return key.ballot(drawn, 3, 42, SALT)


def test_what_is_said_of_a_receipt(verify: Verify, key: LogKey, drawn: Drawn) -> None:
    verdict = verify(key.receipt(drawn, 3), key)
    assert verdict.code == 0
    assert verdict.said == (
        "1:\n"
        '  ok  it is for ballot 3 of draw 1 of "daily"\n'
        '  ok  the receipt is signed by "draws.example.org/fairdraw"\n'
        "All of this holds.\n"
    )


def test_what_is_said_of_a_ballot_and_its_transcript(verify: Verify, key: LogKey, drawn: Drawn, ballot: Json) -> None:
    verdict = verify(ballot, drawn.transcript, key)
    assert verdict.code == 0
    assert "2:\n" in verdict.said
    assert verdict.said.partition("1:\n")[2] == (
        '  ok  it is for ballot 3 of draw 1 of "daily"\n'
        '  ok  the receipt is signed by "draws.example.org/fairdraw"\n'
        "  ok  it belongs to user 42\n"
        "  ok  it is one of the 4 ballots of the close\n"
        f"  ok  the ballot is in the transcript, and won {won(drawn, 3)}\n"
        "All of this holds.\n"
    )


def won(drawn: Drawn, seq: int) -> str:
    winners = drawn.result["winners"]
    return f"prize {winners.index(seq) + 1}" if seq in winners else "nothing"


@pytest.mark.parametrize("seq", range(4))
def test_a_receipt_tells_its_owner_what_it_won(verify: Verify, key: LogKey, drawn: Drawn, seq: int) -> None:
    assert len(drawn.result["winners"]) == 2
    said = verify(drawn.transcript, key.receipt(drawn, seq), key).said
    assert f"  ok  the ballot is in the transcript, and won {won(drawn, seq)}\n" in said


def test_a_ballot_is_its_owner_s(verify: Verify, key: LogKey, ballot: Json) -> None:
    verdict = verify({**ballot, "inclusion": None}, key)
    assert verdict.code == 0
    assert "  ok  it belongs to user 42\n" in verdict.said
    refused = "the ballot is not of user {} with this salt"
    assert verify({**ballot, "user_id": 43}, key).refusal == refused.format(43)
    assert verify({**ballot, "salt": "00" * 32}, key).refusal == refused.format(42)


def test_a_receipt_is_of_the_ballot_that_its_leaf_is_of(verify: Verify, key: LogKey, drawn: Drawn) -> None:
    receipt = key.receipt(drawn, 3)
    for where, to, named in (("draw", 2, "ballot 3 of draw 2"), ("seq", 2, "ballot 2 of draw 1")):
        verdict = verify(changed(receipt, f"receipt.{where}", to), key)
        assert verdict.refusal == f"the leaf is not that of {named}"


def test_a_receipt_that_somebody_else_signed_is_refused(verify: Verify, key: LogKey, drawn: Drawn) -> None:
    imposter, elsewhere = LogKey(secret=h(b"imposter")), LogKey("elsewhere.example/fairdraw")
    assert verify(imposter.receipt(drawn, 3), key).refusal == "the receipt is not signed with this key"
    assert verify(elsewhere.receipt(drawn, 3), key).refusal == (
        'the receipt is of "elsewhere.example/fairdraw", the key of "draws.example.org/fairdraw"'
    )
    assert verify(key.receipt(drawn, 3)).refusal == (
        "the receipt is signed: check it with --key, or leave it unchecked with --unsigned"
    )
    assert "NOT CHECKED: the signature of the receipt\n" in verify(imposter.receipt(drawn, 3), "--unsigned").said


def test_a_ballot_is_proven_to_be_in_its_close(verify: Verify, key: LogKey, drawn: Drawn, ballot: Json) -> None:
    for where, to, wrong in (
        ("inclusion.close.root", "00" * 32, "the ballot is not in the tree of the close"),
        ("inclusion.path.0", "00" * 32, "the ballot is not in the tree of the close"),
        ("inclusion.path", [], "the proof is too short"),
        ("inclusion.path", ["00" * 32] * 9, "the proof is too long"),
        ("inclusion.close.draw", 2, "the close is of another draw"),
        ("inclusion.close.count", 3, "the close is of 3 ballots only"),
    ):
        assert verify(changed(ballot, where, to), drawn.transcript, key).refusal == wrong


def test_the_close_of_a_ballot_needs_somebody_who_vouches_for_it(
    verify: Verify, key: LogKey, seeds: list[bytes], drawn: Drawn, ballot: Json
) -> None:
    """Its count and its open's id are proven by nothing in the ballot."""
    log = key.log([genesis(seeds), *drawn.records])
    assert verify(ballot, key).refusal == UNHELD
    assert verify(ballot, drawn.transcript, key).code == 0
    said = verify(ballot, log, key).said
    assert "  ok  the close is in the log\n" in said
    other = changed(ballot, "inclusion.close.open_id", "00" * 32)
    assert verify(other, drawn.transcript, key).refusal == "the transcript has another close"
    assert verify(other, log, key).refusal == "the log has not this close"


def test_the_close_of_a_ballot_is_that_of_its_lottery(
    verify: Verify, key: LogKey, seeds: list[bytes], drawn: Drawn, ballot: Json
) -> None:
    weekly = Drawn(seeds, lottery="weekly", leaves=drawn.leaves)
    log = key.log([genesis(seeds, lottery="weekly"), *weekly.records])
    moved = changed(ballot, "inclusion.close", weekly.close)
    assert verify(moved, log, key).refusal == "the close is of another lottery"
    open_only = key.log([genesis(seeds), drawn.open])
    assert verify(ballot, open_only, key).refusal == "the log has not this close"


def test_a_receipt_beside_a_transcript_is_of_its_draw(verify: Verify, key: LogKey, seeds: list[bytes]) -> None:
    first, second, weekly = Drawn(seeds), Drawn(seeds, 2), Drawn(seeds, lottery="weekly")
    for other in (second, weekly):
        assert verify(first.transcript, key.receipt(other, 3), key).refusal == UNHELD
        assert verify(first.transcript, other.transcript, key.receipt(other, 3), key).code == 0
    assert verify(key.log([genesis(seeds)]), key.receipt(first, 3), key).refusal == UNHELD


def test_a_receipt_that_has_to_be_held_against_something_is(verify: Verify, key: LogKey, drawn: Drawn) -> None:
    receipt = key.receipt(drawn, 3)
    assert verify(receipt, "--receipt", receipt, key).refusal == UNHELD
    assert verify(drawn.transcript, "--receipt", receipt, key).code == 0


def test_a_ballot_that_was_left_out_or_replaced_shows(verify: Verify, key: LogKey, seeds: list[bytes]) -> None:
    promised = Drawn(seeds, leaves=some_leaves(1, 4))
    replaced = Drawn(seeds, leaves=[*some_leaves(1, 3), leaf(1, 3, bytes(32), bytes(32), bytes(16))])
    for held in (replaced, Drawn(seeds, leaves=some_leaves(1, 3))):
        verdict = verify(held.transcript, key.receipt(promised, 3), key)
        assert verdict.refusal == "the transcript has not this ballot"


def test_a_ballot_is_taken_before_the_close(verify: Verify, key: LogKey, drawn: Drawn) -> None:
    closes_at = drawn.open["closes_at"]
    assert verify(drawn.transcript, key.receipt(drawn, 3, at=closes_at - 1), key).code == 0
    late = verify(drawn.transcript, key.receipt(drawn, 3, at=closes_at), key)
    assert late.refusal == "the ballot was taken too late"


def test_two_receipts_for_one_place_agree(verify: Verify, key: LogKey, seeds: list[bytes], drawn: Drawn) -> None:
    """An operator who gave one place to two people has signed both."""
    other = Drawn(seeds, leaves=[leaf(1, 3, bytes(32), bytes(32), bytes(16))] * 4)
    assert verify(key.receipt(drawn, 3), key.receipt(drawn, 3, at=1), key.receipt(drawn, 2), key).code == 0
    verdict = verify(key.receipt(drawn, 3), key.receipt(other, 3), key)
    assert verdict.refusal == 'another file says otherwise of ballot 3 of draw 1 of "daily"'


def test_a_receipt_is_of_the_log_that_is_beside_it(verify: Verify, seeds: list[bytes], drawn: Drawn) -> None:
    here, there = LogKey(), LogKey("elsewhere.example/fairdraw")
    log = here.log([genesis(seeds), *drawn.records])
    assert verify(log, drawn.transcript, here.receipt(drawn, 3), "--unsigned").code == 0
    verdict = verify(log, drawn.transcript, there.receipt(drawn, 3), "--unsigned")
    assert verdict.refusal == "the receipt is of another log"
