from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.notices.vapid import Vapid
from app.embedded.stack import secret_key_in, vapid_key_in


@pytest.mark.parametrize(("make", "name"), [(secret_key_in, "secret_key"), (vapid_key_in, "vapid_private_key")])
def test_a_key_is_made_once_and_is_for_our_eyes_only(make: Callable[[Path], str], name: str, tmp_path: Path) -> None:
    key = make(tmp_path)
    assert make(tmp_path) == key
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_a_state_can_push_with_its_key(tmp_path: Path) -> None:
    assert Vapid(vapid_key_in(tmp_path), "").public_key.startswith("B")
