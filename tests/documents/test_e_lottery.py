"""Document E, the lottery: tokens, ballots, past results, the documentation page.

Its development user has the password "pass", which no password rule lets through; hers here has one that passes.
"""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select
from tests.conftest import settings_for

from app.domain.lottery.models import Ballot, Draw, Lottery, Winner
from app.embedded.stack import Stack
from app.resources import open_resources

pytestmark = pytest.mark.anyio

TEST_USER = {"username": "test_user", "password": "pass-for-a-test"}
Tokens = dict[str, str]


async def get_token(http: httpx.AsyncClient, slash: str = "") -> httpx.Response:
    answer = await http.post(f"/token/pair{slash}", json=TEST_USER)
    http.cookies.clear()
    return answer


@pytest.fixture(scope="module")
async def tokens(http: httpx.AsyncClient) -> Tokens:
    """`make create-test-user`, `make get-token-test-user`."""
    assert (await http.post("/users/register", json=TEST_USER)).status_code == 204
    body: Tokens = (await get_token(http)).json()
    return body


@pytest.fixture
def bearer(tokens: Tokens) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access']}"}


def today() -> date:
    return datetime.now(UTC).date()


async def test_register_answers_nothing_but_that_it_is_done(http: httpx.AsyncClient, slash: str) -> None:
    newcomer = {"username": f"test_user_{len(slash)}", "password": "pass-for-a-test"}
    answer = await http.post(f"/users/register{slash}", json=newcomer)
    assert answer.status_code == 204
    assert answer.content == b""


async def test_a_registration_that_is_refused_says_why(http: httpx.AsyncClient) -> None:
    answer = await http.post("/users/register", json={"username": "test_user_9", "password": "pass"})
    assert (answer.status_code, answer.json()["code"]) == (422, "password_refused")


@pytest.mark.usefixtures("tokens")
async def test_token_pair(http: httpx.AsyncClient, slash: str) -> None:
    answer = await get_token(http, slash)
    assert answer.status_code == 200
    assert {"access", "refresh"} <= answer.json().keys()


@pytest.mark.usefixtures("tokens")
async def test_token_refresh(http: httpx.AsyncClient, slash: str) -> None:
    refresh = (await get_token(http)).json()["refresh"]
    answer = await http.post(f"/token/refresh{slash}", json={"refresh": refresh})
    http.cookies.clear()
    assert answer.status_code == 200
    assert "access" in answer.json()


async def test_token_verify(http: httpx.AsyncClient, tokens: Tokens, slash: str) -> None:
    assert (await http.post(f"/token/verify{slash}", json={"token": tokens["access"]})).status_code == 200
    assert (await http.post(f"/token/verify{slash}", json={"token": tokens["access"] + "x"})).status_code == 401


@pytest.mark.parametrize("days", [0, 1, 7])
async def test_submit_a_ballot_for_a_date_within_the_week(
    http: httpx.AsyncClient, bearer: dict[str, str], days: int, slash: str
) -> None:
    day = (today() + timedelta(days=days)).isoformat()
    answer = await http.post(f"/games/submit_ballot{slash}", headers=bearer, json={"draw_date": day})
    assert answer.status_code == 201
    assert [ballot["draw_date"] for ballot in answer.json()["ballots"]] == [day]


@pytest.mark.parametrize(("days", "status"), [(-1, 409), (8, 422)])
async def test_no_ballot_for_another_date(
    http: httpx.AsyncClient, bearer: dict[str, str], days: int, status: int
) -> None:
    day = (today() + timedelta(days=days)).isoformat()
    answer = await http.post("/games/submit_ballot", headers=bearer, json={"draw_date": day})
    assert answer.status_code == status


async def test_no_ballot_without_a_token(http: httpx.AsyncClient) -> None:
    assert (await http.post("/games/submit_ballot", json={"draw_date": today().isoformat()})).status_code == 401


@pytest.fixture(scope="module")
async def drawn(stack: Stack, http: httpx.AsyncClient, tokens: Tokens) -> date:
    """A date whose draw is over. Nobody turns the clock of a running server, so it gets a draw older than its log."""
    me = (await http.get("/api/users/profile", headers={"Authorization": f"Bearer {tokens['access']}"})).json()["id"]
    day, now = today() - timedelta(days=3), datetime.now(UTC)
    settings = settings_for(stack.database_url, stack.redis_url)
    async with open_resources(settings) as resources, resources.sessions.begin() as session:
        lottery = (await session.scalars(select(Lottery).where(Lottery.name == "daily"))).one()
        draw = Draw(
            lottery_id=lottery.id,
            number=0,
            period=day.isoformat(),
            date=day,
            zone="UTC",
            prizes=1,
            opens_at=now - timedelta(days=9),
            closes_at=now - timedelta(days=2),
            ballots=1,
            drawn_at=now - timedelta(days=2),
        )
        session.add(draw)
        await session.flush()
        taken = now - timedelta(days=4)
        ballot = Ballot(draw_id=draw.id, seq=0, user_id=me, user_tag=bytes(32), nonce=bytes(32), submitted_at=taken)
        session.add(ballot)
        await session.flush()
        session.add(Winner(draw_id=draw.id, prize=0, ballot_id=ballot.id, named=True))
    return day


async def test_the_winning_ballot_of_a_past_date_is_for_everyone_to_read(
    http: httpx.AsyncClient, drawn: date, slash: str
) -> None:
    answer = await http.get(f"/games/winning_ballot{slash}", params={"draw_date": drawn.isoformat()})
    assert answer.status_code == 200
    assert answer.json()["draw_date"] == drawn.isoformat()
    assert answer.json()["ballot"]["username"] == "test_user"


async def test_there_is_no_winner_before_the_draw(http: httpx.AsyncClient, slash: str) -> None:
    answer = await http.get(f"/games/winning_ballot{slash}", params={"draw_date": today().isoformat()})
    assert (answer.status_code, answer.json()["code"]) == (409, "draw_not_held_yet")


async def test_the_api_can_be_tested_in_the_browser(http: httpx.AsyncClient, slash: str) -> None:
    answer = await http.get(f"/docs{slash}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
