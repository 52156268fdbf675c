"""Lines that begin with a slash."""

from pathlib import Path

import pytest

from parlour_client.terminal.commands import LogOut, NoCommand, Save, SendFile, command_in
from parlour_client.terminal.saving import place_for


def test_what_begins_with_no_slash_or_with_two_is_said() -> None:
    assert command_in("hello / there") == "hello / there"
    assert command_in("//shrug") == "/shrug"
    assert command_in("/logout ") == LogOut()


@pytest.mark.parametrize("written", ['"a b.txt"', "'a b.txt'", r"a\ b.txt"])
def test_a_path_is_quoted_as_in_a_shell_and_the_rest_is_the_caption(
    written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a b.txt").touch()
    assert command_in(f"/file {written}") == SendFile(Path("a b.txt"), "")
    assert command_in(f"/file {written}  it's this one") == SendFile(Path("a b.txt"), "it's this one")


def test_home_is_where_the_shell_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "here").touch()
    assert command_in("/file ~/here") == SendFile(tmp_path / "here", "")
    assert command_in("/save 12 ~") == Save(12, tmp_path)
    assert command_in("/save 12") == Save(12, Path())


@pytest.mark.parametrize("line", ["/shrug", "/file", "/file not-there", "/save", "/save me", "/save 1 not-there", "/"])
def test_what_is_wrong_is_said_and_nothing_sent(line: str) -> None:
    with pytest.raises(NoCommand):
        command_in(line)


@pytest.mark.parametrize("name", ["../../x.txt", "/etc/x.txt", "..\\x.txt", ".x.txt", "x.txt"])
def test_no_name_leads_out_of_the_directory_or_hides(name: str, tmp_path: Path) -> None:
    assert place_for(name, tmp_path) == tmp_path / "x.txt"


@pytest.mark.parametrize("name", ["", "..", "/"])
def test_a_file_without_a_name_gets_one(name: str, tmp_path: Path) -> None:
    assert place_for(name, tmp_path) == tmp_path / "file"


def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "x.txt").touch()
    (tmp_path / "x (2).txt").touch()
    assert place_for("x.txt", tmp_path) == tmp_path / "x (3).txt"
