"""Every change of a file is refused: of any field, of any byte, and never with anything but a refusal.

Files are read by value. A change of bytes that leaves every value as it was (another space, an escape for a letter) is
none, and such a file holds as before; `reading` below says so without the verifier's help.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fairdraw.conftest import as_bytes
from tests.fairdraw.making import (
    Drawn,
    Json,
    LogKey,
    chain,
    changed,
    genesis,
    h,
    leaf,
    plays,
    round_,
    some_leaves,
    user_tag,
    void,
)

from app.fairdraw.verifier import Bench, Refused, Terms, read_file, read_key

KEY = LogKey()
TERMS = {key: Terms(read_key(str(KEY)) if key else None, unsigned=not key) for key in (True, False)}
SALT = h(b"salt")
SEEDS = chain(h(b"the tail"), 4)
SMALL = Drawn(SEEDS, prizes=1, leaves=[leaf(1, 0, user_tag(SALT, 42), h(b"nonce"), bytes(16)), *some_leaves(1, 3)[1:]])
DEALT = Drawn(SEEDS, 2, prizes=3, dealers=[h(b"one"), h(b"two")], lottery="щоденна")
RECORDS = [genesis(SEEDS), *SMALL.records, void(2)]
PLAYS = plays(SEEDS, [({"chance": 50, "side": "over"}, h(b"nonce"), "player")] * 3)
PICKS = [(h(b"user%d" % n), {"chance": (50, 8)[n % 2], "side": "over"}) for n in range(3)]
ROUND = round_(SEEDS, PICKS, 2)
BALLOT = KEY.ballot(SMALL, 0, 42, SALT)
FILES: dict[str, tuple[Json | str, list[Json]]] = {
    "transcript": (SMALL.transcript, []),
    "transcript with dealers": (DEALT.transcript, []),
    "receipt": (KEY.receipt(SMALL, 0), []),
    "ballot": ({**BALLOT, "inclusion": None}, []),
    "included ballot": (BALLOT, [SMALL.transcript]),
    "consistency": (KEY.consistency(2, RECORDS), []),
    "log": (KEY.log(RECORDS), []),
    "plays": (PLAYS, []),
    "round": (ROUND, []),
    "checkpoint": (KEY.checkpoint(RECORDS), []),
}
"""With what is needed beside it."""

VALID_TOO = {"included ballot: inclusion"}
"""Without a proof, a ballot is one of before the close."""


def holds(content: Any, beside: list[Json], *, signed: bool = True) -> bool:  # noqa: ANN401  a file's JSON, text or bytes
    """What the command does with it, save for the command. Any other error than a refusal fails the test."""
    bench = Bench(TERMS[signed])
    try:
        for file in sorted(
            (read_file("", as_bytes(one)) for one in (content, *beside)), key=lambda one: bench.ORDER.index(one.kind)
        ):
            bench.check(file.kind, file.content)
    except Refused:
        return False
    return True


def reading(data: bytes) -> Any:  # noqa: ANN401  any JSON
    """The values of a file, types and all, or None for what is no strict JSON."""

    def once(pairs: list[tuple[str, Any]]) -> str:
        if len(dict(pairs)) < len(pairs):
            raise ValueError
        return repr(sorted(pairs))

    try:
        text = data.decode()
        return json.loads(text, object_pairs_hook=once) if text.lstrip().startswith("{") else None
    except (ValueError, RecursionError):
        return None


def places(value: Any, where: str = "") -> Iterator[str]:  # noqa: ANN401  any JSON
    """Every place in a file: `open.beacon`, `ballots.0`, …"""
    for name, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield f"{where}{name}"
        yield from places(part, f"{where}{name}.")


def at(value: Any, where: str) -> Any:  # noqa: ANN401  any JSON
    for name in where.split(".") if where else ():
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


OTHERS = [
    None,
    True,
    False,
    7,
    0,
    "",
    "00",
    "0G" * 32,
    "AB" * 32,
    [],
    [7],
    {},
    {"a": 7},
    2**64 - 1,
    "0" * 64,
    "0" * 228,
]
IN_JSON = [name for name, (file, _) in FILES.items() if isinstance(file, dict)]


@pytest.fixture(autouse=True)
def quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """What is said of thousands of files is of no interest here."""


@pytest.mark.parametrize("name", FILES)
def test_unchanged_it_holds(name: str) -> None:
    content, beside = FILES[name]
    assert holds(content, beside)


@pytest.mark.parametrize("name", IN_JSON)
def test_no_field_may_be_something_else(name: str) -> None:
    file, beside = FILES[name]
    for where in places(file):
        value = at(file, where)
        # A record is bound by the root in the checkpoint, so that this shows without the signature, and sooner.
        signed = not where.startswith("records")
        near = [value + 1, value - 1, value * 2, str(value)] if isinstance(value, int) else []
        near += [value[:-1], value + value[-1:], value[::-1], value.upper()] if isinstance(value, str) else []
        near += [value[:-1], value + value[-1:], value[::-1]] if isinstance(value, list) else []
        for other in [*OTHERS, *near]:
            if repr(other) != repr(value) and f"{name}: {where}" not in VALID_TOO and not shorter(name, where, other):
                assert not holds(changed(file, where, other), beside, signed=signed), (where, other)


def shorter(name: str, where: str, other: object) -> bool:
    """Some of the plays are a file of plays."""
    return (
        (name, where) == ("plays", "plays") and isinstance(other, list) and all(one in PLAYS["plays"] for one in other)
    )


@pytest.mark.parametrize("name", IN_JSON)
def test_no_field_may_be_missing_or_more_than_the_format_has(name: str) -> None:
    file, beside = FILES[name]
    for where in ["", *places(file)]:
        owner = at(file, where)
        if isinstance(owner, dict):
            for other in ({**owner, "more": 1}, *({k: owner[k] for k in owner if k != without} for without in owner)):
                assert not holds(changed(file, where, other) if where else other, beside), (where, other.keys())


@pytest.mark.parametrize("name", IN_JSON)
def test_no_field_may_stand_twice(name: str) -> None:
    """Even with the same value: another reader may take the other one."""
    file, beside = FILES[name]
    text = json.dumps(file)
    for where in places(file):
        field = f'"{where.rpartition(".")[2]}": '
        if field in text:
            value = json.dumps(at(file, where))
            assert not holds(text.replace(f"{field}{value}", f"{field}{value}, {field}{value}", 1), beside), where


def assert_refused_unless_it_says_the_same(name: str, data: bytes) -> None:
    content, beside = FILES[name]
    same = reading(data) is not None and reading(data) == reading(as_bytes(content))
    assert holds(data, beside) == same, data


@pytest.mark.parametrize("name", ["transcript", "plays"])
def test_every_bit_of_every_byte_counts(name: str) -> None:
    original = as_bytes(FILES[name][0])
    for place in range(len(original)):
        for bit in range(8):
            data = bytearray(original)
            data[place] ^= 1 << bit
            assert_refused_unless_it_says_the_same(name, bytes(data))


@pytest.mark.parametrize("name", [name for name in FILES if name not in {"transcript", "plays"}])
def test_every_byte_counts(name: str) -> None:
    """One bit of each, and which one goes round. A signature is checked for most, so of the long files every fifth."""
    original = as_bytes(FILES[name][0])
    for place in range(0, len(original), 1 if len(original) < 400 else 5):
        data = bytearray(original)
        data[place] ^= 1 << place % 8
        assert_refused_unless_it_says_the_same(name, bytes(data))


@pytest.mark.parametrize("name", FILES)
def test_no_byte_may_be_missing_or_more(name: str) -> None:
    original = as_bytes(FILES[name][0])
    step = 1 if name in {"transcript", "plays", "checkpoint"} else 13
    for place in range(0, len(original), step):
        assert_refused_unless_it_says_the_same(name, original[:place] + original[place + 1 :])
        assert_refused_unless_it_says_the_same(name, original[:place] + b"0" + original[place:])
        assert_refused_unless_it_says_the_same(name, original[:place])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_byte_of_a_larger_draw_counts(data: st.DataObject) -> None:
    seeds = chain(data.draw(st.binary(min_size=32, max_size=32)), 3)
    draw, ballots = data.draw(st.integers(1, 3)), data.draw(st.integers(0, 60))
    dealers = data.draw(st.lists(st.binary(min_size=32, max_size=32), max_size=3))
    name = data.draw(st.text(st.characters(codec="utf-8"), max_size=9))
    prizes = data.draw(st.integers(0, 70))
    leaves = some_leaves(draw, ballots)
    content = Drawn(seeds, draw, lottery=name, prizes=prizes, dealers=dealers, leaves=leaves).transcript
    original = json.dumps(content, indent=data.draw(st.sampled_from([None, 1])), ensure_ascii=False).encode()
    assert holds(original, [])
    for _ in range(10):
        place = data.draw(st.integers(0, len(original) - 1))
        byte = data.draw(st.integers(0, 255))
        other = original[:place] + bytes([byte]) + original[place + 1 :]
        same = reading(other) is not None and reading(other) == reading(original)
        assert holds(other, []) == same
