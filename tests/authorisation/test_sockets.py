"""Every frame on every socket, sent by everyone: what comes of it, and what is never told."""

import re
from typing import get_args

import pytest
from tests.authorisation.answers import INSIDERS, Role
from tests.authorisation.row import PLACE, fill
from tests.authorisation.rows.sockets import HIDDEN, HIDDEN_ROUND, ROWS, SocketRow
from tests.authorisation.talk import say
from tests.authorisation.things import Things
from tests.authorisation.world import GROUP_SECRET, World

from app.domain.live.schemas import ClientFrame
from app.routes import SOCKETS

pytestmark = pytest.mark.anyio

CASES = [pytest.param(row, role, id=f"{row.name}-{role}") for row in ROWS for role in Role]
OUT = (HIDDEN, HIDDEN_ROUND, "closed 4403")


@pytest.mark.parametrize(("row", "role"), CASES)
async def test_what_comes_of_a_frame_is_as_its_row_says(
    world: World, base_url: str, row: SocketRow, role: Role
) -> None:
    expected, actor = row.outcomes[role], world.cast.get(role)
    things = Things(world, role, actor, refused=expected.startswith(("error", "closed")))
    path, frame = await fill(row.path, things.find), await fill(row.frame, things.find)

    heard = await say(base_url, path, frame, actor, expected)

    assert heard.outcome == expected, f"{frame} on {path} by {role}: {heard}"
    if role not in INSIDERS:
        assert GROUP_SECRET not in "".join(heard.frames), "It tells what only members may know"
    if expected in OUT:
        path, frame = await fill(row.path, things.absent), await fill(row.frame, things.absent)
        absent = await say(base_url, path, frame, actor, expected)
        assert (absent.outcome, absent.sentence) == (expected, heard.sentence), "It tells that there is such a thing"


def test_every_frame_and_every_socket_has_a_row() -> None:
    """A new one without a row fails here: say in `rows/sockets.py` what comes of it for each role."""
    frames = {frame.__struct_config__.tag for frame in get_args(ClientFrame)}
    assert {row.frame["type"] for row in ROWS if row.path == "/ws"} == frames
    paths = {re.sub(r"\{[^}]+\}", "{}", path) for socket in SOCKETS for path in socket.paths}
    assert {PLACE.sub("{}", row.path).rstrip("/") for row in ROWS} == paths


def test_every_row_says_something_of_every_role() -> None:
    for row in ROWS:
        assert set(row.outcomes) == set(Role), row.name
    assert len({row.name for row in ROWS}) == len(ROWS)
