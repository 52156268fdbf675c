"""The server's side and the verifier know of each other only what the format says. Here they meet."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fairdraw.conftest import Verify

from app.fairdraw import draws, verifier
from app.fairdraw.chain import SeedChain, tail_of
from app.fairdraw.hashing import canonical, digest
from app.fairdraw.signing import LogKey
from app.fairdraw.tree import Frontier, Node, Span, consistency, fold, inclusion, leaf_hash, nodes_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SALT = digest(b"salt")
CHAIN = SeedChain(tail_of(b"secret", "daily"), 9)
KEY = LogKey(bytes(32), "draws.example.org/fairdraw")
DEALERS = (digest(b"one"), digest(b"two"))


def leaves_of(number: int, count: int) -> list[bytes]:
    return [
        draws.leaf(number, seq, draws.user_tag(SALT, seq), digest(b"%d" % seq), UUID(int=seq)) for seq in range(count)
    ]


def tree_of(leaves: list[bytes]) -> tuple[bytes, dict[Node, bytes]]:
    """The root, and every complete subtree."""
    tree, nodes = Frontier(), dict[Node, bytes]()
    for one in leaves:
        nodes.update(tree.append(leaf_hash(one)))
    return tree.root, nodes


def hashes_of(spans: list[Span], nodes: dict[Node, bytes]) -> list[str]:
    return [fold([nodes[node] for node in nodes_of(span)]).hex() for span in spans]


def transcript(
    number: int = 1, ballots: int = 5, prizes: int = 2, dealers: tuple[bytes, ...] = (), chain: SeedChain = CHAIN
) -> dict[str, Any]:
    leaves, seed = leaves_of(number, ballots), chain.seed(number)
    opened = draws.open_record(
        lottery="daily",
        number=number,
        day=date(2026, 11, 20),
        zone="Europe/Kyiv",
        opens_at=NOON,
        closes_at=NOON + timedelta(hours=12),
        prizes=prizes,
        commitment=chain.commitment(number),
        dealers=[draws.dealer_commitment(number, secret) for secret in dealers],
    )
    closed = draws.close_record(number, draws.open_id(opened), ballots, tree_of(leaves)[0])
    drawn = draws.entropy(draws.close_id(closed), seed, dealers)
    winners = draws.pick(drawn, number, prizes, ballots)
    result = draws.result_record(number, draws.close_id(closed), seed, winners, dealers)
    hexed = [one.hex() for one in leaves]
    return {"format": "fairdraw/1", "open": opened, "close": closed, "ballots": hexed, "result": result}


def log(records: list[Any]) -> dict[str, Any]:
    root, _ = tree_of([canonical(record) for record in records])
    return {"format": "fairdraw-log/1", "records": records, "checkpoint": KEY.checkpoint(len(records), root)}


def history() -> list[Any]:
    """A draw, one that is void before its close, one after, one that never opened, a new chain, and a draw under it."""
    first, second, third = transcript(1), transcript(2), transcript(3, dealers=DEALERS)
    second_id, third_id = draws.open_id(second["open"]), draws.open_id(third["open"])
    fresh = SeedChain(tail_of(b"another", "daily"), 9)
    fifth = transcript(5, ballots=0, chain=fresh)
    return [
        draws.genesis_record("daily", 1, 9, CHAIN.seed(0)),
        *(first[kind] for kind in ("open", "close", "result")),
        second["open"],
        draws.void_record("daily", 2, second_id, None, "a rehearsal"),
        third["open"],
        third["close"],
        draws.void_record("daily", 3, third_id, draws.close_id(third["close"]), "a dealer is silent"),
        draws.void_record("daily", 4, None, None, "nobody wants it"),
        draws.rekey_record("daily", 5, 9, fresh.seed(4), "the secret was lost"),
        *(fifth[kind] for kind in ("open", "close", "result")),
    ]


@pytest.mark.parametrize("ballots", [0, 1, 2, 5, 33])
@pytest.mark.parametrize("prizes", [0, 1, 7])
@pytest.mark.parametrize("dealers", [(), DEALERS])
def test_draws(verify: Verify, ballots: int, prizes: int, dealers: tuple[bytes, ...]) -> None:
    file = transcript(3, ballots, prizes, dealers)
    assert verify(file).code == 0
    assert file["open"]["opens_at"] == 1795176000
    assert file["open"]["closes_at"] == 1795176000 + 12 * 60 * 60


def test_a_beacon(verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signature itself is not the question here: it is mixed in, and the round is the one declared."""
    monkeypatch.setattr(verifier, "check_beacon_signature", lambda *_: None)
    closes_at = datetime.fromtimestamp(1692806000, UTC)
    opened = draws.open_record(
        lottery="daily",
        number=1,
        day=date(2023, 8, 23),
        zone="UTC",
        opens_at=closes_at - timedelta(days=1),
        closes_at=closes_at,
        prizes=3,
        commitment=CHAIN.commitment(1),
        beacon=draws.Beacon(draws.QUICKNET, 1000, 1692803367, 3, 60),
    )
    leaves, given = leaves_of(1, 9), draws.BeaconRound(1000, bytes(48))
    closed = draws.close_record(1, draws.open_id(opened), 9, tree_of(leaves)[0])
    winners = draws.pick(draws.entropy(draws.close_id(closed), CHAIN.seed(1), beacon=given), 1, 3, 9)
    result = draws.result_record(1, draws.close_id(closed), CHAIN.seed(1), winners, beacon=given)
    hexed = [one.hex() for one in leaves]
    file = {"format": "fairdraw/1", "open": opened, "close": closed, "ballots": hexed, "result": result}
    assert "level 2" in verify(file).said


def test_the_log(verify: Verify) -> None:
    verdict = verify("verify-all", log(history()), "--key", KEY.verifier_key)
    assert verdict.code == 0
    for line in (
        'draw 2 of "daily": void, "a rehearsal"',
        'draw 3 of "daily": void, "a dealer is silent"',
        'draw 4 of "daily": void, "nobody wants it"',
        '"daily": a new chain from draw 5 on, "the secret was lost"',
        'draw 5 of "daily": level 0, 0 ballots, winners none',
    ):
        assert f"  ok  {line}\n" in verdict.said


def test_proofs_of_consistency(verify: Verify) -> None:
    records = [canonical(record) for record in history()]
    _, nodes = tree_of(records)
    notes = [KEY.checkpoint(size, tree_of(records[:size])[0]) for size in range(len(records) + 1)]
    for new in range(1, len(records) + 1):
        for old in range(1, new + 1):
            path = hashes_of(consistency(old, new), nodes)
            file = {"format": "fairdraw-consistency/1", "old": notes[old], "new": notes[new], "path": path}
            assert verify(file, "--unsigned").code == 0


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 70), st.data())
def test_proofs_of_inclusion(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = [b"%d" % n for n in range(size)]
    root, nodes = tree_of(leaves)
    path = [bytes.fromhex(one) for one in hashes_of(inclusion(index, size), nodes)]
    assert verifier.root_with(verifier.leaf_hash(leaves[index]), index, size, path) == root == verifier.root_of(leaves)


def test_ballots_and_receipts(verify: Verify) -> None:
    file = transcript(2, ballots=6)
    leaves = [bytes.fromhex(one) for one in file["ballots"]]
    _, nodes = tree_of(leaves)
    for seq, leaf in enumerate(leaves):
        receipt = {"v": 1, "kind": "receipt", "log": KEY.origin, "lottery": "daily", "draw": 2, "seq": seq}
        receipt |= {"leaf": leaf.hex(), "at": 1795176000}
        ballot = {
            "format": "fairdraw-ballot/1",
            "receipt": receipt,
            "signature": KEY.receipt(receipt).hex(),
            "user_id": seq,
            "salt": SALT.hex(),
            "inclusion": {"close": file["close"], "path": hashes_of(inclusion(seq, 6), nodes)},
        }
        assert verify(file, ballot, "--key", KEY.verifier_key).code == 0


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers(0, 2**64 - 1) | st.text(st.characters(codec="utf-8")),
        lambda parts: st.lists(parts, max_size=4) | st.dictionaries(st.text(max_size=9), parts, max_size=4),
        max_leaves=15,
    )
)
def test_records_become_the_same_bytes(value: Any) -> None:  # noqa: ANN401  any JSON without floats
    written = canonical({"it": value})
    assert written == verifier.canonical({"it": value})
    assert verifier.read_json(written.decode()) == json.loads(written) == {"it": value}


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(1, 99), st.integers(0, 40), st.integers(2**63, 2**64 - 1))
def test_winners_among_so_many_that_half_of_the_numbers_are_passed_over(
    drawn: bytes, number: int, prizes: int, ballots: int
) -> None:
    assert draws.pick(drawn, number, prizes, ballots) == verifier.picked(drawn, number, prizes, ballots)
