"""The verifier's command: its words, its options, and what it says when it is called wrongly."""

from pathlib import Path

import pytest
from tests.fairdraw.conftest import Verify, as_bytes
from tests.fairdraw.making import Drawn, LogKey, genesis

from app.fairdraw import verifier

USAGE = "usage: parlour [verify | verify-all] FILE... [options]\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: LogKey, drawn: Drawn) -> None:
    """With the files that most tests name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    Path("t.json").write_bytes(as_bytes(drawn.transcript))
    Path("r.json").write_bytes(as_bytes(key.receipt(drawn, 3)))


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        ([], "the following arguments are required: FILE"),
        (["verify"], "the following arguments are required: FILE"),
        (["verify-all"], "the following arguments are required: FILE"),
        (["t.json", "--more"], "unrecognized arguments: --more"),
        (["t.json", "--key", "k", "--unsigned"], "argument --unsigned: not allowed with argument --key"),
        (["nowhere.json"], "[Errno 2] No such file or directory: 'nowhere.json'"),
        (["."], "[Errno 21] Is a directory: '.'"),
        (["t.json", "--key", "nowhere"], "[Errno 2] No such file or directory: 'nowhere'"),
        (["t.json", "--receipt", "nowhere"], "[Errno 2] No such file or directory: 'nowhere'"),
        (["t.json", "--checkpoint", "nowhere"], "[Errno 2] No such file or directory: 'nowhere'"),
    ],
)
def test_called_wrongly_it_exits_with_2(capsys: pytest.CaptureFixture[str], arguments: list[str], wrong: str) -> None:
    with pytest.raises(SystemExit) as ended:
        verifier.main(arguments, "parlour")
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"{USAGE}parlour: error: {wrong}\n"


def test_it_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        verifier.main(["verify", "--help"], "parlour")
    assert ended.value.code == 0
    assert " ".join(capsys.readouterr().out.split()) == (
        "usage: parlour [verify | verify-all] FILE... [options] Check Parlour's draws, plays and rounds offline. "
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


def test_options_and_files_come_in_any_order(key: LogKey) -> None:
    for arguments in (
        ["t.json", "r.json", "--key", str(key)],
        ["verify", "--key", str(key), "t.json", "r.json"],
        ["--receipt", "r.json", "t.json", "--key", str(key)],
        ["t.json", "--key", str(key), "r.json"],
    ):
        assert verifier.main(arguments, "parlour") == 0


def test_a_file_may_be_called_like_a_command(key: LogKey, drawn: Drawn) -> None:
    Path("verify").write_bytes(as_bytes(drawn.transcript))
    assert verifier.main(["verify", "verify"], "parlour") == 0
    assert verifier.main(["t.json", "verify"], "parlour") == 0


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_key_is_a_text_or_a_file(key: LogKey, end: str) -> None:
    Path("key").write_text(f"{key}{end}")
    for given in (str(key), "key"):
        assert verifier.main(["r.json", "--key", given], "parlour") == 0


@pytest.mark.parametrize("content", [b"", b"\xff", b"key", b"\xd1\x96"])
def test_a_file_that_holds_no_key_is_refused(capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    Path("key").write_bytes(content)
    assert verifier.main(["t.json", "--key", "key"], "parlour") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "REFUSED: the key is not of the form <origin>+<8 hex digits>+<base64>\n"


def test_a_name_that_cannot_be_shown_is_escaped(capfd: pytest.CaptureFixture[str], drawn: Drawn) -> None:
    name = b"\xff.json".decode("utf-8", "surrogateescape")
    Path(name).write_bytes(as_bytes(drawn.transcript))
    assert verifier.main([name], "parlour") == 0
    Path(name).write_bytes(b"")
    assert verifier.main([name], "parlour") == 1
    said = capfd.readouterr()
    assert said.out.startswith("\\udcff.json:\n")
    assert said.err.startswith("REFUSED: \\udcff.json: this is neither JSON nor a checkpoint")


def test_several_files_are_checked_in_an_order_of_their_own(
    verify: Verify, key: LogKey, seeds: list[bytes], drawn: Drawn
) -> None:
    """What can say something of others comes before them, whatever the order of the arguments."""
    records = [genesis(seeds), *drawn.records]
    given = [
        key.receipt(drawn, 3),
        key.checkpoint(records[:2]),
        key.consistency(3, records),
        drawn.transcript,
        key.log(records),
    ]
    said = verify(*given, key).said
    assert [line for line in said.splitlines() if line[0] != " "] == [
        "5:",
        "4:",
        "3:",
        "2:",
        "1:",
        "All of this holds.",
    ]
