"""Whatever is wrong with a request, the answer is a 4xx that says so, and the next request finds all well."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.clients import Player
from tests.conftest import Register
from tests.people import Registry

pytestmark = pytest.mark.anyio

PLAY = "/api/game/play"
DEEP = b"[" * 5000 + b"]" * 5000
UNKNOWN = 2**62


@pytest.fixture(scope="module")
async def somebody(base_url: str, registry: Registry) -> AsyncIterator[Player]:
    player = Player.let_in(base_url, await registry.enter("somebody"))
    yield player
    await player.http.aclose()


@pytest.fixture
async def http(somebody: Player) -> AsyncIterator[httpx.AsyncClient]:
    yield somebody.http
    assert (await somebody.http.post(PLAY, json={"number": 842})).status_code == 201, "The next request works"


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["type"] == f"urn:parlour:problem:{code}"
    assert problem["detail"]


async def post(http: httpx.AsyncClient, path: str, body: bytes | str, **headers: str) -> httpx.Response:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return await http.post(path, content=body, headers={"Content-Type": "application/json", **given})


@pytest.mark.parametrize(
    "body",
    [
        '{"number": "842"}',
        '{"number": 842.5}',
        '{"number": true}',
        '{"number": null}',
        '{"number": [842]}',
        '{"number": 0}',
        '{"number": -842}',
        '{"number": 10000}',
        '{"number": 10000000000000000000000}',
        '{"number": 1e400}',
        '{"number": ' + "9" * 6000 + "}",
        '{"number": NaN}',
        '{"number": 842, "prize": 421}',
        '{"Number": 842}',
        "{}",
        "[]",
        "null",
        '"842"',
        "",
        "{",
        '{"number": 842} {}',
        '{"number": 842,}',
        "number=842",
        '\ufeff{"number": 842}',
        '{"\\ud800": 842}',
        '{"number": "\x00"}',
    ],
)
async def test_a_body_that_does_not_fit_is_refused(http: httpx.AsyncClient, body: str) -> None:
    assert_problem(await post(http, PLAY, body), 400, "bad_request")


async def test_the_refusal_names_the_field(http: httpx.AsyncClient) -> None:
    answer = await http.post(PLAY, json={"number": 10_000})
    assert answer.json()["errors"] == [{"field": "number", "message": "Expected `int` <= 9999"}]


@pytest.mark.parametrize(
    "body",
    [b'{"number": "\xff\xfe"}', b'{"\xc3\x28": 1}', DEEP, b'{"number":' * 5000 + b"1" + b"}" * 5000],
    ids=["bad UTF-8", "bad UTF-8 in a key", "5,000 arrays", "5,000 objects"],
)
async def test_a_body_that_cannot_be_read_is_refused(http: httpx.AsyncClient, body: bytes) -> None:
    answer = await post(http, PLAY, body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


async def test_the_last_of_duplicate_keys_counts(http: httpx.AsyncClient) -> None:
    assert (await post(http, PLAY, '{"number": 1, "number": 842}')).json()["prize"] == 421.0
    assert_problem(await post(http, PLAY, '{"number": 842, "number": 0}'), 400, "bad_request")


async def test_a_body_beyond_the_limit_is_refused_however_it_comes(http: httpx.AsyncClient) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1024

    body = b" " * (64 * 1024) + b'{"number": 842}'
    assert_problem(await post(http, PLAY, body), 413, "body_too_large")
    headers = {"Content-Type": "application/json"}
    assert_problem(await http.post(PLAY, content=in_pieces(), headers=headers), 413, "body_too_large")


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/msgpack",
        "application/json; charset=utf-16",
        "nonsense",
    ],
)
async def test_a_body_of_another_type_is_refused(http: httpx.AsyncClient, media_type: str) -> None:
    assert_problem(await post(http, PLAY, '{"number": 842}', Content_Type=media_type), 415, "not_json")


async def test_the_type_counts_where_a_body_may_be_left_out_and_is(http: httpx.AsyncClient) -> None:
    assert_problem(await post(http, "/api/users/token/refresh", b"", Content_Type="text/plain"), 415, "not_json")


async def test_a_compressed_body_is_refused_unread(http: httpx.AsyncClient) -> None:
    answer = await post(http, PLAY, b"\x1f\x8b" + bytes(100), Content_Encoding="gzip")
    assert_problem(answer, 415, "not_json")


@pytest.mark.parametrize("media_type", ["application/json; charset=UTF-8", "Application/JSON", ""])
async def test_json_by_any_of_its_names_is_taken(http: httpx.AsyncClient, media_type: str) -> None:
    assert (await post(http, PLAY, '{"number": 842}', Content_Type=media_type)).status_code == 201


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/users/register", {"username": "a\x00b", "password": "long enough"}),
        ("/api/users/register", {"username": "newline\n", "password": "long enough"}),
        ("/api/users/register", {"username": "x", "password": "long enough", "first_name": "a\r\nb"}),
        ("/api/users/register", {"username": "x", "password": "p" * 1025}),
        ("/api/users/register", {"username": "x", "password": "long enough", "is_staff": True}),
        ("/api/users/login", {"username": "\x00", "password": "x"}),
        ("/api/users/login", {"password": "x"}),
        ("/api/users/token/refresh", {"refresh": "\x00"}),
        ("/api/users/token/refresh", {"refresh": "x" * 100_000}),
        ("/api/users/token/verify", {"token": 1}),
        ("/api/chat/conversations", {"participants": []}),
        ("/api/chat/conversations", {"participants": [0]}),
        ("/api/chat/conversations", {"participants": [2**63]}),
        ("/api/chat/conversations", {"participants": [1] * 101}),
        ("/api/chat/conversations", {"participants": [UNKNOWN], "name": ""}),
        ("/api/chat/groups", {"name": "x" * 101}),
        ("/api/chat/groups", {"name": "a\x00b"}),
        ("/api/chat/groups", {"name": "two\nlines"}),
        ("/api/chat/groups", {"name": "x", "topic": "x" * 501}),
        ("/api/chat/groups", {"name": "x", "participants": [1] * 101}),
        ("/api/friends/requests", {"username": "a\x00"}),
        ("/api/friends/requests", {"username": "a\n"}),
        ("/api/lottery/ballots", {"count": 0}),
        ("/api/lottery/ballots", {"count": 101}),
        ("/api/lottery/ballots", {"lottery": "Daily"}),
        ("/api/lottery/ballots", {"lottery": "\x00"}),
    ],
)
async def test_no_field_takes_what_it_cannot_hold(http: httpx.AsyncClient, path: str, body: Any) -> None:  # noqa: ANN401
    answer = await http.post(path, json=body)
    assert answer.status_code in {400, 413}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("", "empty_message"),
        (" \t\n\u200b", "empty_message"),
        ("a\x00b", "unstorable_text"),
        ("x" * 4001, "message_too_long"),
        ("x" * 8001, "bad_request"),
    ],
)
async def test_a_message_that_cannot_be_stored_is_refused(
    http: httpx.AsyncClient, somebody: Player, player: Register, message: str, code: str
) -> None:
    conversation = await somebody.talk_to(await player("friend"))
    path = f"/api/chat/conversations/{conversation}/messages"
    assert_problem(await http.post(path, json={"message": message}), 400, code)
    assert_problem(await post(http, path, '{"message": "\\ud800"}'), 400, "bad_request")
    assert (await http.get(path)).json()["messages"] == []


@pytest.mark.parametrize("client_id", ["", "a b", "a\n", "a\x00", "é", "x" * 65])
async def test_a_name_for_a_message_is_plain_ascii(
    http: httpx.AsyncClient, somebody: Player, player: Register, client_id: str
) -> None:
    conversation = await somebody.talk_to(await player("friend"))
    path = f"/api/chat/conversations/{conversation}/messages"
    assert_problem(await http.post(path, json={"message": "x", "client_id": client_id}), 400, "bad_request")


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 201])
@pytest.mark.parametrize(("path", "body"), [(PLAY, '{"number": 842}'), ("/api/lottery/ballots", "{}")])
async def test_an_idempotency_key_is_plain_ascii(http: httpx.AsyncClient, path: str, body: str, key: str) -> None:
    headers = {b"content-type": b"application/json", b"idempotency-key": key.encode()}
    assert_problem(await http.post(path, content=body, headers=headers), 400, "bad_request")


@pytest.mark.parametrize(
    "day", ["0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "x", "\x00", ""]
)
async def test_no_date_breaks_the_lottery(http: httpx.AsyncClient, day: str) -> None:
    for answer in (
        await http.get("/api/lottery/winning-ballot", params={"draw_date": day}),
        await http.post("/api/lottery/ballots", json={"draw_date": day}),
        await http.get("/api/lottery/draws/daily/" + (day.replace("\x00", "%00") or "%20")),
    ):
        assert answer.status_code in {400, 404, 409, 422}
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await http.get("/api/lottery/ballots", params={"draw_date": day})).status_code in {200, 400}


@pytest.mark.parametrize(
    "query",
    [
        *(f"limit={limit}" for limit in ("0", "-1", "101", "x", "1e3", "%00", "%ff", "%EF%BC%91", "")),
        *(f"before={before}" for before in ("0", 2**63, "9" * 5000)),
    ],
)
async def test_a_page_has_bounds(http: httpx.AsyncClient, query: str) -> None:
    assert_problem(await http.get(f"/api/game/history?{query}"), 400, "bad_request")


async def test_bytes_that_are_no_utf8_in_an_unread_parameter_harm_nobody(http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/game/history?%ff=%fe&%00&=&")).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/chat/conversations/{}",
        "/api/chat/conversations/{}/messages",
        "/api/chat/groups/{}/socket",
        "/api/chat/groups/{}/members",
        "/api/chat/invites/{}",
        "/api/users/sessions/{}",
        "/api/game/plays/{}",
        "/api/chat/direct/{}",
        "/api/lottery/draws/{}/1",
        "/api/lottery/draws/daily/{}",
        "/api/files/{}",
        "/api/users/{}/avatar",
        "/api/chat/conversations/1/files/{}",
    ],
)
@pytest.mark.parametrize(
    "name", ["0", "-1", str(2**63), "1" * 5000, "1.5", "%00", "a%00b", "%ff", "%ED%A0%80", "x" * 5000, "..%2f..%2fetc"]
)
async def test_no_name_in_a_path_breaks_anything(http: httpx.AsyncClient, path: str, name: str) -> None:
    method = "DELETE" if "sessions" in path else "GET"
    answer = await http.request(method, path.format(name))
    assert answer.status_code in {400, 404}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", f"/api/chat/conversations/{UNKNOWN}", "no_such_conversation"),
        ("GET", f"/api/chat/conversations/{UNKNOWN}/messages", "no_such_conversation"),
        ("GET", f"/api/chat/groups/{UNKNOWN}/socket", "no_such_conversation"),
        ("POST", f"/api/chat/groups/{UNKNOWN}/join", "no_such_conversation"),
        ("POST", f"/api/chat/groups/{UNKNOWN}/leave", "no_such_conversation"),
        ("GET", "/api/chat/invites/no-such-token", "no_such_invite"),
        ("POST", "/api/chat/invites/no-such-token/accept", "no_such_invite"),
        ("GET", "/api/chat/direct/nobody-here", "no_such_user"),
        ("DELETE", f"/api/friends/{UNKNOWN}", "not_friends"),
        ("POST", f"/api/friends/requests/{UNKNOWN}/accept", "no_such_request"),
        ("DELETE", f"/api/friends/requests/{UNKNOWN}", "no_such_request"),
        ("PUT", f"/api/blocks/{UNKNOWN}", "no_such_user"),
        ("GET", f"/api/users/{UNKNOWN}", "no_such_user"),
        ("GET", "/api/game/plays/never-played", "no_such_play"),
        ("GET", "/api/lottery/draws/daily/999999", "not_found"),
        ("GET", "/api/lottery/draws?lottery=none", "not_found"),
        ("DELETE", f"/api/users/sessions/{UUID(int=0)}", "not_found"),
        ("GET", f"/api/files/{UUID(int=0)}", "no_such_file"),
        ("GET", f"/api/files/{UUID(int=0)}/thumbnail", "no_such_file"),
        ("DELETE", f"/api/files/{UUID(int=0)}", "no_such_file"),
        ("GET", f"/api/users/{UNKNOWN}/avatar", "no_such_file"),
        ("GET", f"/api/chat/conversations/{UNKNOWN}/files/{UUID(int=0)}", "no_such_conversation"),
    ],
)
async def test_what_is_not_there_is_not_found(http: httpx.AsyncClient, method: str, path: str, code: str) -> None:
    assert_problem(await http.request(method, path), 404, code)


async def test_nobody_can_be_talked_to_who_is_not_there(http: httpx.AsyncClient) -> None:
    assert_problem(await http.post("/api/chat/conversations", json={"participants": [UNKNOWN]}), 404, "no_such_user")
    assert_problem(await http.post("/api/friends/requests", json={"username": "nobody-h"}), 404, "no_such_user")


async def test_other_peoples_conversations_look_like_none(http: httpx.AsyncClient, player: Register) -> None:
    ann, ben = await player("ann"), await player("ben")
    conversation = await ann.talk_to(ben)
    path = f"/api/chat/conversations/{conversation}"
    for answer in (
        await http.get(path),
        await http.get(f"{path}/messages"),
        await http.post(f"{path}/messages", json={"message": "Hello?"}),
        await http.get(f"/api/chat/groups/{conversation}/socket"),
        await http.post(f"/api/chat/groups/{conversation}/join"),
        await http.post(f"/api/chat/groups/{conversation}/leave"),
    ):
        assert_problem(answer, 404, "no_such_conversation")
    assert (await ann.http.get(f"{path}/messages")).json()["messages"] == []


async def test_other_peoples_plays_and_sessions_look_like_none(http: httpx.AsyncClient, player: Register) -> None:
    ann = await player("ann")
    await ann.http.post(PLAY, json={"number": 842}, headers={"Idempotency-Key": "mine"})
    session = (await ann.http.get("/api/users/sessions")).json()[0]["id"]
    assert_problem(await http.get("/api/game/plays/mine"), 404, "no_such_play")
    assert_problem(await http.delete(f"/api/users/sessions/{session}"), 404, "not_found")
    assert (await ann.http.get("/api/users/profile")).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE"])
async def test_a_method_that_the_path_does_not_have_is_told_which_it_has(http: httpx.AsyncClient, method: str) -> None:
    answer = await http.request(method, PLAY)
    assert_problem(answer, 405, "method_not_allowed")
    assert set(answer.headers["allow"].split(", ")) == {"POST", "OPTIONS"}


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/%00",
        "/%ff",
        "/..%2f..%2fetc%2fpasswd",
        "/docs/assets/%2e%2e/%2e%2e/pyproject.toml",
        "/docs/assets/..%2f..%2f..%2fpyproject.toml",
        "/docs/assets//etc/passwd",
        "/docs/assets/%00",
    ],
)
async def test_a_path_leads_nowhere_else(http: httpx.AsyncClient, path: str) -> None:
    assert_problem(await http.get(path), 404, "not_found")


async def test_a_name_that_is_used_twice_at_once_is_one_account(base_url: str) -> None:
    name = f"twins-{uuid4().hex[:10]}"
    async with httpx.AsyncClient(base_url=base_url, timeout=10) as http:
        body = {"username": name, "password": "long enough"}
        answers = await asyncio.gather(*(http.post("/api/users/register", json=body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
