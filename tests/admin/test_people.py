"""What may be done about an account: by the service, with an entry in the log, and with its effect over the API."""

import pytest
from tests.admin.conftest import Desk, acts_on
from tests.conftest import Register
from tests.people import PASSWORD

from app.domain.accounts.standing import Outranked

pytestmark = pytest.mark.anyio


async def test_suspending_ends_the_sessions_and_tells_the_reason_at_the_login(mia: Desk, player: Register) -> None:
    ben = await player("ben")

    answer = await mia.act("users", "suspend", ben.id, reason="Advertising", until="2030-01-01T00:00")

    assert answer.status_code == 200
    assert (await ben.http.get("/api/users/profile")).status_code == 401
    login = await ben.http.post("/api/users/login", json={"username": ben.username, "password": PASSWORD})
    assert login.json()["detail"].endswith("until 2030-01-01T00:00:00Z. The reason given: Advertising")
    page = await mia.read(f"users/detail?pk={ben.id}")
    assert "until 2030-01-01 00:00:00: Advertising" in page.text
    assert f"{ben.username} is suspended." in page.text


async def test_doing_it_again_changes_nothing(sue: Desk, player: Register) -> None:
    ben = await player("ben")
    for _ in range(2):
        assert (await sue.act("users", "suspend", ben.id, reason="Spam")).status_code == 200
    assert await acts_on(sue.who, f"user:{ben.id}") == ["suspend_user"]


async def test_whoever_is_let_in_again_can_log_in(sue: Desk, player: Register) -> None:
    ben = await player("ben")
    await sue.act("users", "suspend", ben.id, reason="Spam")
    for _ in range(2):
        assert (await sue.act("users", "lift", ben.id)).status_code == 200
    login = await ben.http.post("/api/users/login", json={"username": ben.username, "password": PASSWORD})
    assert login.status_code == 200
    assert await acts_on(sue.who, f"user:{ben.id}") == ["lift_suspension", "suspend_user"]


async def test_ending_all_sessions_logs_somebody_out_and_no_more(sue: Desk, player: Register) -> None:
    ben = await player("ben")
    for _ in range(2):
        assert (await sue.act("users", "log_out", ben.id)).status_code == 200
    assert (await ben.http.get("/api/users/profile")).status_code == 401
    assert (await ben.http.post("/api/users/token/refresh", json={"refresh": ben.refresh})).status_code == 401
    login = await ben.http.post("/api/users/login", json={"username": ben.username, "password": PASSWORD})
    assert login.status_code == 200
    assert await acts_on(sue.who, f"user:{ben.id}") == ["log_out_user"]


async def test_a_new_role_is_seen_over_the_api(sue: Desk, player: Register) -> None:
    ben = await player("ben")
    assert (await sue.act("users", "appoint", ben.id, role="moderator")).status_code == 200
    account = (await sue.who.http.get(f"/api/moderation/users/{ben.id}")).json()["account"]
    assert account["role"] == "moderator"


@pytest.mark.parametrize("role", ["staff", "superuser", "", "king"])
async def test_nobody_gives_out_a_role_that_is_not_below_their_own(sue: Desk, player: Register, role: str) -> None:
    ben = await player("ben")
    answer = await sue.act("users", "appoint", ben.id, role=role)
    assert answer.status_code == 400
    assert await acts_on(sue.who, f"user:{ben.id}") == []


@pytest.mark.parametrize(("name", "field"), [("log_out", {}), ("appoint", {"role": "moderator"})])
async def test_what_the_api_leaves_to_staff_a_moderator_may_not_do_here(
    mia: Desk, player: Register, name: str, field: dict[str, str]
) -> None:
    ben = await player("ben")
    answer = await mia.act("users", name, ben.id, **field)
    assert (answer.status_code, answer.json()) == (400, {"msg": "Forbidden"})
    assert (await ben.http.get("/api/users/profile")).status_code == 200


async def test_nobody_acts_on_those_who_are_not_below_them(mia: Desk, sue: Desk) -> None:
    for target in (sue.who.id, mia.who.id):
        answer = await mia.act("users", "suspend", target, reason="Mine now")
        assert (answer.status_code, answer.json()["msg"]) == (400, Outranked.detail)
    assert (await sue.who.http.get("/api/users/profile")).status_code == 200


async def test_a_suspension_needs_a_reason_and_a_time_to_come(sue: Desk, player: Register) -> None:
    ben = await player("ben")
    refused: list[dict[str, str]] = [
        {},
        {"reason": "  "},
        {"reason": "x" * 501},
        {"reason": "a\0b"},
        {"reason": "x", "until": "soon"},
        {"reason": "x", "until": "2020-01-01T00:00"},
        {"reason": "x", "until": "9999-12-31T23:59"},
    ]
    for fields in refused:
        answer = await sue.act("users", "suspend", ben.id, **fields)
        assert answer.status_code == 400, fields
        assert answer.json()["msg"]
    assert (await ben.http.get("/api/users/profile")).status_code == 200


async def test_nobody_is_nobody(sue: Desk) -> None:
    for row in (0, 10**17, 2**63):
        assert (await sue.act("users", "suspend", row, reason="Spam")).status_code == 400
