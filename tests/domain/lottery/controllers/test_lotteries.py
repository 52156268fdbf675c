from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
from httpx import AsyncClient, Response
from tests.domain.lottery.conftest import log_in

from app.domain.accounts.guards import Doorkeeper
from app.domain.accounts.standing import StaffRole
from app.domain.audit.services import Audit

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio

LOTTERIES = "/api/lottery/lotteries"
FRIDAY = {"name": "friday", "cadence": "weekly:friday", "zone": "Europe/Kyiv", "prizes": 3, "title": "Friday night"}


@pytest.fixture
async def sue(guest: AsyncClient, doorkeeper: Doorkeeper, world: "World") -> AsyncClient:
    """Who is staff."""
    return log_in(guest, doorkeeper, await world.join("sue", StaffRole.STAFF))


def code(response: Response, status: HTTPStatus) -> str:
    assert response.status_code == status, response.text
    return str(response.json()["code"])


async def test_staff_creates_changes_and_ends_a_lottery(sue: AsyncClient, world: "World") -> None:
    created = await sue.post(LOTTERIES, json=FRIDAY)
    assert created.status_code == HTTPStatus.CREATED
    assert created.json() == {
        **FRIDAY, "ballots_per_user": 1000, "audience": "everyone", "ended_at": None,
        "created_at": created.json()["created_at"],
    }  # fmt: skip
    changed = await sue.patch(f"{LOTTERIES}/friday", json={"ballots_per_user": 5, "audience": "verified"})
    assert changed.json() == {**created.json(), "ballots_per_user": 5, "audience": "verified"}
    by_default = await sue.patch(f"{LOTTERIES}/friday", json={"ballots_per_user": None})
    assert by_default.json()["ballots_per_user"] == 1000
    ended = await sue.post(f"{LOTTERIES}/friday/end")
    assert ended.status_code == HTTPStatus.OK
    assert ended.json()["ended_at"]
    assert (await sue.get(f"{LOTTERIES}/friday")).json() == ended.json()


async def test_the_same_requests_again_have_the_same_answers(sue: AsyncClient) -> None:
    first, again = await sue.post(LOTTERIES, json=FRIDAY), await sue.post(LOTTERIES, json=FRIDAY)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert code(await sue.post(LOTTERIES, json={**FRIDAY, "prizes": 4}), HTTPStatus.CONFLICT) == "lottery_exists"
    for method, path, body in (("PATCH", "", {"prizes": 4}), ("POST", "/end", None)):
        answers = [await sue.request(method, f"{LOTTERIES}/friday{path}", json=body) for _ in range(2)]
        assert answers[0].json() == answers[1].json()


async def test_it_is_recorded_who_did_it(sue: AsyncClient, world: "World") -> None:
    await sue.post(LOTTERIES, json=FRIDAY)
    await sue.post(LOTTERIES, json=FRIDAY)
    async with world.resources.sessions() as session:
        [entry] = await Audit(session=session).entries(limit=10)
    assert (entry.actor_id, entry.action, entry.subject_kind) == (2, "create_lottery", "lottery")


async def test_nobody_else_does(sue: AsyncClient, doorkeeper: Doorkeeper, world: "World") -> None:
    await sue.post(LOTTERIES, json=FRIDAY)
    mia = log_in(sue, doorkeeper, await world.join("mia", StaffRole.MODERATOR))
    requests: list[tuple[str, str, Any]] = [
        ("POST", LOTTERIES, {**FRIDAY, "name": "other"}),
        ("PATCH", f"{LOTTERIES}/friday", {"prizes": 9}),
        ("POST", f"{LOTTERIES}/friday/end", None),
    ]
    for method, path, body in requests:
        assert code(await mia.request(method, path, json=body), HTTPStatus.FORBIDDEN) == "not_staff"
    del mia.headers["Authorization"]
    for method, path, body in requests:
        assert code(await mia.request(method, path, json=body), HTTPStatus.UNAUTHORIZED) == "not_logged_in"
    assert (await mia.get(f"{LOTTERIES}/friday")).json()["prizes"] == 3


async def test_everyone_reads_all_lotteries_the_oldest_first(guest: AsyncClient, world: "World") -> None:
    await world.reconcile()
    for name in ("one", "two"):
        await world.offer(name, "minutes:60")
    assert [one["name"] for one in (await guest.get(LOTTERIES)).json()] == ["daily", "one", "two"]
    assert [one["name"] for one in (await guest.get(LOTTERIES, params={"limit": 1, "offset": 1})).json()] == ["one"]
    assert (await guest.get(f"{LOTTERIES}/daily")).json()["cadence"] == "daily"
    assert code(await guest.get(f"{LOTTERIES}/three"), HTTPStatus.NOT_FOUND) == "not_found"


async def test_a_weekly_draw_is_found_by_its_week(guest: AsyncClient, world: "World") -> None:
    await world.offer("friday", "weekly:friday")
    await world.reconcile()
    draw = (await guest.get("/api/lottery/draws/friday/2026-W47")).json()
    assert (draw["number"], draw["period"], draw["date"]) == (1, "2026-W47", "2026-11-20")
    assert (await guest.get("/api/lottery/draws/friday/1")).json() == draw
    for wrong in ("2026-W7", "2026-W477", "2026W47", "W47"):
        assert code(await guest.get(f"/api/lottery/draws/friday/{wrong}"), HTTPStatus.BAD_REQUEST) == "bad_request"


REFUSED: dict[tuple[HTTPStatus, str], list[dict[str, Any]]] = {
    (HTTPStatus.UNPROCESSABLE_ENTITY, "cadence_refused"): [{"cadence": "minutes:7"}, {"cadence": "weekly:fryday"}],
    (HTTPStatus.UNPROCESSABLE_ENTITY, "unknown_zone"): [{"zone": "Europe/Atlantis"}],
    (HTTPStatus.UNPROCESSABLE_ENTITY, "no_such_group"): [{"audience": "group:99"}],
    (HTTPStatus.CONFLICT, "standing_lottery"): [{"name": "daily"}, {"name": "minute"}],
    (HTTPStatus.BAD_REQUEST, "bad_request"): [
        {"zone": "../../etc/passwd"},
        {"audience": "group:0"},
        {"audience": f"group:{10**22}"},
        {"audience": "friends"},
        {"name": "Friday"},
        {"name": "-friday"},
        {"name": "friday\n"},
        {"name": "x" * 51},
        {"title": ""},
        {"title": " "},
        {"title": "one\ntwo"},
        {"title": "nul\x00"},
        {"title": "x" * 101},
        {"prizes": 0},
        {"prizes": 101},
        {"ballots_per_user": 0},
        {"ballots_per_user": 10**22},
        {"winner": "me"},
    ],
}


async def test_what_cannot_be_is_refused(sue: AsyncClient, world: "World") -> None:
    for (status, named), cases in REFUSED.items():
        for changes in cases:
            assert code(await sue.post(LOTTERIES, json={**FRIDAY, **changes}), status) == named, changes
    assert (await sue.get(LOTTERIES)).json() == []


async def test_what_cannot_change_is_refused(sue: AsyncClient) -> None:
    created = await sue.post(LOTTERIES, json=FRIDAY)
    changes: list[Any] = [{"cadence": "daily"}, {"name": "monday"}, {"prizes": 0}, {"zone": ""}, [], "text"]
    for change in changes:
        assert code(await sue.patch(f"{LOTTERIES}/friday", json=change), HTTPStatus.BAD_REQUEST) == "bad_request"
    assert (await sue.get(f"{LOTTERIES}/friday")).json() == created.json()


async def test_what_is_over_is_refused(sue: AsyncClient) -> None:
    assert code(await sue.patch(f"{LOTTERIES}/friday", json={"prizes": 2}), HTTPStatus.NOT_FOUND) == "not_found"
    assert code(await sue.post(f"{LOTTERIES}/friday/end"), HTTPStatus.NOT_FOUND) == "not_found"
    assert code(await sue.post(f"{LOTTERIES}/daily/end"), HTTPStatus.CONFLICT) == "standing_lottery"
    await sue.post(LOTTERIES, json=FRIDAY)
    await sue.post(f"{LOTTERIES}/friday/end")
    assert code(await sue.patch(f"{LOTTERIES}/friday", json={"prizes": 2}), HTTPStatus.CONFLICT) == "lottery_ended"
