"""What the verifier says of many files, for the verifier in the browser: `python -m tests.fairdraw.vectors`.

Each file is also tried with one thing changed in it, thing after thing. `web/src/fairdraw/vectors.json` has the files,
what is changed in them, and what was said; `verify.test.ts` there tries the same.
"""

import contextlib
import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.fairdraw.making import (
    Drawn,
    Json,
    LogKey,
    canon,
    chain,
    changed,
    genesis,
    h,
    leaf,
    plays,
    rekey,
    round_,
    void,
)

from app.fairdraw import verifier

PLACE = Path(__file__).parents[2] / "web" / "src" / "fairdraw" / "vectors.json"
SEEDS = chain(h(b"the tail"), 9)
KEY = LogKey()
SALT = h(b"salt")
OVER, UNDER = {"chance": 50, "side": "over"}, {"chance": 8, "side": "under"}
BEACON = {
    "net": verifier.NET,
    "round": (1795125600 + 30 - 1692803367) // 3 + 3,
    "genesis": 1692803367,
    "period": 3,
    "margin": 30,
}


def owned(n: int, count: int = 5) -> Drawn:
    """Whose ballot 2 is user 7's."""
    tags = [h(b"user%d" % i) for i in range(count)]
    tags[2] = h(b"fairdraw/1/user\0", SALT, (7).to_bytes(8, "big"))
    leaves = [leaf(n, i, one, h(b"nonce%d" % i), h(b"id%d" % i)[:16]) for i, one in enumerate(tags)]
    return Drawn(SEEDS, n, prizes=2, leaves=leaves)


def files() -> Json:
    first, second = owned(1), owned(2)
    third = Drawn(SEEDS, 3, dealers=[h(b"one"), h(b"two")])
    newer = chain(h(b"another tail"), 4)
    records = [
        *(genesis(SEEDS), *first.records, *second.records, *third.records),
        *(void(4), rekey(newer, 5), genesis(SEEDS, lottery="weekly")),
    ]
    return {
        "transcript": first.transcript,
        "second": second.transcript,
        "nameless": Drawn(SEEDS, 2, lottery=None).transcript,
        "dealt": third.transcript,
        "empty": Drawn(SEEDS, 4, leaves=[]).transcript,
        "named": Drawn(SEEDS, 1, lottery='Київ \U0001f3b2 \x1b\x7f\\"').transcript,
        "beacon": Drawn(SEEDS, 1, beacon=BEACON, signature=bytes(48)).transcript,
        "receipt": KEY.receipt(first, 2),
        "ballot": KEY.ballot(first, 2, 7, SALT),
        "open ballot": KEY.ballot(first, 2, 7, SALT, included=False),
        "log": KEY.log(records),
        "checkpoint": KEY.checkpoint(records[:4]),
        "consistency": KEY.consistency(5, records),
        "plays": plays(chain(h(b"test seed"), 2), [(OVER, h(b"nonce1"), "player"), (UNDER, h(b"nonce2"), "server")]),
        "round": round_(chain(h(b"test seed"), 3), [(h(b"user0"), OVER), (h(b"user1"), UNDER)]),
        "other log": LogKey(secret=h(b"another")).log(records),
    }


def ends(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401  any JSON
    """Every place in a file, and something else for it."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from ends(part, f"{where}.{name}" if where else str(name))
    if where:
        yield where, other(value)


def other(value: Any) -> Any:  # noqa: ANN401  any JSON
    match value:
        case bool() | None:
            return not value
        case int():
            return value + 1
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1")
        case list():
            return value[:-1]
    return {**value, "more": 1}


ALONE = (
    *("transcript", "nameless", "dealt", "empty", "named", "receipt", "ballot", "open ballot"),
    *("log", "checkpoint", "consistency", "plays", "round"),
)
TOGETHER = (
    ["transcript", "ballot"],
    ["transcript", "receipt"],
    ["log", "transcript", "ballot"],
    ["log", "second"],
    ["log", "checkpoint"],
    ["log", "ballot"],
    ["log", "nameless"],
    ["log", "log"],
    ["log", "other log"],
    ["consistency", "checkpoint"],
    ["transcript", "second", "ballot"],
    ["second", "ballot"],
    ["log", "open ballot"],
    ["ballot", "receipt", "transcript", "checkpoint", "plays", "round"],
)
TEXTS = {
    "nothing": "",
    "an empty object": "{}",
    "a list": "[]",
    "the same key twice": '{"format": "fairdraw/1", "format": "fairdraw/1"}',
    "a fraction": '{"format": 1.0}',
    "an exponent": '{"format": 1e3}',
    "no number": '{"format": NaN}',
    "infinity": '{"format": -Infinity}',
    "below 0": '{"format": -1}',
    "less than nothing": '{"format": -0}',
    "beyond a u64": '{"format": 18446744073709551616}',
    "a leading zero": '{"format": 01}',
    "something after the end": '{"format": "fairdraw/1"} {}',
    "a byte order mark": '\ufeff{"format": "fairdraw/1"}',
    "a line in a string": '{"format": "fairdraw\n/1"}',
    "a comma at the end": '{"format": "fairdraw/1",}',
    "another space": '{"format":\u00a0"fairdraw/1"}',
    "nested": "[" * 5000 + "]" * 5000,
    "a prototype": '{"__proto__": {"format": "fairdraw/1"}}',
    "a key of every object": '{"format": "toString"}',
}


def said(contents: list[str], options: list[str]) -> Json:
    out, err = io.StringIO(), io.StringIO()
    with (
        tempfile.TemporaryDirectory() as directory,
        contextlib.chdir(directory),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        names = [str(n) for n in range(1, len(contents) + 1)]
        for name, content in zip(names, contents, strict=True):
            Path(name).write_bytes(content.encode())
        code = verifier.main([*names, *options], "verifier.py")
    refusal = err.getvalue().removeprefix("REFUSED: ").removesuffix("\n")
    return {"holds": code == 0, "refusal": refusal, "passed": out.getvalue().count("  ok  ")}


def case(about: str, given: list[Json], made: Json, **how: bool) -> Json:
    contents = []
    for part in given:
        content = made[part["of"]] if "of" in part else part["text"]
        for where, to in part.get("change", []):
            content = changed(content, where, to)
        contents.append(content if isinstance(content, str) else json.dumps(content))
    terms = {"key": True, "unsigned": False, **how}
    options = ["--key", str(KEY)] if terms["key"] else []
    options += ["--unsigned"] if terms["unsigned"] else []
    return {"about": about, "given": given, **terms, **said(contents, options)}


def cases(made: Json) -> Iterator[Json]:
    for name in ALONE:
        yield case(name, [{"of": name}], made)
        if isinstance(made[name], dict):
            for where, to in ends(made[name]):
                yield case(f"{name}: other {where}", [{"of": name, "change": [[where, to]]}], made)
    for names in TOGETHER:
        yield case(" and ".join(names), [{"of": name} for name in names], made)
    for about, text in TEXTS.items():
        yield case(about, [{"text": text}], made)
    for place in range(0, len(made["checkpoint"]), 7):
        text = made["checkpoint"]
        text = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        yield case(f"checkpoint: other at {place}", [{"text": text}], made)
    yield case("another key", [{"of": "other log"}], made)
    yield case("no key", [{"of": "receipt"}], made, key=False)
    yield case("no key, unsigned", [{"of": "receipt"}], made, key=False, unsigned=True)
    yield case("spaces", [{"text": json.dumps(made["transcript"], indent=3)}], made)
    yield case("another order", [{"text": canon(made["transcript"]).decode()}], made)


def vectors() -> str:
    made = files()
    found = {"key": str(KEY), "files": made, "cases": list(cases(made))}
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    PLACE.write_text(vectors(), "utf-8")
