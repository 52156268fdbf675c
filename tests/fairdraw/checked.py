"""Files of plays that the server gave out, as the verifier finds them."""

import json
from typing import Any

from app.fairdraw.verifier import check_plays, read_file


def check(file: dict[str, Any], genesis: str) -> bool:
    """Are these all plays of the epoch so far? `genesis` is what the player had. Raises Refused."""
    assert file["genesis"] == genesis
    check_plays(read_file("plays.json", json.dumps(file).encode()).content)
    return [play["n"] for play in file["plays"]] == list(range(1, len(file["plays"]) + 1))
