from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
from httpx import AsyncClient, Headers, Response
from tests.domain.lottery.conftest import log_in

from app.domain.accounts.guards import Doorkeeper
from app.problems import PROBLEM_JSON

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
LONG_DIGITS = "9" * 40


@pytest.fixture
async def past(world: "World") -> "World":
    """Today is the real one; yesterday's and the day before's draws were held, the latter with three ballots."""
    world.now = datetime.now(UTC) - 2 * DAY
    await world.submit(count=3)
    world.wait(days=2)
    await world.reconcile()
    return world


def problem(response: Response, status: HTTPStatus) -> Any:  # noqa: ANN401 - a JSON object
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM_JSON
    return response.json()["code"]


# Submitting


async def test_a_ballot_for_tomorrow(ann: AsyncClient, world: "World") -> None:
    tomorrow = (datetime.now(UTC) + DAY).date().isoformat()
    response = await ann.post("/api/lottery/ballots", json={"draw_date": tomorrow})
    assert response.status_code == HTTPStatus.CREATED
    answer = response.json()
    [ballot] = answer["ballots"]
    assert ballot.keys() == {"id", "seq", "draw_date", "submitted_at", "receipt"}
    assert (ballot["seq"], ballot["draw_date"]) == (0, tomorrow)
    assert (answer["draw"]["lottery"], answer["draw"]["state"], answer["draw"]["ballots"]) == ("daily", "open", 1)
    assert [str(id_) for id_ in await world.ballot_ids()] == [ballot["id"]]


@pytest.mark.parametrize("body", [{}, {"json": {}}, {"json": {"draw_date": None}}])
async def test_without_a_date_or_a_body_the_ballot_is_for_today(ann: AsyncClient, body: dict[str, Any]) -> None:
    response = await ann.post("/api/lottery/ballots", **body)
    assert response.status_code == HTTPStatus.CREATED
    assert response.json()["ballots"][0]["draw_date"] == datetime.now(UTC).date().isoformat()


async def test_only_who_is_logged_in_submits_and_has_ballots(guest: AsyncClient, world: "World") -> None:
    assert problem(await guest.post("/api/lottery/ballots", json={}), HTTPStatus.UNAUTHORIZED) == "not_logged_in"
    assert problem(await guest.get("/api/lottery/ballots"), HTTPStatus.UNAUTHORIZED) == "not_logged_in"


async def test_the_same_idempotency_key_answers_the_same_ballots(ann: AsyncClient) -> None:
    async def post(count: int) -> Response:
        return await ann.post("/api/lottery/ballots", json={"count": count}, headers={"Idempotency-Key": "a-key"})

    first, again = await post(2), await post(2)
    assert first.status_code == again.status_code == HTTPStatus.CREATED
    assert first.json()["ballots"] == again.json()["ballots"]
    assert problem(await post(3), HTTPStatus.CONFLICT) == "idempotency_conflict"


async def test_dates_that_take_no_ballots_are_named(ann: AsyncClient) -> None:
    today = datetime.now(UTC).date()

    async def code(day: str, status: HTTPStatus) -> str:
        return str(problem(await ann.post("/api/lottery/ballots", json={"draw_date": day}), status))

    assert await code((today - DAY).isoformat(), HTTPStatus.CONFLICT) == "draw_closed"
    assert await code("0001-01-01", HTTPStatus.CONFLICT) == "draw_closed"
    assert await code((today + 8 * DAY).isoformat(), HTTPStatus.UNPROCESSABLE_ENTITY) == "date_too_far_ahead"
    assert await code("9999-12-31", HTTPStatus.UNPROCESSABLE_ENTITY) == "date_too_far_ahead"


@pytest.mark.parametrize(
    "body",
    [
        {"draw_date": "0000-01-01"},
        {"draw_date": "10000-01-01"},
        {"draw_date": "2026-02-30"},
        {"draw_date": "2026-11-21T00:00:00Z"},
        {"draw_date": "tomorrow"},
        {"draw_date": 20261121},
        {"draw_date": True},
        {"lottery_date": "2026-11-21"},
        {"count": 0},
        {"count": 101},
        {"count": 10**22},
        {"count": 1.5},
        {"count": "many"},
        {"lottery": "Daily"},
        {"lottery": "\x00"},
        {"lottery": "x" * 51},
        [],
        "text",
        [[[]]] * 50,
    ],
)
async def test_a_bad_body_is_refused(ann: AsyncClient, world: "World", body: object) -> None:
    problem(await ann.post("/api/lottery/ballots", json=body), HTTPStatus.BAD_REQUEST)
    assert await world.ballot_ids() == []


@pytest.mark.parametrize("content", [b"{", b'{"lottery": "\xff"}', b"[" * 5000, b'{"count": NaN}'])
async def test_an_undecodable_body_is_refused(ann: AsyncClient, content: bytes) -> None:
    response = await ann.post("/api/lottery/ballots", content=content, headers={"Content-Type": "application/json"})
    problem(response, HTTPStatus.BAD_REQUEST)


@pytest.mark.parametrize("key", ["", "two words", "k" * 201, "clé"])
async def test_a_bad_idempotency_key_is_refused(ann: AsyncClient, key: str) -> None:
    response = await ann.post(
        "/api/lottery/ballots", json={}, headers=Headers({"Idempotency-Key": key}, encoding="utf-8")
    )
    problem(response, HTTPStatus.BAD_REQUEST)


# Reading


async def test_my_ballots_are_paged_and_nobody_elses(ann: AsyncClient, doorkeeper: Doorkeeper, past: "World") -> None:
    first = (await ann.get("/api/lottery/ballots", params={"limit": 2})).json()
    rest = (await ann.get("/api/lottery/ballots", params={"limit": 2, "before": first["before"]})).json()
    ballots = [*first["ballots"], *rest["ballots"]]
    assert [ballot["seq"] for ballot in ballots] == [2, 1, 0]
    assert sorted(ballot["won"] for ballot in ballots) == [False, False, True]
    assert rest["before"] is None
    today = {"draw_date": past.today.isoformat()}
    assert (await ann.get("/api/lottery/ballots", params=today)).json()["ballots"] == []
    of_draw = [(await ann.get("/api/lottery/ballots", params={"number": n})).json()["ballots"] for n in (1, 2)]
    assert of_draw == [ballots, []]

    bob = log_in(ann, doorkeeper, await past.join("bob"))
    assert (await bob.get("/api/lottery/ballots")).json() == {"ballots": [], "before": None}


async def test_everyone_reads_past_draws_and_their_winners(guest: AsyncClient, past: "World") -> None:
    drawn = (await guest.get("/api/lottery/draws", params={"state": "drawn"})).json()["draws"]
    assert [draw["date"] for draw in drawn] == [(past.today - n * DAY).isoformat() for n in (1, 2)]
    assert [draw["ballots"] for draw in drawn] == [0, 3]
    assert drawn[0]["winners"] == []
    [winner] = drawn[1]["winners"]
    assert winner["username"] is None, "whose a ballot is, nobody is told"
    assert winner["ballot_id"] in [str(id_) for id_ in await past.ballot_ids()]


async def test_draws_are_paged_newest_first_and_told_apart_by_their_state(guest: AsyncClient, past: "World") -> None:
    async def numbers(**params: Any) -> tuple[list[int], int | None]:  # noqa: ANN401 - query parameters
        page = (await guest.get("/api/lottery/draws", params=params)).json()
        return [draw["number"] for draw in page["draws"]], page["before"]

    assert await numbers(limit=4) == ([10, 9, 8, 7], 7)
    assert await numbers(limit=4, before=7) == ([6, 5, 4, 3], 3)
    assert await numbers(limit=4, before=3) == ([2, 1], None)
    assert await numbers(state="open") == ([10, 9, 8, 7, 6, 5, 4, 3], None)
    await past.run("UPDATE draws SET drawn_at = NULL WHERE number = 2")
    assert await numbers(state="closed") == ([2], None)
    assert await numbers(state="drawn") == ([1], None)


async def test_one_draw_is_found_by_its_number_and_by_its_date(guest: AsyncClient, past: "World") -> None:
    by_number = (await guest.get("/api/lottery/draws/daily/1")).json()
    by_date = (await guest.get(f"/api/lottery/draws/daily/{past.today - 2 * DAY}")).json()
    assert by_number == by_date
    assert by_number["number"] == 1


async def test_a_draw_of_the_minute_lottery_is_found_by_its_minute(guest: AsyncClient, world: "World") -> None:
    world.set(minute_lottery=True)
    await world.reconcile()
    draw = (await guest.get("/api/lottery/draws/minute/2026-11-20T10:05Z")).json()
    assert (draw["period"], draw["closes_at"]) == ("2026-11-20T10:05Z", "2026-11-20T10:06:00Z")


async def test_the_winning_ballot_is_the_one_for_the_date_asked(guest: AsyncClient, past: "World") -> None:
    async def ask(days_ago: int) -> Response:
        day = (past.today - days_ago * DAY).isoformat()
        return await guest.get("/api/lottery/winning-ballot", params={"draw_date": day})

    answer = (await ask(2)).json()
    assert answer["draw_date"] == answer["ballot"]["draw_date"] == (past.today - 2 * DAY).isoformat()
    assert answer["ballot"]["username"] is None
    assert answer["ballot"]["id"] in [str(id_) for id_ in await past.ballot_ids()]
    nobody = (await ask(1)).json()
    assert (nobody["draw_date"], nobody["ballot"]) == ((past.today - DAY).isoformat(), None)
    not_held = await ask(0)
    assert problem(not_held, HTTPStatus.CONFLICT) == "draw_not_held_yet"
    assert not_held.headers["Retry-After"] == "60"
    assert problem(await ask(400), HTTPStatus.NOT_FOUND) == "not_found"
    assert problem(await ask(-400), HTTPStatus.NOT_FOUND) == "not_found"


async def test_a_winner_who_wants_to_be_named_is(ann: AsyncClient, past: "World") -> None:
    ballots = (await ann.get("/api/lottery/ballots")).json()["ballots"]
    [won], lost = [one for one in ballots if one["won"]], [one for one in ballots if not one["won"]]
    assert (won["named"], lost[0]["named"]) == (False, None)
    for named in (True, False):
        answer = await ann.put(f"/api/lottery/ballots/{won['id']}/named", json={"named": named})
        assert answer.status_code == HTTPStatus.NO_CONTENT
        [winner] = (await ann.get("/api/lottery/draws/daily/1")).json()["winners"]
        assert winner["username"] == ("ann" if named else None)
    refused = await ann.put(f"/api/lottery/ballots/{lost[0]['id']}/named", json={"named": True})
    assert problem(refused, HTTPStatus.CONFLICT) == "not_a_winner"


async def test_nobody_names_another(ann: AsyncClient, doorkeeper: Doorkeeper, past: "World") -> None:
    ballots = (await ann.get("/api/lottery/ballots")).json()["ballots"]
    bob = log_in(ann, doorkeeper, await past.join("bob"))
    for ballot in ballots:
        refused = await bob.put(f"/api/lottery/ballots/{ballot['id']}/named", json={"named": True})
        assert problem(refused, HTTPStatus.NOT_FOUND) == "not_found"
        assert problem(await bob.get(f"/api/lottery/ballots/{ballot['id']}"), HTTPStatus.NOT_FOUND) == "not_found"


async def test_a_winner_whose_account_is_gone_has_no_name(guest: AsyncClient, past: "World") -> None:
    await past.run("UPDATE winners SET named = true")
    await past.run("DELETE FROM users")
    [winner] = (await guest.get("/api/lottery/draws/daily/1")).json()["winners"]
    assert winner["username"] is None


@pytest.mark.parametrize(
    "path",
    [
        "/winning-ballot",
        "/winning-ballot?draw_date=0000-00-00",
        "/winning-ballot?draw_date=today",
        "/winning-ballot?draw_date=1&draw_date=2",
        f"/winning-ballot?draw_date={LONG_DIGITS}",
        "/draws?limit=0",
        "/draws?limit=101",
        f"/draws?before={LONG_DIGITS}",
        "/draws?state=lost",
        "/draws?lottery=%00",
        f"/draws/daily/{LONG_DIGITS}",
        "/draws/daily/2026-1-1",
        "/draws/daily/%00",
        "/draws/%00/1",
        "/ballots?before=1",
        "/ballots?draw_date=x",
        f"/ballots?limit={LONG_DIGITS}",
    ],
)
async def test_a_bad_question_is_refused(ann: AsyncClient, path: str) -> None:
    problem(await ann.get(f"/api/lottery{path}"), HTTPStatus.BAD_REQUEST)


@pytest.mark.parametrize(
    "path",
    [
        "/draws?lottery=weekly",
        "/draws/daily/999999999999999999",
        "/draws/weekly/1",
        "/draws/daily/9999-99-99",
        "/winning-ballot?draw_date=9999-12-31",
        "/winning-ballot?draw_date=0001-01-01",
    ],
)
async def test_what_is_not_there_is_not_found(guest: AsyncClient, past: "World", path: str) -> None:
    assert problem(await guest.get(f"/api/lottery{path}"), HTTPStatus.NOT_FOUND) == "not_found"
