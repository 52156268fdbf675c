"""Whoever follows a log notices when it is not the one that they saw."""

from base64 import b64encode
from itertools import pairwise
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from app.fairdraw.hashing import canonical, digest
from app.fairdraw.signing import LogKey
from app.fairdraw.tree import Frontier, leaf_hash
from app.fairdraw.witness import Distrusted, VerifierKey, Witness

KEY = LogKey(digest(b"log"), "parlour.test/fairdraw")
OTHER = LogKey(digest(b"other"), "parlour.test/fairdraw")
ELSEWHERE = LogKey(digest(b"log"), "elsewhere.test/fairdraw")

RECORDS = st.lists(st.fixed_dictionaries({"v": st.just(1), "draw": st.integers(0, 2**53)}), min_size=1, max_size=40)
CUTS = st.lists(st.integers(0, 40), max_size=5)


def note(records: list[Any], key: LogKey = KEY) -> str:
    tree = Frontier()
    for record in records:
        tree.append(leaf_hash(canonical(record)))
    return key.checkpoint(tree.size, tree.root)


def follow(records: list[Any], cuts: list[int]) -> Witness:
    """In pieces, each time from what was kept of the time before."""
    witness = Witness(VerifierKey.parse(KEY.verifier_key))
    for start, end in pairwise([0, *sorted(min(cut, len(records)) for cut in cuts), len(records)]):
        witness = Witness(witness.key, witness.frontier.size, witness.frontier.peaks)
        witness.sees(note(records[:end]), records[start:end])
    return witness


@given(RECORDS, CUTS)
def test_a_log_that_only_grows_is_trusted(records: list[Any], cuts: list[int]) -> None:
    assert follow(records, cuts).frontier.size == len(records)


@given(RECORDS, CUTS, RECORDS, st.data())
def test_a_log_that_has_changed_is_not(
    records: list[Any], cuts: list[int], more: list[Any], data: st.DataObject
) -> None:
    witness = follow(records, cuts)
    changed = data.draw(st.integers(0, len(records) - 1))
    other = [*records[:changed], {"v": 2}, *records[changed + 1 :]]
    with pytest.raises(Distrusted):
        witness.sees(note([*other, *more]), more)


@given(RECORDS, CUTS)
def test_a_log_that_has_become_shorter_is_not(records: list[Any], cuts: list[int]) -> None:
    with pytest.raises(Distrusted):
        follow(records, cuts).sees(note(records[:-1]), [])


def test_records_that_are_not_those_of_the_checkpoint_are_not() -> None:
    with pytest.raises(Distrusted):
        Witness(VerifierKey.parse(KEY.verifier_key)).sees(note([{"v": 1}]), [{"v": 2}])


def resigned(text: str, key: LogKey) -> str:
    """What only the holder of the key could make."""
    private = Ed25519PrivateKey.from_private_bytes(digest(b"log"))
    signature = digest(key.origin.encode() + b"\n\x01" + key.public)[:4] + private.sign(text.encode())
    return f"{text}\n— {key.origin} {b64encode(signature).decode()}\n"


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "parlour.test/fairdraw\n1\n",
        note([{"v": 1}], OTHER),
        note([{"v": 1}], ELSEWHERE),
        note([{"v": 1}]).replace("\n1\n", "\n2\n"),
        note([{"v": 1}]).replace("parlour.test", "parlour.best"),
        note([{"v": 1}])[:-4],
        resigned("elsewhere.test/fairdraw\n1\nAAAA\n", KEY),
        resigned("parlour.test/fairdraw\n-1\nAAAA\n", KEY),
        resigned("parlour.test/fairdraw\n1\n", KEY),
        resigned("parlour.test/fairdraw\n1\nno base64\n", KEY),
    ],
)
def test_a_checkpoint_that_the_key_has_not_signed_so_is_refused(bad: str) -> None:
    with pytest.raises(Distrusted):
        Witness(VerifierKey.parse(KEY.verifier_key)).sees(bad, [{"v": 1}])


@pytest.mark.parametrize("bad", ["", "a+b+c", "a+00000000+" + "A" * 44, KEY.verifier_key.replace("parlour", "barlour")])
def test_what_is_no_key_of_a_log_is_refused(bad: str) -> None:
    with pytest.raises(Distrusted):
        VerifierKey.parse(bad)
