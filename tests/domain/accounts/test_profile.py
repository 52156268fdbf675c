from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from app.domain.accounts.models import User
from app.domain.notices.models import OutgoingMail
from app.resources import Sessions

if TYPE_CHECKING:
    from tests.domain.accounts.conftest import Web

pytestmark = pytest.mark.anyio
PASSWORD = "trombone-otter-41"
NEW_PASSWORD = "cello-badger-17"


@pytest.fixture
async def bearer(web: "Web") -> dict[str, str]:
    await web.register()
    return {"authorization": f"Bearer {(await web.login())['access']}"}


async def mails(sessions: Sessions) -> list[tuple[str, str]]:
    async with sessions() as session:
        found = await session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        return [(mail.recipient, mail.subject) for mail in found]


@pytest.mark.parametrize("path", ["profile", "profile/"])
async def test_the_profile_says_who_is_logged_in(web: "Web", bearer: dict[str, str], path: str) -> None:
    answer = await web.client.get(f"/api/users/{path}", headers=bearer)
    assert answer.status_code == 200
    body = answer.json()
    assert body.pop("created_at").endswith("Z")
    assert body == {
        "id": 1,
        "username": "Alice",
        "email": "alice@example.com",
        "email_verified": False,
        "first_name": "",
        "last_name": "",
        "is_staff": False,
        "is_moderator": False,
        "avatar_id": None,
    }


async def test_names_change_and_what_is_left_out_stays(web: "Web", bearer: dict[str, str]) -> None:
    await web.client.patch("/api/users/profile", json={"first_name": " Алиса ", "last_name": "L"}, headers=bearer)
    answer = await web.client.patch("/api/users/profile", json={"last_name": ""}, headers=bearer)
    assert (answer.json()["first_name"], answer.json()["last_name"]) == ("Алиса", "")


@pytest.mark.parametrize(
    "body",
    [{"username": "bob"}, {"is_staff": True}, {"first_name": None}, {"first_name": "a\0"}, {"email": 1}, [], "x", None],
)
async def test_nothing_else_can_be_changed_that_way(web: "Web", bearer: dict[str, str], body: object) -> None:
    assert (await web.client.patch("/api/users/profile", json=body, headers=bearer)).status_code == 400


async def test_a_new_email_needs_the_password_and_both_addresses_hear_of_it(
    web: "Web", bearer: dict[str, str], sessions: Sessions
) -> None:
    for wrong in ({}, {"current_password": "wrong-one"}):
        answer = await web.client.patch(
            "/api/users/profile", json={"email": "new@example.com", **wrong}, headers=bearer
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_password")
    body = {"email": "new@example.com", "current_password": PASSWORD}
    answer = await web.client.patch("/api/users/profile", json=body, headers=bearer)
    assert (answer.status_code, answer.json()["email"], answer.json()["email_verified"]) == (
        200,
        "new@example.com",
        False,
    )
    assert (await mails(sessions))[1:] == [
        ("new@example.com", "Confirm your new address"),
        ("alice@example.com", "Your email address was changed"),
    ]
    assert await web.login("new@example.com")


async def test_an_email_can_be_removed_but_not_taken_from_others_nor_be_nonsense(
    web: "Web", bearer: dict[str, str]
) -> None:
    await web.register(username="bob", email="bob@example.com")
    for email, status in [("BOB@example.com", 409), ("nonsense", 422), ("", 200)]:
        body = {"email": email, "current_password": PASSWORD, "first_name": email[:3]}
        answer = await web.client.patch("/api/users/profile", json=body, headers=bearer)
        assert answer.status_code == status, answer.text
    answer = await web.client.get("/api/users/profile", headers=bearer)
    assert (answer.json()["email"], answer.json()["first_name"]) == ("", "")


async def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(
    web: "Web", bearer: dict[str, str], sessions: Sessions
) -> None:
    other = await web.login()
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert (await web.client.post("/api/users/password", json=body, headers=bearer)).status_code == 204
    assert (await web.client.get("/api/users/profile", headers=bearer)).status_code == 200
    elsewhere = {"authorization": f"Bearer {other['access']}"}
    assert (await web.client.get("/api/users/profile", headers=elsewhere)).status_code == 401
    assert (await web.client.post("/api/users/token/refresh", json={"refresh": other["refresh"]})).status_code == 401
    answer = await web.client.post("/api/users/login", json={"username": "alice", "password": PASSWORD})
    assert answer.status_code == 401
    assert await web.login(password=NEW_PASSWORD)
    assert (await mails(sessions))[-1] == ("alice@example.com", "Your password was changed")


@pytest.mark.parametrize(
    ("current", "new", "status"),
    [("wrong-one", NEW_PASSWORD, 403), (PASSWORD, "password1", 422), (PASSWORD, "short", 422), (PASSWORD, "", 400)],
)
async def test_a_password_change_that_is_refused_changes_nothing(
    web: "Web", bearer: dict[str, str], current: str, new: str, status: int
) -> None:
    body = {"current_password": current, "new_password": new}
    assert (await web.client.post("/api/users/password", json=body, headers=bearer)).status_code == status
    assert await web.login()


async def test_ones_sessions_are_listed_and_ended_and_strangers_find_none(web: "Web", bearer: dict[str, str]) -> None:
    phone = await web.login(**{"user-agent": "Phone/1"})
    listed = (await web.client.get("/api/users/sessions", headers=bearer)).json()
    assert [(login["user_agent"], login["current"]) for login in listed] == [
        ("Phone/1", False),
        ("python-httpx/0.28.1", True),
    ]
    await web.register(username="bob", email="bob@example.com")
    bob = {"authorization": f"Bearer {(await web.login('bob'))['access']}"}
    ending = f"/api/users/sessions/{listed[0]['id']}"
    assert (await web.client.delete(ending, headers=bob)).status_code == 404
    assert (await web.client.delete(ending, headers=bearer)).status_code == 204
    assert (await web.client.delete(ending, headers=bearer)).status_code == 404
    assert (await web.client.delete("/api/users/sessions/7", headers=bearer)).status_code == 404
    on_phone = {"authorization": f"Bearer {phone['access']}"}
    assert (await web.client.get("/api/users/profile", headers=on_phone)).status_code == 401
    assert len((await web.client.get("/api/users/sessions", headers=bearer)).json()) == 1


async def test_somebody_logs_out_everywhere_and_nobody_else_does(web: "Web", bearer: dict[str, str]) -> None:
    phone = await web.login()
    await web.register(username="bob", email="bob@example.com")
    bob = await web.login("bob")
    assert (await web.client.delete("/api/users/sessions", headers=bearer)).status_code == 204
    others = [{"authorization": f"Bearer {login['access']}"} for login in (phone, bob)]
    asked = [await web.client.get("/api/users/profile", headers=who) for who in (bearer, *others)]
    assert [answer.status_code for answer in asked] == [401, 401, 200]
    renewed = await web.client.post("/api/users/token/refresh", json={"refresh": phone["refresh"]})
    assert renewed.status_code == 401


async def test_the_token_of_a_deleted_account_finds_nobody(
    web: "Web", bearer: dict[str, str], sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await session.execute(update(User).values(deactivated_at=User.created_at))
    assert (await web.client.get("/api/users/profile", headers=bearer)).status_code == 401


async def test_a_ticket_for_a_socket_is_given_to_who_is_logged_in(web: "Web", bearer: dict[str, str]) -> None:
    assert (await web.client.post("/api/users/socket-ticket")).status_code == 401
    answer = await web.client.post("/api/users/socket-ticket", headers=bearer)
    assert (answer.status_code, answer.json()["expires_in"]) == (200, 30)
    actor = await web.doorkeeper.tickets.take(answer.json()["ticket"])
    assert actor
    assert actor.username == "Alice"
