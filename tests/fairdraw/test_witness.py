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


NOT_AS_BEFORE = "The log is not the one that was seen before: records were changed, or taken back."


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
    with pytest.raises(Distrusted, match=f"^{NOT_AS_BEFORE}$"):
        follow(records, cuts).sees(note(records[:-1]), [])


def test_records_that_are_not_those_of_the_checkpoint_are_not() -> None:
    with pytest.raises(Distrusted):
        Witness(VerifierKey.parse(KEY.verifier_key)).sees(note([{"v": 1}]), [{"v": 2}])


def resigned(text: str, key: LogKey) -> str:
    """What only the holder of the key could make."""
    private = Ed25519PrivateKey.from_private_bytes(digest(b"log"))
    signature = digest(key.origin.encode() + b"\n\x01" + key.public)[:4] + private.sign(text.encode())
    return f"{text}\n— {key.origin} {b64encode(signature).decode()}\n"


UNREADABLE = "The log's key or checkpoint cannot be read."
ANOTHER_KEY = "The checkpoint is signed by another key."
WRONG_SIGNATURE = "The signature of the checkpoint is wrong."
ANOTHER_LOG = "The checkpoint is of another log."
NO_KEY = "That is not the key of a log."
GOOD = note([{"v": 1}])


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("", ANOTHER_KEY),
        ("parlour.test/fairdraw\n1\n", ANOTHER_KEY),
        (note([{"v": 1}], OTHER), ANOTHER_KEY),
        (note([{"v": 1}], ELSEWHERE), ANOTHER_KEY),
        (GOOD.replace("\n1\n", "\n2\n"), WRONG_SIGNATURE),
        (GOOD.replace("parlour.test", "parlour.best"), ANOTHER_KEY),
        (GOOD.replace("parlour.test", "parlour.best", 1), WRONG_SIGNATURE),
        (GOOD[:-4], UNREADABLE),
        (GOOD + "\n", UNREADABLE),
        (GOOD[:-1] + " \n", ANOTHER_KEY),
        (GOOD.replace("=\n", "!=\n"), UNREADABLE),
        (GOOD[:-2] + "\n", UNREADABLE),
        (resigned("elsewhere.test/fairdraw\n1\nAAAA\n", KEY), ANOTHER_LOG),
        (resigned("parlour.test/fairdraw\n-1\nAAAA\n", KEY), ANOTHER_LOG),
        (resigned("parlour.test/fairdraw\n1\n", KEY), ANOTHER_LOG),
        (resigned("parlour.test/fairdraw\n1\nno base64\n", KEY), UNREADABLE),
    ],
)
def test_a_checkpoint_that_the_key_has_not_signed_so_is_refused(bad: str, said: str) -> None:
    with pytest.raises(Distrusted, match=f"^{said}$"):
        Witness(VerifierKey.parse(KEY.verifier_key)).sees(bad, [{"v": 1}])


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("", NO_KEY),
        ("a+b+c", UNREADABLE),
        ("a+00000000+" + "A" * 44, NO_KEY),
        (KEY.verifier_key.replace("parlour", "barlour"), NO_KEY),
    ],
)
def test_what_is_no_key_of_a_log_is_refused(bad: str, said: str) -> None:
    with pytest.raises(Distrusted, match=f"^{said}$"):
        VerifierKey.parse(bad)


def test_a_key_is_read_though_a_plus_is_among_its_digits() -> None:
    """Base64 has one, and pluses part a key."""
    keys = (LogKey(digest(b"%d" % n), "parlour.test/fairdraw") for n in range(100))
    key = next(key for key in keys if key.verifier_key.count("+") > 2)
    assert VerifierKey.parse(key.verifier_key) == (key.origin, key.public)
