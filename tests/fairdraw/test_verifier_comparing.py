"""What is held against a log: checkpoints, proofs of consistency, transcripts."""

from tests.fairdraw.conftest import Verify
from tests.fairdraw.making import Drawn, LogKey, genesis


def test_the_checkpoint_is_of_all_records_and_no_others(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    records = [genesis(seeds), *draws[1].records]
    log = key.log(records)
    for others, wrong in (
        (records[:3], "the checkpoint is of 4 records, the log of 3 only"),
        ([*records, draws[2].open], "the checkpoint is of 4 records only"),
        (
            [genesis(seeds, lottery="weekly"), genesis(seeds), *draws[1].records[:2]],
            "the checkpoint is of other records",
        ),
    ):
        verdict = verify({**log, "records": others}, key)
        assert verdict.refusal == wrong


def test_kept_checkpoints_begin_the_log(verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]) -> None:
    records = [genesis(seeds), *draws[1].records]
    log = key.log(records)
    for size in range(5):
        said = verify("verify-all", log, "--checkpoint", key.checkpoint(records[:size]), key).said
        assert f"  ok  the log begins with these {size} records\n" in said
    for kept, wrong in (
        (key.checkpoint([*records, draws[2].open]), "the checkpoint is of 5 records, the log of 4 only"),
        (key.checkpoint([genesis(seeds), *draws[0].records]), "the checkpoint is of other records"),
        (key.note(2, bytes(32)), "the checkpoint is of other records"),
        (LogKey("elsewhere.example/fairdraw").checkpoint(records), "the checkpoint is of another log"),
    ):
        assert verify(log, kept, "--unsigned").refusal == wrong


def test_a_proof_of_consistency_beside_a_log_is_of_this_log(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    records = [genesis(seeds), *draws[1].records]
    said = verify(key.consistency(2, records), key.log(records), key).said
    assert "begins with these 2 records\n" in said
    assert "begins with these 4 records\n" in said
    other = key.consistency(2, [genesis(seeds, lottery="weekly"), *draws[0].records])
    assert verify(key.log(records), other, key).refusal == "the checkpoint is of other records"


def test_of_several_proofs_of_consistency_each_vouches_for_its_checkpoints(
    verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]
) -> None:
    records = [genesis(seeds), *draws[1].records]
    proofs = [key.consistency(old, records) for old in (1, 2, 3)]
    for size in range(1, 5):
        assert verify(*proofs, "--checkpoint", key.checkpoint(records[:size]), key).code == 0


def test_a_transcript_is_in_the_log(verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]) -> None:
    log = key.log([genesis(seeds), *draws[1].records])
    verdict = verify(draws[1].transcript, log, key)
    assert verdict.code == 0
    assert "  ok  its open, close and result are in the log\n" in verdict.said
    assert verdict.said.startswith("2:\n"), "the log comes first, whatever the order of the arguments"
    for other in (draws[2], Drawn(seeds, 1, leaves=[]), Drawn(seeds, 1, lottery=None)):
        assert verify(log, other.transcript, key).refusal == "the log says otherwise"
    unfinished = key.log([genesis(seeds), *draws[1].records[:2]])
    assert verify(unfinished, draws[1].transcript, key).refusal == "the log says otherwise"


def test_verify_all_begins_with_a_log(verify: Verify, key: LogKey, seeds: list[bytes], draws: list[Drawn]) -> None:
    log = key.log([genesis(seeds), *draws[1].records])
    assert verify("verify-all", draws[1].transcript, log, key).refusal == "this is no log"
    assert verify("verify", draws[1].transcript, log, key).code == 0


def test_there_is_one_log(verify: Verify, key: LogKey, seeds: list[bytes]) -> None:
    log = key.log([genesis(seeds)])
    assert verify(log, log, key).refusal == "this is a second log: of the older one give the checkpoint"
