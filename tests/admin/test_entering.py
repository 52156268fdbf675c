"""Who may enter the panel, and how: the same accounts, the same cookies, and nobody else on any route of it."""

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.admin.conftest import TOKEN, Desk, Sit
from tests.conftest import Officer, Register
from tests.people import PASSWORD

from app.admin.panel import LISTINGS, ROUTES
from app.domain.accounts.guards import CrossSite, NotModerator
from app.domain.accounts.standing import StaffRole

pytestmark = pytest.mark.anyio

KEYS = [str(listing.key) for listing in LISTINGS]
PAGES = ["", *(f"{key}/list" for key in KEYS), *(f"{key}/detail?pk=1" for key in KEYS)]
ACTS = ["logout", *(f"_api/{key}/{kind}?name=view&pk=1" for key in KEYS for kind in ("action", "row-action"))]


def test_the_routes_are_those_that_are_asked_below() -> None:
    """Besides the login, and the files of its page, which are for everybody."""
    assert {"index", "list", "detail", "action", "row-action", "logout", "login", "static"} == ROUTES


async def test_whoever_is_not_logged_in_is_led_to_the_login_and_can_do_nothing(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as http:
        for page in PAGES:
            answer = await http.get(f"/admin/{page}")
            assert (answer.status_code, httpx.URL(answer.headers["location"]).path) == (303, "/admin/login"), page
        for act in ACTS:
            answer = await http.post(f"/admin/{act}", headers={"X-CSRFToken": http.cookies[TOKEN]})
            assert answer.status_code == 401, act


async def test_nobody_without_an_office_is_let_in_anywhere(member: Desk) -> None:
    for page in PAGES:
        answer = await member.read(page)
        assert (answer.status_code, httpx.URL(answer.headers["location"]).path) == (303, "/admin/login"), page
    for act in ACTS:
        answer = await member.http.post(f"/admin/{act}", headers={"X-CSRFToken": member.http.cookies[TOKEN]})
        assert (answer.status_code, answer.text) == (403, NotModerator.detail), act


async def test_the_login_page_says_why_somebody_is_not_let_in(member: Desk) -> None:
    answer = await member.read("login")
    assert answer.status_code == 403
    assert NotModerator.detail in answer.text


async def test_whoever_logs_in_over_the_api_is_in(base_url: str, mia: Desk) -> None:
    async with httpx.AsyncClient(base_url=base_url) as http:
        await http.post("/api/users/login", json={"username": mia.who.username, "password": PASSWORD})
        assert (await http.get("/admin/")).status_code == 200
        assert (await http.get("/admin/login")).headers["location"] == f"{base_url}/admin/"


async def test_the_login_leads_on_to_no_other_site(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as http:
        for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
            answer = await http.get("/admin/login", params={"next": elsewhere})
            assert f'data-onward="{base_url}/admin/"' in answer.text


async def test_the_files_of_the_login_page_are_for_everybody(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as http:
        assert (await http.get("/admin/static/login.js")).status_code == 200
        assert (await http.get("/admin/static/nothing.js")).status_code == 404


async def test_whoever_loses_their_role_is_outside_with_the_next_request(
    officer: Officer, sit: Sit, database: AsyncEngine
) -> None:
    """Behind the back of every process, so that it cannot have been told."""
    mia = await sit(await officer("mia", StaffRole.MODERATOR))
    assert (await mia.read("users/list")).status_code == 200
    async with database.begin() as connection:
        await connection.execute(text("UPDATE users SET is_moderator = false WHERE id = :id"), {"id": mia.who.id})
    assert (await mia.read("users/list")).status_code == 303


async def test_whoever_is_suspended_is_outside_with_the_next_request(
    officer: Officer, sit: Sit, database: AsyncEngine
) -> None:
    sue = await sit(await officer("sue", StaffRole.STAFF))
    async with database.begin() as connection:
        await connection.execute(
            text("UPDATE users SET suspended_until = 'infinity', suspension_reason = 'x' WHERE id = :id"),
            {"id": sue.who.id},
        )
    assert (await sue.read("audit/list")).status_code == 303


async def test_logging_out_ends_the_session_everywhere(officer: Officer, sit: Sit) -> None:
    mia = await sit(await officer("mia", StaffRole.MODERATOR))
    answer = await mia.http.post("/admin/logout", headers={"X-CSRFToken": mia.http.cookies[TOKEN]})
    assert answer.status_code == 303
    assert {cookie.partition("=")[0] for cookie in answer.headers.get_list("set-cookie")} >= {"access", "refresh"}
    assert (await mia.who.http.get("/api/users/profile")).status_code == 401


async def test_the_key_of_a_bot_opens_nothing(zoe: Desk) -> None:
    """Also one of somebody in office's."""
    made = (await zoe.who.http.post("/api/bots", json={"username": f"bot-of-{zoe.who.id}", "name": "A bot"})).json()
    issued = await zoe.who.http.post(f"/api/bots/{made['id']}/keys", json={"name": "k", "scopes": ["messages:read"]})
    answer = await zoe.who.http.get("/admin/users/list", headers={"Authorization": f"Bearer {issued.json()['key']}"})
    assert answer.status_code == 303


async def test_an_act_needs_the_token_of_the_page(zoe: Desk, player: Register) -> None:
    ben = await player("ben")
    path = f"/admin/_api/users/row-action?name=suspend&pk={ben.id}"
    body = {"reason": "Spam"}

    without = await zoe.http.post(path, data=body)
    forged = await zoe.http.post(path, data=body, headers={"X-CSRFToken": "e30.forged"})

    assert (without.status_code, forged.status_code) == (403, 403)
    account = (await zoe.who.http.get(f"/api/moderation/users/{ben.id}")).json()["account"]
    assert account["suspension"] is None


async def test_a_page_of_another_site_can_do_nothing(zoe: Desk, player: Register) -> None:
    """Even if it got hold of the token."""
    ben = await player("ben")
    answer = await zoe.act("users", "log_out", ben.id, origin="https://evil.example")
    assert (answer.status_code, answer.text) == (403, CrossSite.detail)
    assert (await ben.http.get("/api/users/profile")).status_code == 200
