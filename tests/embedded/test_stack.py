"""What a state directory keeps from one start to the next."""

from pathlib import Path
from stat import S_IMODE

from app.domain.notices.vapid import Vapid
from app.embedded.stack import keys_in


def test_a_key_is_made_once_and_is_for_our_eyes_only(tmp_path: Path) -> None:
    keys = keys_in(tmp_path)
    assert keys_in(tmp_path) == keys
    assert len(set(keys.values())) == len(keys), "each is a secret of its own"
    for name, key in keys.items():
        file = tmp_path / name
        assert file.read_text() == key
        assert S_IMODE(file.stat().st_mode) == 0o600


def test_a_state_can_push_with_its_key(tmp_path: Path) -> None:
    assert Vapid(keys_in(tmp_path)["vapid_private_key"], "").public_key.startswith("B")
