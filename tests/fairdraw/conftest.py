"""The verifier as its user meets it: files in a directory, a command, what it prints, and how it exits."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.fairdraw.making import Drawn, LogKey, chain, h

from app.fairdraw import verifier


@dataclass
class Verdict:
    code: int
    said: str
    refusal: str
    """Without `REFUSED:` and the name of the file."""


Verify = Callable[..., Verdict]


def as_bytes(content: Any) -> bytes:  # noqa: ANN401  a file's JSON, text or bytes
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    return text.encode() if isinstance(text, str) else text


@pytest.fixture
def verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Verify:
    """Give it files' contents and options, in any order. The files are called 1, 2, … as they come."""
    monkeypatch.chdir(tmp_path)

    def run(*given: Any) -> Verdict:  # noqa: ANN401  see above
        arguments = []
        for argument in given:
            if isinstance(argument, str) and (argument.startswith("--") or argument in {"verify", "verify-all"}):
                arguments.append(argument)
            elif isinstance(argument, LogKey):
                arguments += ["--key", str(argument)]
            else:
                name = str(sum(one.isdigit() for one in arguments) + 1)
                Path(name).write_bytes(as_bytes(argument))
                arguments.append(name)
        code = verifier.main(arguments, "verifier.py")
        out, err = capsys.readouterr()
        name, _, refusal = err.removeprefix("REFUSED: ").strip().partition(": ")
        assert (code == 1) == err.startswith("REFUSED: ")
        assert not refusal or name.isdigit()
        return Verdict(code, out, refusal or name)

    return run


@pytest.fixture(scope="session")
def key() -> LogKey:
    return LogKey()


@pytest.fixture(scope="session")
def seeds() -> list[bytes]:
    """s[0] … s[9]."""
    return chain(h(b"the tail"), 9)


@pytest.fixture(scope="session")
def drawn(seeds: list[bytes]) -> Drawn:
    """Draw 1: five ballots and two prizes."""
    return Drawn(seeds, prizes=2)


@pytest.fixture(scope="session")
def draws(seeds: list[bytes]) -> list[Drawn]:
    """Draws 1 to 8, by their number; the first is drawn 0, of another lottery."""
    return [Drawn(seeds, lottery="weekly"), *(Drawn(seeds, n, prizes=n % 3) for n in range(1, 9))]
