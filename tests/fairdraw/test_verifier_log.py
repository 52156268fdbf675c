"""The log of all records: the rules of its lotteries, and what is held against it."""

import pytest
from tests.fairdraw.conftest import Verify
from tests.fairdraw.making import Drawn, Json, LogKey, chain, changed, genesis, h, rekey, void

from app.fairdraw import verifier


def refusal(verify: Verify, key: LogKey, records: list[Json]) -> str:
    """Of records that have all a checkpoint can give: what is wrong with them is what they say."""
    verdict = verify(key.log(records), key)
    assert verdict.code == 1
    return verdict.refusal


def test_what_is_said_of_a_log(verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]) -> None:
    other = chain(h(b"another tail"), 5)
    third = Drawn(other, 3, dealers=[h(b"dealer")])
    lost = Drawn(seeds, 2)
    records = [
        genesis(seeds),
        *draws[1].records,
        genesis(seeds, lottery="weekly"),
        lost.open,
        draws[0].open,
        lost.close,
        void(2, lost.open, lost.close),
        rekey(other[2:], 3),
        *third.records,
        *draws[0].records[1:],
    ]
    verdict = verify("verify-all", key.log(records), key)
    assert verdict.code == 0
    assert verdict.said == (
        "1:\n"
        '  ok  the checkpoint is signed by "draws.example.org/fairdraw"\n'
        "  ok  the checkpoint is of 15 records\n"
        f'  ok  draw 1 of "daily": level 0, 5 ballots, winners {draws[1].result["winners"][0]}\n'
        '  ok  draw 2 of "daily": void, "lost"\n'
        '  ok  "daily": a new chain from draw 3 on, "the secret was lost"\n'
        f'  ok  draw 3 of "daily": level 1, 5 ballots, winners {third.result["winners"][0]}\n'
        f'  ok  draw 1 of "weekly": level 0, 5 ballots, winners {draws[0].result["winners"][0]}\n'
        "  ok  its 15 records follow the rules, and the checkpoint is of them\n"
        f"  level 0: {verifier.LEVELS[0]}\n"
        f"  level 1: {verifier.LEVELS[1]}\n"
        "All of this holds.\n"
    )


def test_winners_are_listed(verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]) -> None:
    nobody = Drawn(seeds, 1, leaves=[])
    two = draws[2]
    said = verify(key.log([genesis(seeds), *nobody.records, *two.records]), key).said
    assert "level 0, 0 ballots, winners none\n" in said
    assert f"winners {', '.join(map(str, two.result['winners']))}\n" in said
    assert len(two.result["winners"]) == 2


def test_levels_are_those_of_draws_that_have_a_result(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    dealt = Drawn(seeds, 2, dealers=[h(b"dealer")])
    said = verify(key.log([genesis(seeds), *draws[1].records, dealt.open, dealt.close]), key).said
    assert "  level 0: " in said
    assert "  level 1: " not in said


def test_a_log_of_nothing_holds(verify: Verify, key: LogKey) -> None:
    assert verify("verify-all", key.log([]), key).code == 0


def test_ballots_may_be_counted_while_the_next_draw_is_open(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    one, two, three = draws[1:4]
    records = [genesis(seeds), one.open, one.close, two.open, two.close, three.open, two.result, one.result]
    assert verify(key.log(records), key).code == 0


def test_rule_1_genesis_comes_first_and_once(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    none, begun = "its lottery has no genesis before it", genesis(seeds)
    assert refusal(verify, key, [draws[1].open, begun]) == f"record 0: {none}"
    assert refusal(verify, key, [void(1), begun]) == f"record 0: {none}"
    assert refusal(verify, key, [rekey(seeds, 1)]) == f"record 0: {none}"
    assert refusal(verify, key, [begun, draws[0].open]) == f"record 1: {none}"
    assert refusal(verify, key, [begun, begun]) == "record 1: its lottery has a genesis already"


@pytest.mark.parametrize(("first", "last", "fine"), [(1, 9, True), (9, 9, True), (0, 9, False), (10, 9, False)])
def test_a_chain_has_the_first_draw(
    verify: Verify, key: LogKey, seeds: list[bytes], first: int, last: int, *, fine: bool
) -> None:
    verdict = verify(key.log([{**genesis(seeds, first), "last": last}]), key)
    assert verdict.refusal == ("" if fine else "record 0: its first draw is not in its chain")


def test_rule_2_draws_open_one_after_the_other(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    begun, (one, two, three) = [genesis(seeds)], draws[1:4]
    assert refusal(verify, key, [*begun, two.open]) == "record 1: the next draw is 1, not 2"
    assert refusal(verify, key, [*begun, one.open, two.open]) == "record 2: the next draw is 1, not 2"
    assert refusal(verify, key, [*begun, one.open, one.close, three.open]) == "record 3: the next draw is 2, not 3"
    again = "its draw was opened before, or is void"
    assert refusal(verify, key, [*begun, one.open, one.open]) == f"record 2: {again}"
    assert refusal(verify, key, [*begun, *one.records, one.open]) == f"record 4: {again}"
    assert refusal(verify, key, [*begun, void(1), one.open]) == f"record 2: {again}"


def test_a_draw_may_be_left_out_when_it_is_void(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    one, three, five = draws[1], draws[3], draws[5]
    records = [genesis(seeds), void(4), one.open, void(2), one.close, three.open, three.close, five.open]
    assert verify(key.log(records), key).code == 0
    assert refusal(verify, key, [genesis(seeds), void(4), draws[1].open, draws[4].open]).startswith(
        "record 3: its draw"
    )


def test_a_lottery_may_be_older_than_its_chain(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    begun = genesis(seeds, first=4)
    assert verify(key.log([begun, *draws[4].records, *draws[5].records]), key).code == 0
    assert refusal(verify, key, [begun, draws[3].open]) == "record 1: the next draw is 4, not 3"
    assert refusal(verify, key, [begun, void(3)]) == "record 1: the first draw of its lottery is 4"
    assert verify(key.log([begun, void(4)]), key).code == 0


def test_a_chain_ends(verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]) -> None:
    begun = {**genesis(seeds), "last": 1}
    assert verify(key.log([begun, *draws[1].records]), key).code == 0
    assert refusal(verify, key, [begun, *draws[1].records, draws[2].open]) == "record 4: its chain ends with draw 1"


def test_rule_3_close_and_result_come_in_order_and_once(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    begun, one = [genesis(seeds)], draws[1]
    other = Drawn(seeds, 1, leaves=[])
    for records, wrong in (
        ([one.close], "record 1: its open is not before it"),
        ([one.close, one.open], "record 1: its open is not before it"),
        ([one.open, one.result], "record 2: its close is not before it"),
        ([one.open, one.close, one.close], "record 3: its draw was closed before, or is void"),
        (
            [one.open, one.close, {**other.close, "open_id": one.close["open_id"]}],
            "record 3: its draw was closed before, or is void",
        ),
        ([*one.records, one.result], "record 4: its draw has a result, or is void"),
        ([one.open, {**one.close, "draw": 2}], "record 2: its open is of another draw"),
    ):
        assert refusal(verify, key, [*begun, *records]) == wrong


def test_rule_3_nothing_follows_a_void_and_no_void_a_result(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    begun, one = [genesis(seeds)], draws[1]
    opened, closed = void(1, one.open), void(1, one.open, one.close)
    for records, wrong in (
        ([one.open, opened, one.close], "record 3: its draw was closed before, or is void"),
        ([one.open, one.close, closed, one.result], "record 4: its draw has a result, or is void"),
        ([void(1), void(1)], "record 2: its draw has a result, or is void"),
        ([*one.records, closed], "record 4: its draw has a result, or is void"),
    ):
        assert refusal(verify, key, [*begun, *records]) == wrong
    for records in ([one.open, opened], [one.open, one.close, closed], [one.open, opened, draws[2].open]):
        assert verify(key.log([*begun, *records]), key).code == 0


def test_a_void_names_what_was_written_of_its_draw(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    begun, one = [genesis(seeds)], draws[1]
    wrong = "its ids are not those of what was written of its draw"
    named = void(1, one.open, one.close)
    for records in ([named], [one.open, named], [one.open, void(1)], [one.open, one.close, void(1, one.open)]):
        assert refusal(verify, key, [*begun, *records]) == f"record {len(records)}: {wrong}"


def test_rule_4_draws_are_of_one_chain(verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]) -> None:
    """The seed of each draw fits its own commitment here, so that only the chain shows it."""
    begun, wrong = [genesis(seeds)], "its commitment is not of its chain"
    other = chain(h(b"chosen later"), 9)
    assert refusal(verify, key, [*begun, *Drawn(other, 1).records]) == f"record 1: {wrong}"
    assert refusal(verify, key, [*begun, *draws[1].records, Drawn(other, 2).open]) == f"record 4: {wrong}"
    skipped = [*begun, *draws[1].records, void(2), void(3)]
    assert verify(key.log([*skipped, *draws[4].records]), key).code == 0
    assert refusal(verify, key, [*skipped, *Drawn(other, 4).records]) == f"record 6: {wrong}"


def test_rule_5_a_new_chain_begins_when_nothing_is_open(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    begun, one, other = [genesis(seeds)], draws[1], chain(h(b"another tail"), 5)
    undecided = "a draw was opened that has no result and is not void"
    for records, wrong in (
        ([one.open, rekey(other, 2)], undecided),
        ([one.open, one.close, rekey(other, 2)], undecided),
        ([one.open, one.close, draws[2].open, one.result, rekey(other, 3)], undecided),
        ([*one.records, rekey(other, 1)], "the next draw is 2, not 1"),
        ([*one.records, rekey(other, 3)], "the next draw is 2, not 3"),
        ([*one.records, void(2), rekey(other, 2)], "the next draw is 3, not 2"),
        ([*one.records, {**rekey(other, 2), "last": 1}], "its first draw is not in its chain"),
    ):
        assert refusal(verify, key, [*begun, *records]) == f"record {len(records)}: {wrong}"
    for records in (
        [rekey(other, 1)],
        [rekey(chain(bytes(32), 3), 1), rekey(other, 1)],
        [*one.records, {**rekey(other, 2), "last": 2}],
        [void(1), rekey(other, 2)],
        [one.open, void(1, one.open), void(3), rekey(other, 2)],
    ):
        assert verify(key.log([*begun, *records]), key).code == 0


def test_after_a_rekey_draws_are_of_the_new_chain(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    other = chain(h(b"another tail"), 12)
    begun = [genesis(seeds), *draws[1].records, *draws[2].records, rekey(other[2:], 3)]
    third, last = Drawn(other, 3), Drawn(other, 12)
    assert verify(key.log([*begun, *third.records, *map(void, range(4, 12)), *last.records]), key).code == 0
    assert verify(key.log([*begun, void(3), void(4), Drawn(other, 5).open]), key).code == 0
    wrong = "its commitment is not of its chain"
    assert refusal(verify, key, [*begun, draws[3].open]) == f"record 8: {wrong}"
    assert refusal(verify, key, [*begun, *third.records, draws[4].open]) == f"record 11: {wrong}"
    # The same seeds under other numbers are another chain.
    assert refusal(verify, key, [*begun[:-1], rekey(other[1:], 3), third.open]) == f"record 8: {wrong}"


def test_a_result_in_the_log_is_checked_as_in_a_transcript(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    begun, one = [genesis(seeds), draws[1].open, draws[1].close], draws[1].result
    for where, to, wrong in (
        ("winners", [(one["winners"][0] + 1) % 5], "other ballots have won"),
        ("winners", [], "there have to be 1 winners"),
        ("seed", "00" * 32, "the seed is not what the open commits to"),
        ("dealers", ["00" * 32], "the dealers' secrets are not what the open commits to"),
        ("draw", 2, "open, close and result are not of one draw"),
        ("beacon", {"round": 1, "signature": "00" * 48}, "the beacon stands in one of open and result only"),
    ):
        assert refusal(verify, key, [*begun, changed(one, where, to)]) == f"record 3: {wrong}"


def test_seeds_too_far_apart_are_refused_instead_of_hashed_for_ever(
    verify: Verify, key: LogKey, monkeypatch: pytest.MonkeyPatch, seeds: list[bytes], draws: list[Drawn]
) -> None:
    far = {**genesis(seeds, first=2**64 - 1), "last": 2**64 - 1}
    refused = refusal(verify, key, [far, {**draws[1].open, "draw": 2**64 - 1}])
    assert refused == f"record 1: {2**64 - 2} seeds lie between it and its chain's first commitment"
    monkeypatch.setattr(verifier, "LONGEST_STEP", 3)
    assert verify(key.log([genesis(seeds, 4), *draws[4].records]), key).code == 0
    assert refusal(verify, key, [genesis(seeds, 5), draws[5].open]).startswith("record 1: 4 seeds lie between")


@pytest.mark.parametrize(
    ("record", "wrong"),
    [
        ({}, "it has the fields of no record"),
        ({"v": 1}, "it has the fields of no record"),
        ({**genesis([bytes(32)] * 2), "more": 1}, "it has the fields of no record"),
        ({**genesis([bytes(32)] * 2), "kind": "rekey"}, 'not as the format says: "kind"'),
        ({**genesis([bytes(32)] * 2), "v": 2, "last": "1"}, 'not as the format says: "last", "v"'),
        ({**void(1), "reason": None}, 'not as the format says: "reason"'),
    ],
)
def test_a_record_of_no_known_kind_is_refused(verify: Verify, key: LogKey, record: Json, wrong: str) -> None:
    assert refusal(verify, key, [record]) == f"record 0: {wrong}"
