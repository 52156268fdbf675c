"""`parlour dealers` and `parlour beacon` beside a server, `parlour dealer` on another machine."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.embedded.stack import Stack


def run(*words: str, **environment: str) -> Result:
    """In this process, for there are many of them."""
    return CliRunner().invoke(main, words, env={"COLUMNS": "200", **environment})


@pytest.fixture
def operate(stack: Stack) -> Iterator[list[str]]:
    """What makes the daily lottery again what it was."""
    undo: list[str] = []
    yield undo
    for words in undo:
        assert run(*words.split(), **stack.addresses, SECRET_KEY="x" * 32).exit_code == 0


def test_a_dealer_and_an_operator_come_together(stack: Stack, operate: list[str], tmp_path: Path) -> None:
    place = ("--dir", str(tmp_path / "alice"))

    def operator(*words: str) -> Result:
        return run(*words, **stack.addresses, SECRET_KEY="x" * 32)

    init = run("dealer", "init", "--server", stack.base_url, "--name", "alice", *place)
    assert init.exit_code == 0, init.stderr
    [command] = re.findall(r"parlour (dealers add daily alice [0-9a-f]{64})\n", init.stdout)
    assert httpx.get(f"{stack.base_url}/api/lottery/log").json()["key"] in init.stdout

    early = run("dealer", "commit", *place)
    assert (early.exit_code, "Traceback" in early.stderr) == (1, False)
    assert "The operator has not added you yet." in early.stderr

    operate.append("dealers remove daily alice")
    added = operator(*command.split())
    assert added.stdout.startswith("daily: draws that open from now on are of level 1.\n")
    committed = run("dealer", "commit", "--draws", "5", *place)
    [first, last] = map(int, re.fullmatch(r"daily: committed to draws (\d+) to (\d+)\.\n", committed.stdout).groups())  # type: ignore[union-attr]  # no match fails as well
    assert last - first == 4
    assert (run("dealer", "commit", "--draws", "5", *place).stdout, run("dealer", "reveal", *place).stdout) == ("", "")
    assert f"committed to draws: {first} to {last}" in operator("dealers", "list", "daily").stdout
    removed = operator("dealers", "remove", "daily", "alice").stdout
    assert "of level 0" in removed
    assert re.search(r"alice  [0-9a-f]{64}  removed \d{4}-", removed)


def test_a_beacon_is_declared_and_dropped(stack: Stack, operate: list[str]) -> None:
    def beacon(*words: str) -> Result:
        return run("beacon", *words, **stack.addresses, SECRET_KEY="x" * 32)

    operate.append("beacon daily --none")
    assert "drand quicknet, 90 seconds after the close" in beacon("daily", "--margin", "90").stdout
    assert "of level 2" in beacon("daily").stdout
    assert "of level 0" in beacon("daily", "--none").stdout
    assert beacon("daily", "--none", "--margin", "90").exit_code == 2
    assert beacon("daily", "--margin", "1").exit_code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("dealers list weekly", "There is no such thing"),
        ("dealers add daily alice 00", "Expected `str` matching regex"),
        ("dealers remove daily nobody", "This lottery has no such dealer."),
        ("beacon weekly --margin 60", "There is no such thing"),
    ],
)
def test_what_cannot_be_is_said_without_a_traceback(stack: Stack, words: str, said: str) -> None:
    refused = run(*words.split(), **stack.addresses, SECRET_KEY="x" * 32)
    assert refused.exit_code == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("init --server http://127.0.0.1:9 --name alice", "does not answer"),
        ("init --server ftp://x --name alice", "https://"),
        ("init --server http://127.0.0.1:9 --name Alice", "small letters"),
        ("commit", "no dealer's directory"),
        ("reveal", "no dealer's directory"),
    ],
)
def test_a_dealer_is_told_in_a_sentence(words: str, said: str, tmp_path: Path) -> None:
    place = tmp_path / "alice"
    refused = run("dealer", *words.split(), "--dir", str(place))
    assert refused.exit_code in {1, 2}
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not place.exists(), "nothing is left behind that would be in the way of the next try"
