"""Every route, asked by everyone: who is let in, who is told what, and who is told nothing."""

import re
from typing import Any

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler
from tests.authorisation.answers import INSIDERS, Role
from tests.authorisation.matrix import ROWS
from tests.authorisation.row import PLACE, Row, fill
from tests.authorisation.things import Things
from tests.authorisation.world import FIRST_NAME, GROUP_SECRET, OWN_SECRET, STANDING, World
from tests.people import Person

from app.apidocs.page import operation_id
from app.domain.accounts.standing import StaffRole
from app.routes import HTTP

pytestmark = pytest.mark.anyio

METHODS = {"get", "put", "post", "patch", "delete"}
CASES = [pytest.param(row, role, id=f"{row.name}-{role}") for row in ROWS for role in Role]


async def actor_of(world: World, row: Row, role: Role) -> Person | None:
    if role is Role.ANONYMOUS:
        return None
    if row.by_a_double:
        return await world.registry.enter(role, STANDING.get(role, StaffRole.NONE))
    return world.cast[role]


def told(answer: httpx.Response) -> dict[str, Any]:
    """What a refusal says, but for where and by whose request it was met."""
    return {name: value for name, value in answer.json().items() if name not in {"instance", "request_id"}}


@pytest.mark.parametrize(("row", "role"), CASES)
async def test_everyone_is_answered_as_their_row_says(world: World, row: Row, role: Role) -> None:
    expected, actor = row.answers[role], await actor_of(world, row, role)
    things = Things(world, role, actor, refused=expected >= 400)
    request, body = await fill(row.request, things.find), await fill(row.body, things.find)

    answer = await world.ask(actor, request, body)

    assert answer.status_code == expected, f"{request} by {role}: {answer.text}"
    if role not in {*INSIDERS, *row.tells}:
        assert GROUP_SECRET not in answer.text, "It tells what only members may know"
    if role not in {Role.OWNER, *row.tells}:
        assert OWN_SECRET not in answer.text, "It tells what only the owner may know"
    if role is Role.BLOCKED and role not in row.tells:
        assert FIRST_NAME not in answer.text, "It tells of somebody who is not there for them"
    if expected == 404 and row.things:
        absent = await world.ask(actor, await fill(row.request, things.absent), body)
        assert (absent.status_code, told(absent)) == (404, told(answer)), "It tells that there is such a thing"


async def test_every_route_has_a_row(world: World) -> None:
    """A new one without a row fails here: say in `rows/` what each role is answered."""
    paths = (await world.http.get("/docs/openapi.json")).json()["paths"]
    routes = {
        operation["operationId"]: (method.upper(), path)
        for path, operations in paths.items()
        for method, operation in operations.items()
        if method in METHODS
    }
    assert {row.operation for row in ROWS} == set(routes)
    for row in ROWS:
        method, template = routes[row.operation]
        assert row.method == method, row.name
        assert re.fullmatch(PLACE.sub("[^/]+", template), row.path.partition("?")[0]), f"{row.name} is {template}"


def test_every_row_says_something_of_every_role() -> None:
    for row in ROWS:
        assert set(row.answers) == set(Role), row.name
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_no_route_hides_from_the_matrix() -> None:
    """By being left out of the API page, where rows are looked for."""
    handlers = [one for controller in HTTP for one in vars(controller).values() if isinstance(one, HTTPRouteHandler)]
    assert {operation_id(one) for one in handlers} == {row.operation for row in ROWS}
