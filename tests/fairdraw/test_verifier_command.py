"""The verifier as a program: a copy of the one file, any Python, and nothing else."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fairdraw.conftest import Verify
from tests.fairdraw.making import Drawn, LogKey, changed, genesis

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


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        ([], "the following arguments are required: FILE"),
        (["verify"], "the following arguments are required: FILE"),
        (["--more"], "the following arguments are required: FILE"),
        (["t.json", "--more"], "unrecognized arguments: --more"),
        (["t.json", "--key", "k", "--unsigned"], "argument --unsigned: not allowed with argument --key"),
        (["nowhere.json"], "[Errno 2] No such file or directory: 'nowhere.json'"),
        (["."], "[Errno 21] Is a directory: '.'"),
        (["t.json", "--key", "nowhere"], "[Errno 2] No such file or directory: 'nowhere'"),
        (["t.json", "--receipt", "nowhere"], "[Errno 2] No such file or directory: 'nowhere'"),
    ],
)
def test_called_wrongly_it_exits_with_2(alone: Path, drawn: Drawn, arguments: list[str], wrong: str) -> None:
    (alone / "t.json").write_text(json.dumps(drawn.transcript))
    done = run(alone, *arguments)
    assert done.returncode == 2
    assert done.stderr == f"usage: verifier.py [verify | verify-all] FILE... [options]\nverifier.py: error: {wrong}\n"


def test_it_explains_itself(alone: Path) -> None:
    done = run(alone, "--help")
    assert done.returncode == 0
    assert " ".join(done.stdout.split()) == (
        "usage: verifier.py [verify | verify-all] FILE... [options] Check Parlour's draws, plays and rounds offline. "
        "positional arguments: FILE options: -h, --help show this help message and exit "
        "--key KEY the log's verifier key, or the file that holds it "
        "--unsigned leave signatures unchecked, for want of the key "
        "--beacon-unchecked leave a beacon unchecked, for want of py_ecc "
        "--receipt FILE has to be in a transcript here "
        "--checkpoint FILE has to begin the log here "
        "FILE is a transcript of a draw or of a round, a receipt, ballot, log, checkpoint, proof of consistency, or a "
        "file of plays. This needs Python 3.11 and nothing else, but for the signature of a public beacon (pip install "
        "py_ecc). It exits with 0 when all that was given holds, with 1 when something does not or could not be "
        "checked, with 2 when it is called wrongly."
    )


def test_a_key_is_a_text_or_a_file(alone: Path, key: LogKey, drawn: Drawn) -> None:
    (alone / "r.json").write_text(json.dumps(key.receipt(drawn, 3)))
    assert run(alone, "r.json", "--key", str(key)).returncode == 0
    for content in (str(key), f"{key}\n"):
        (alone / "key").write_text(content)
        assert run(alone, "r.json", "--key", "key").returncode == 0


def test_a_file_that_holds_no_key_is_refused(alone: Path, key: LogKey, drawn: Drawn) -> None:
    (alone / "r.json").write_text(json.dumps(key.receipt(drawn, 3)))
    (alone / "key").write_bytes(b"\xff")
    done = run(alone, "r.json", "--key", "key")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "REFUSED: the key is not of the form <origin>+<8 hex digits>+<base64>\n"


def test_several_files_are_named_in_the_order_in_which_they_are_checked(
    verify: Verify, key: LogKey, seeds: list[bytes], drawn: Drawn
) -> None:
    records = [genesis(seeds), *drawn.records]
    given = [
        key.receipt(drawn, 3),
        key.checkpoint(records[:2]),
        key.consistency(3, records),
        drawn.transcript,
        key.log(records),
    ]
    said = verify(*given, key).said
    assert [line for line in said.splitlines() if line.endswith(":") and line[0] != " "] == [
        "5:",
        "4:",
        "3:",
        "2:",
        "1:",
    ]
