"""The directory of a dealer."""

import stat
from pathlib import Path

import pytest

from app.dealer.desk import Desk, Opened, Seen, Terms
from app.dealer.trouble import Trouble

TERMS = Terms(server="https://parlour.example.org", lottery="daily", name="alice", log_key="key")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "alice"


def test_only_its_owner_may_read_what_is_in_it(directory: Path) -> None:
    desk = Desk.set_up(directory, TERMS)
    desk.keep(Seen())
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()}
    assert modes == dict.fromkeys(("key", "secret", "dealer.json", "seen.json"), 0o600)


def test_every_dealer_has_other_keys_and_keeps_them(directory: Path, tmp_path: Path) -> None:
    desk, other = Desk.set_up(directory, TERMS), Desk.set_up(tmp_path / "bob", TERMS)
    again = Desk(directory)
    assert (again.hand.public, again.hand.secret(7)) == (desk.hand.public, desk.hand.secret(7))
    assert again.terms == TERMS
    assert desk.hand.public != other.hand.public
    assert desk.hand.secret(7) != other.hand.secret(7)


def test_keys_are_never_overwritten(directory: Path) -> None:
    key = Desk.set_up(directory, TERMS).hand.public
    with pytest.raises(Trouble, match="not empty"):
        Desk.set_up(directory, TERMS)
    assert Desk(directory).hand.public == key


def test_what_was_seen_is_kept(directory: Path) -> None:
    desk = Desk.set_up(directory, TERMS)
    assert desk.seen == Seen()
    seen = Seen(size=3, peaks=["aa", "bb"], checkpoint="note", newest=2, opened={"cc": Opened(2, 1795125600)})
    desk.keep(seen)
    assert Desk(directory).seen == seen


def test_a_half_written_file_does_no_harm(directory: Path) -> None:
    desk = Desk.set_up(directory, TERMS)
    desk.keep(Seen(size=3))
    (directory / ".seen.json.new").write_bytes(b'{"size"')
    assert desk.seen.size == 3
    desk.keep(Seen(size=4))
    assert desk.seen.size == 4


def test_two_runs_do_not_mix(directory: Path) -> None:
    desk = Desk.set_up(directory, TERMS)
    with desk.alone(), pytest.raises(Trouble, match="under way"), Desk(directory).alone():
        pass
    with desk.alone():
        pass


def test_another_directory_is_none(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="no dealer's directory"), Desk(tmp_path).alone():
        pass


def test_a_damaged_file_is_named(directory: Path) -> None:
    desk = Desk.set_up(directory, TERMS)
    (directory / "seen.json").write_text("{")
    with pytest.raises(Trouble, match=r"seen\.json cannot be read"):
        _ = desk.seen
