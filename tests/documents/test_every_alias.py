"""No alias without its document's request."""

import re
from pathlib import Path

import pytest

from app.aliases import ALIASES

REQUESTS = "".join(file.read_text() for file in sorted(Path(__file__).parent.glob("test_[a-e]_*.py")))


@pytest.mark.parametrize("path", ALIASES)
def test_every_alias_is_asked_for_in_these_files(path: str) -> None:
    assert re.search(rf'"{re.escape(path)}(/|{{slash}})?"', REQUESTS)
