import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher
from httpx import Response
from sqlalchemy import func, text, update

from app.domain.accounts.models import User
from app.resources import Sessions

if TYPE_CHECKING:
    from tests.domain.accounts.conftest import Open, Web

pytestmark = pytest.mark.anyio
PASSWORD = "trombone-otter-41"
OURS = "http://localhost:8000"
FOREIGN = "https://evil.example"


def cookies_of(answer: Response) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in answer.headers.get_list("set-cookie")}


async def test_registration_answers_exactly_what_document_c_shows(web: "Web") -> None:
    answer = await web.client.post(
        "/api/users/register/",
        json={
            "username": "johndoe",
            "email": "john@example.com",
            "password": "SecurePass123!",
            "first_name": "John",
            "last_name": "Doe",
        },
    )
    assert answer.status_code == 201
    assert answer.json() == {
        "id": 1,
        "username": "johndoe",
        "email": "john@example.com",
        "first_name": "John",
        "last_name": "Doe",
    }


async def test_the_clients_of_document_e_register_without_an_email(web: "Web") -> None:
    for name in ("test_user", "another"):
        answer = await web.client.post("/api/users/register", json={"username": name, "password": "lottery-night-8"})
        assert answer.status_code == 201
        assert answer.json()["email"] == ""
    assert (
        await web.client.post("/api/users/register", json={"username": "c", "password": PASSWORD, "email": ""})
    ).status_code == 422


async def test_names_and_addresses_are_taken_without_regard_to_case(web: "Web") -> None:
    await web.register()
    answer = await web.client.post(
        "/api/users/register", json={"username": "aLICE", "email": "b@example.com", "password": PASSWORD}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "username_taken")
    answer = await web.client.post(
        "/api/users/register", json={"username": "bob", "email": "ALICE@example.COM", "password": PASSWORD}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")


async def test_of_many_who_register_one_name_at_once_one_gets_it(web: "Web") -> None:
    answers = await asyncio.gather(
        *(
            web.client.post(
                "/api/users/register", json={"username": "Alice", "email": f"a{n}@example.com", "password": PASSWORD}
            )
            for n in range(8)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"username": "a b"}, 422), ({"username": "x" * 31}, 400), ({"username": "ali\0ce"}, 400),
        ({"username": 7}, 400), ({"username": None}, 400), ({"username": "ali\nce"}, 400), ({"username": ""}, 422),
        ({"email": "nonsense"}, 422), ({"email": "a\0@b.co"}, 400), ({"email": ["a@b.co"]}, 400),
        ({"email": "a" * 100_000 + "@b.co"}, 400), ({"password": "short"}, 422), ({"password": "password1"}, 422),
        ({"password": ""}, 400), ({"password": "x" * 2000}, 400), ({"password": "Alice@example.com"}, 422),
        ({"first_name": "J\0hn"}, 400), ({"first_name": "x" * 151}, 400), ({"last_name": {}}, 400),
        ({"is_staff": True}, 400), ({"id": 1}, 400), ({"is_superuser": True}, 400),
    ],
)  # fmt: skip
async def test_bad_input_is_refused_in_problem_json(web: "Web", changes: dict[str, Any], status: int) -> None:
    body = {"username": "Alice", "email": "alice@example.com", "password": PASSWORD} | changes
    answer = await web.client.post("/api/users/register", json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == status


@pytest.mark.parametrize("path", ["register", "login", "token/refresh", "token/verify", "logout", "email/verify",
                                  "password/forgot", "password/reset"])  # fmt: skip
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'"x"', b"17", b"\xff\xfe", b'{"token": "\\ud800"}', b"[" * 20_000,
     b'{"username": "a", "password": "\\ud800"}', b'{"password": 1e400}', b'{"refresh": ' + b"9" * 3000 + b"}"],
)  # fmt: skip
async def test_bodies_that_are_no_such_thing_are_the_clients_fault(web: "Web", path: str, body: bytes) -> None:
    answer = await web.client.post(f"/api/users/{path}", content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("field", ["username", "email"])
@pytest.mark.parametrize("name", ["Alice", "alice", "ALICE", "alice@example.com", "Alice@EXAMPLE.com"])
async def test_either_field_holds_either_name_in_any_case(web: "Web", field: str, name: str) -> None:
    await web.register()
    answer = await web.client.post("/api/users/login", json={field: name, "password": PASSWORD})
    assert answer.status_code == 200
    assert set(answer.json()) == {"refresh", "access", "user"}
    assert answer.json()["user"] == {
        "id": 1,
        "username": "Alice",
        "email": "alice@example.com",
        "first_name": "",
        "last_name": "",
    }


async def test_a_wrong_password_an_unknown_name_and_a_deactivated_account_get_the_same_answer(
    web: "Web", sessions: Sessions
) -> None:
    await web.register()
    await web.register(username="gone", email="gone@example.com")
    async with sessions.begin() as session:
        await session.execute(update(User).where(User.username == "gone").values(deactivated_at=func.now()))
    answers = [
        await web.client.post("/api/users/login", json={"username": name, "password": password})
        for name, password in [
            ("alice", "wrong-" + PASSWORD),
            ("nobody", PASSWORD),
            ("no@example.com", PASSWORD),
            ("gone", PASSWORD),
        ]
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["code"] == "wrong_credentials"


async def test_a_login_without_a_name_is_refused(web: "Web") -> None:
    answer = await web.client.post("/api/users/login", json={"password": PASSWORD})
    assert answer.status_code == 400


async def test_a_hash_of_older_parameters_is_renewed_at_login(web: "Web", sessions: Sessions) -> None:
    await web.register()
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    async with sessions.begin() as session:
        await session.execute(update(User).values(password_hash=weak))
    await web.login()
    async with sessions() as session:
        assert "m=19456,t=2,p=1" in str(await session.scalar(text("SELECT password_hash FROM users")))
    await web.login()


async def test_the_session_cookie_of_document_a_works_with_curl(web: "Web") -> None:
    await web.register()
    login = await web.client.post("/api/users/login", json={"email": "alice@example.com", "password": PASSWORD})
    cookies = cookies_of(login)
    assert set(cookies) == {"access", "refresh"}
    for cookie, path in [("access", "Path=/;"), ("refresh", "Path=/api/users;")]:
        assert "HttpOnly" in cookies[cookie]
        assert "SameSite=lax" in cookies[cookie]
        assert path in cookies[cookie]
        assert "Secure" not in cookies[cookie]
    assert (await web.client.get("/api/users/profile")).status_code == 200
    assert (await web.client.patch("/api/users/profile", json={"first_name": "A"})).status_code == 200
    renewed = await web.client.post("/api/users/token/refresh")
    assert renewed.status_code == 200
    assert set(cookies_of(renewed)) == {"access", "refresh"}


async def test_cookies_are_secure_where_the_server_is_reached_by_https(open_web: "Open", clean: None) -> None:
    async with open_web(public_url="https://parlour.example") as web:
        await web.register()
        login = await web.client.post("/api/users/login", json={"username": "alice", "password": PASSWORD})
        assert all("Secure" in line for line in cookies_of(login).values())


async def test_another_sites_page_can_log_in_but_plants_no_cookies(web: "Web") -> None:
    await web.register()
    body = {"username": "alice", "password": PASSWORD}
    login = await web.client.post("/api/users/login", json=body, headers={"origin": FOREIGN})
    assert login.status_code == 200
    assert not cookies_of(login)


@pytest.mark.parametrize(
    ("headers", "admitted"),
    [
        ({}, True),
        ({"origin": OURS}, True),
        ({"origin": FOREIGN}, False),
        ({"origin": "null"}, False),
        ({"origin": OURS + ".evil.example"}, False),
        ({"origin": ""}, False),
        ({"referer": OURS + "/some/page"}, True),
        ({"referer": FOREIGN + "/" + OURS}, False),
        ({"referer": OURS + ".evil.example/"}, False),
        ({"referer": "http://["}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
    ],
)
async def test_a_cookie_changes_something_only_from_our_own_pages(
    web: "Web", headers: dict[str, str], admitted: bool
) -> None:
    await web.register()
    await web.client.post("/api/users/login", json={"username": "alice", "password": PASSWORD})
    assert (await web.client.get("/api/users/profile", headers=headers)).status_code == 200
    changes: list[tuple[str, str, object]] = [
        ("PATCH", "profile", {}),
        ("POST", "token/refresh", None),
        ("POST", "logout", None),
    ]
    for method, path, body in changes:
        answer = await web.client.request(method, f"/api/users/{path}", json=body, headers=headers)
        assert (answer.status_code != 403) is admitted, (path, answer.text)
        if not admitted:
            assert answer.json()["code"] == "cross_site"


async def test_a_bearer_token_counts_from_anywhere(web: "Web") -> None:
    await web.register()
    tokens = await web.login()
    headers = {"authorization": f"bearer {tokens['access']}", "origin": FOREIGN}
    assert (await web.client.patch("/api/users/profile", json={}, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Bearer a.b.c", "Bearer \xe9"]
)
async def test_without_a_good_token_the_answer_is_401(web: "Web", authorization: str) -> None:
    answer = await web.client.get("/api/users/profile", headers={b"authorization": authorization.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_logged_in")


async def test_a_refresh_token_is_no_access_token_and_the_other_way_round(web: "Web") -> None:
    await web.register()
    tokens = await web.login()
    answer = await web.client.get("/api/users/profile", headers={"authorization": f"Bearer {tokens['refresh']}"})
    assert answer.status_code == 401
    answer = await web.client.post("/api/users/token/refresh", json={"refresh": tokens["access"][:200]})
    assert answer.status_code == 401


async def test_verifying_a_token_of_either_kind(web: "Web") -> None:
    await web.register()
    tokens = await web.login()
    for token in (tokens["access"], tokens["refresh"]):
        answer = await web.client.post("/api/users/token/verify", json={"token": token})
        assert (answer.status_code, answer.json()) == (200, {})
    await web.client.post("/api/users/logout", json={"refresh": tokens["refresh"]})
    for token in (tokens["access"], tokens["refresh"], "rubbish"):
        assert (await web.client.post("/api/users/token/verify", json={"token": token})).status_code == 401


async def test_a_stolen_refresh_token_ends_the_session_for_its_access_tokens_too(web: "Web") -> None:
    await web.register()
    tokens = await web.login()
    first = await web.client.post("/api/users/token/refresh", json={"refresh": tokens["refresh"]})
    web.client.cookies.clear()
    assert set(first.json()) == {"access", "refresh"}
    theft = await web.client.post(
        "/api/users/token/refresh", json={"refresh": tokens["refresh"]}, headers={"user-agent": "Thief/1"}
    )
    assert (theft.status_code, theft.json()["code"]) == (401, "refresh_refused")
    for access in (tokens["access"], first.json()["access"]):
        answer = await web.client.get("/api/users/profile", headers={"authorization": f"Bearer {access}"})
        assert answer.status_code == 401


async def test_logging_out_ends_the_session_as_document_c_does_it(web: "Web") -> None:
    await web.register()
    tokens, other = await web.login(), await web.login()
    bearer = {"authorization": f"Bearer {tokens['access']}"}
    answer = await web.client.post("/api/users/logout/", json={"refresh": tokens["refresh"]}, headers=bearer)
    assert answer.status_code == 204
    assert all("Max-Age=0" in line for line in cookies_of(answer).values())
    assert (await web.client.get("/api/users/profile", headers=bearer)).status_code == 401
    assert (await web.client.post("/api/users/token/refresh", json={"refresh": tokens["refresh"]})).status_code == 401
    assert (await web.client.post("/api/users/token/refresh", json={"refresh": other["refresh"]})).status_code == 200


async def test_the_access_token_alone_logs_out_as_well(web: "Web") -> None:
    await web.register()
    tokens = await web.login()
    bearer = {"authorization": f"Bearer {tokens['access']}"}
    assert (await web.client.post("/api/users/logout", headers=bearer)).status_code == 204
    assert (await web.client.post("/api/users/logout", headers=bearer)).status_code == 401


async def test_a_logout_reaches_another_process_within_five_seconds(web: "Web", open_web: "Open") -> None:
    await web.register()
    tokens = await web.login()
    bearer = {"authorization": f"Bearer {tokens['access']}"}
    async with open_web() as other:
        looking = asyncio.create_task(other.ended.run())
        assert (await other.client.get("/api/users/profile", headers=bearer)).status_code == 200
        await web.client.post("/api/users/logout", headers=bearer)
        async with asyncio.timeout(5):
            while (await other.client.get("/api/users/profile", headers=bearer)).status_code != 401:
                await asyncio.sleep(0.05)
        looking.cancel()


async def test_a_flood_of_logins_is_turned_away_with_503_and_a_time_to_come_back(open_web: "Open", clean: None) -> None:
    async with open_web(hashing_threads=1, hashing_queue=2) as web:
        await web.register()
        body = {"username": "alice", "password": PASSWORD}
        answers = await asyncio.gather(*(web.client.post("/api/users/login", json=body) for _ in range(12)))
        statuses = [answer.status_code for answer in answers]
        assert set(statuses) == {200, 503}
        assert statuses.count(200) >= 3
        assert next(answer for answer in answers if answer.status_code == 503).headers["retry-after"] == "1"


async def test_guessing_is_slowed_down_per_account_and_per_address_and_others_are_not(
    open_web: "Open", clean: None
) -> None:
    async with open_web(attempts_per_minute=4, trusted_proxies=1) as web:

        async def guess(name: str, address: str) -> int:
            answer = await web.client.post(
                "/api/users/login",
                json={"username": name, "password": "wrong-guess"},
                headers={"x-forwarded-for": f"203.0.113.9, {address}"},
            )
            if answer.status_code == 429:
                assert int(answer.headers["retry-after"]) >= 1
            return answer.status_code

        assert [await guess("alice", f"192.0.2.{n}") for n in range(6)] == [401] * 4 + [429] * 2
        assert [await guess(f"name{n}", "198.51.100.1") for n in range(6)] == [401] * 4 + [429] * 2
        assert await guess("bob", "198.51.100.2") == 401
