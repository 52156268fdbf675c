"""A file is read by value, and strictly: nothing that two readers could understand differently."""

import json
import sys

import pytest
from tests.fairdraw.conftest import Verify
from tests.fairdraw.making import Drawn

from app.fairdraw import verifier

JSON = "this is neither JSON nor a checkpoint: "


@pytest.fixture(scope="module")
def text(drawn: Drawn) -> str:
    return json.dumps(drawn.transcript)


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"", JSON + "Expecting value: line 1 column 1 (char 0)"),
        (b"{", JSON + "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b"{} {}", JSON + "Extra data: line 1 column 4 (char 3)"),
        (b"\xff", "this is not UTF-8"),
        (b'{"format": "\xc3\x28"}', "this is not UTF-8"),
        (b'{"a": 1, "a": 1}', "an object has the same key twice"),
        (b'{"a": 1, "\\u0061": 1}', "an object has the same key twice"),
        (b'{"b": {"a": 1, "a": 1}}', "an object has the same key twice"),
        (b'{"a": 1.0}', "a number has a fraction or an exponent, or is none"),
        (b'{"a": 1e3}', "a number has a fraction or an exponent, or is none"),
        (b'{"a": NaN}', "a number has a fraction or an exponent, or is none"),
        (b'{"a": -Infinity}', "a number has a fraction or an exponent, or is none"),
        (b'{"a": -1}', "a number is below 0 or beyond 2^64-1"),
        (b'{"a": -0}', "a number is below 0 or beyond 2^64-1"),
        (b'{"a": 18446744073709551616}', "a number is below 0 or beyond 2^64-1"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "a number is below 0 or beyond 2^64-1"),
        (b'{"a": 18446744073709551615}', "this is of none of the known formats"),
        (b"[" * 100_000, "this JSON is nested too deeply"),
        (b'{"a":' * 100_000, "this JSON is nested too deeply"),
        (b"[]", "this is of none of the known formats"),
        (b"1", "this is of none of the known formats"),
        (b"null", "this is of none of the known formats"),
        (b'"fairdraw/1"', "this is of none of the known formats"),
        (b"{}", "this is of none of the known formats"),
        (b'{"format": null}', "this is of none of the known formats"),
        (b'{"format": ["fairdraw/1"]}', "this is of none of the known formats"),
        (b'{"format": "fairdraw/2"}', "this is of none of the known formats"),
        (b'{"format": "checkpoint"}', "this is of none of the known formats"),
        (b'{"format": "fairdraw-log/1"}', 'not as the format says: "checkpoint", "records"'),
        (
            b'{"format": "fairdraw-log/1", "records": [[]], "checkpoint": 1}',
            'not as the format says: "checkpoint", "records"',
        ),
    ],
)
def test_what_could_be_understood_differently_is_refused(verify: Verify, data: bytes, wrong: str) -> None:
    verdict = verify(data)
    assert (verdict.code, verdict.refusal) == (1, wrong)


@pytest.mark.parametrize("size", [1, 16, 32])
def test_bytes_are_written_in_two_lower_case_digits_each(size: int) -> None:
    written = verifier.hex_of(size)
    assert written.fullmatch("0f" * size)
    for other in ("0F" * size, "0f" * size + "0", "0f" * size + "0f", "0f" * (size - 1), "0g" * size):
        assert not written.fullmatch(other)


@pytest.mark.parametrize("limit", [1000, 100_000])
def test_depth_has_a_limit_of_its_own(verify: Verify, text: str, limit: int) -> None:
    """Python's may be out of reach: py_ecc sets it to 100,000, and a stack does not hold as many calls."""
    deepest, before = "[" * 20 + "]" * 20, sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        assert verify(deepest).refusal == "this is of none of the known formats"
        beside = f"[[], [], {deepest}]"  # What was closed before does not count, neither for nor against.
        for deeper in (f"[{deepest}]", beside, deepest.replace("[]", "[{}]"), "[" + deepest, "[" * 10**6):
            assert verify(deeper).refusal == "this JSON is nested too deeply"
    finally:
        sys.setrecursionlimit(before)
    for quoted in ("[" * 99, '\\"' + "[" * 99, "\\\\"):
        assert verify(f'{{"a": "{quoted}", "b": "[{quoted}"}}').refusal == "this is of none of the known formats"
    assert verify(text).code == 0


def test_a_byte_order_mark_is_refused(verify: Verify, text: str) -> None:
    assert verify(text).code == 0
    assert verify("\ufeff" + text).refusal.startswith(JSON)


def test_spaces_order_and_escapes_do_not_count(verify: Verify, drawn: Drawn, text: str) -> None:
    turned = dict(reversed(drawn.transcript.items()))
    for same in (
        json.dumps(drawn.transcript, indent=4),
        json.dumps(drawn.transcript, separators=(",", ":")),
        json.dumps(turned),
        text.replace("daily", "\\u0064aily"),
        text.replace("Europe/Kyiv", "Europe\\/Kyiv"),
        f"\r\n\t {text} \n",
    ):
        assert verify(same).code == 0


def test_a_lottery_may_have_any_name(verify: Verify, seeds: list[bytes]) -> None:
    drawn = Drawn(seeds, lottery="щоденна \U0001f3b2 \u007f")
    escaped = json.dumps(drawn.transcript)
    assert escaped.isascii()
    assert verify(escaped).code == verify(json.dumps(drawn.transcript, ensure_ascii=False)).code == 0
