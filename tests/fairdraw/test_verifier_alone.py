"""The verifier as a program: a copy of the one file, any Python, and nothing else."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fairdraw.making import Drawn, LogKey, changed

from app.fairdraw import verifier

SOURCE = Path(verifier.__file__)


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """A directory with the program, as somebody downloads it."""
    (tmp_path / "verifier.py").write_bytes(SOURCE.read_bytes())
    return tmp_path


def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Without site packages, without our package, without an environment."""
    return subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-I", "-S", "-W", "error", "verifier.py", *arguments],
        cwd=directory,
        env={},
        text=True,
        encoding="utf-8",
        capture_output=True,
        check=False,
        timeout=30,
    )


def test_it_imports_the_standard_library_and_nothing_of_ours() -> None:
    imported = set()
    for node in ast.walk(ast.parse(SOURCE.read_text())):
        if isinstance(node, ast.Import):
            imported |= {name.name.partition(".")[0] for name in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(str(node.module).partition(".")[0])
    assert imported - sys.stdlib_module_names == {"py_ecc"}


def test_it_runs_anywhere(alone: Path, drawn: Drawn) -> None:
    (alone / "t.json").write_text(json.dumps(drawn.transcript))
    done = run(alone, "t.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("t.json:\n  ok  ")
    assert done.stdout.endswith("\nAll of this holds.\n")


def test_it_says_what_is_wrong_after_what_was_right(alone: Path, drawn: Drawn) -> None:
    (alone / "t.json").write_text(json.dumps(changed(drawn.transcript, "result.winners", [0, 1])))
    done = run(alone, "t.json")
    assert done.returncode == 1
    assert done.stderr == "REFUSED: t.json: other ballots have won\n"
    assert done.stdout.endswith("dealers are what the open commits to\n")


def test_a_strange_name_of_a_file_is_no_traceback(alone: Path, drawn: Drawn) -> None:
    name = b"t\xff\xd1\x96.json".decode("utf-8", "surrogateescape")
    (alone / name).write_text(json.dumps(drawn.transcript))
    done = run(alone, name)
    assert (done.returncode, done.stderr) == (0, "")
    (alone / name).write_text("")
    assert run(alone, name).stderr.startswith("REFUSED: ")


def test_it_is_a_program_of_several_commands_and_exit_codes(alone: Path, key: LogKey, drawn: Drawn) -> None:
    (alone / "t.json").write_text(json.dumps(drawn.transcript))
    (alone / "r.json").write_text(json.dumps(key.receipt(drawn, 3)))
    assert run(alone, "verify", "t.json", "r.json", "--key", str(key)).returncode == 0
    assert run(alone, "verify-all", "t.json").returncode == 1
    assert run(alone).returncode == 2
    assert run(alone, "nowhere.json").returncode == 2
