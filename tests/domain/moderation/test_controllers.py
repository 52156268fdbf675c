"""Reports, decisions, suspensions and the log, over HTTP and on sockets of the running server."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.clients import Player
from tests.conftest import Officer, Register
from tests.domain.files.samples import PDF
from tests.people import PASSWORD

from app.domain.accounts.standing import StaffRole

pytestmark = pytest.mark.anyio
CLOSED_WITHIN = 5
"""Seconds: I10 of the guarantee."""
REPORTS, USERS, AUDIT = "/api/moderation/reports", "/api/moderation/users", "/api/moderation/audit"


@dataclass
class Quarrel:
    """Bob has insulted Alice, and she has reported him."""

    alice: Player
    bob: Player
    moderator: Player
    conversation: int
    report: int

    async def resolve(self, by: Player | None = None, **decision: Any) -> httpx.Response:  # noqa: ANN401  any JSON
        by = by or self.moderator
        return await by.http.post(f"{REPORTS}/{self.report}/resolve", json={"note": "Be kind", **decision})

    @property
    def messages(self) -> str:
        return f"/api/chat/conversations/{self.conversation}/messages"


@pytest.fixture
async def quarrel(player: Register, officer: Officer) -> Quarrel:
    alice, bob, moderator = await player("alice"), await player("bob"), await officer("moderator", StaffRole.MODERATOR)
    conversation = await alice.talk_to(bob)
    sent = await bob.http.post(f"/api/chat/conversations/{conversation}/messages", json={"message": "an insult"})
    report = {"kind": "message", "conversation_id": conversation, "message_id": sent.json()["id"], "reason": "hate"}
    filed = await alice.http.post("/api/reports", json=report)
    assert filed.status_code == 201, filed.text
    return Quarrel(alice, bob, moderator, conversation, filed.json()["id"])


async def closing(*sockets: Any) -> list[int]:  # noqa: ANN401  any of ours
    async def code_of(socket: Any) -> int:  # noqa: ANN401
        await socket.connection.wait_closed()
        return int(socket.connection.close_code)

    async with asyncio.timeout(CLOSED_WITHIN):
        return await asyncio.gather(*map(code_of, sockets))


async def acts_on(staff: Player, subject: str) -> list[str]:
    """Oldest first."""
    answer = await staff.http.get(AUDIT, params={"subject": subject})
    assert answer.status_code == 200, answer.text
    return [entry["action"] for entry in reversed(answer.json())]


async def test_who_is_suspended_is_out_at_once_on_every_socket_and_every_way_back_in(quarrel: Quarrel) -> None:
    bob, until = quarrel.bob, datetime.now(UTC) + timedelta(days=1)
    paths = ["/ws", "/ws/game/", f"/ws/chat/{quarrel.conversation}/"]
    async with bob.socket(paths[0]) as one, bob.socket(paths[1]) as game, bob.socket(paths[2]) as chat:
        suspended = await quarrel.moderator.http.post(
            f"{USERS}/{bob.id}/suspend", json={"until": until.isoformat(), "reason": "Spam"}
        )
        assert suspended.status_code == 200, suspended.text
        assert await closing(one, game, chat) == [4401] * 3
    shown = suspended.json()["suspension"]
    assert (datetime.fromisoformat(shown["until"]), shown["reason"]) == (until, "Spam")
    refused = await bob.http.get("/api/users/profile")
    assert (refused.status_code, refused.json()["code"]) == (401, "not_logged_in")
    for path, body in [
        ("/api/users/token/refresh", {"refresh": bob.refresh}),
        ("/api/users/login", {"username": bob.username, "password": PASSWORD}),
    ]:
        answer = await bob.http.post(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "account_suspended")
        assert f"until {until:%Y-%m-%dT%H:%M:%SZ}" in answer.json()["detail"]
    async with bob.socket("/ws") as again:
        assert await closing(again) == [4401]

    page = (await quarrel.alice.http.get(quarrel.messages)).json()["messages"]
    assert [message["sender"] for message in page] == [bob.username]
    found = await quarrel.moderator.http.get(USERS, params={"suspended": True, "q": bob.username.upper()})
    assert [member["id"] for member in found.json()] == [bob.id]

    assert (await quarrel.moderator.http.post(f"{USERS}/{bob.id}/lift")).json()["suspension"] is None
    login = await bob.http.post("/api/users/login", json={"username": bob.username, "password": PASSWORD})
    assert login.status_code == 200


async def test_a_report_goes_its_way_from_the_reporter_to_the_decision(quarrel: Quarrel) -> None:
    listed = (await quarrel.moderator.http.get(REPORTS, params={"kind": "message", "user_id": quarrel.bob.id})).json()
    assert [(one["id"], one["reporter"]["username"]) for one in listed] == [(quarrel.report, quarrel.alice.username)]
    await quarrel.bob.http.patch(f"{quarrel.messages}/1", json={"message": "a compliment"})
    details = (await quarrel.moderator.http.get(f"{REPORTS}/{quarrel.report}")).json()
    assert details["evidence"]["content"] == "an insult"
    assert [message["content"] for message in details["context"]] == ["a compliment"]
    mine = (await quarrel.alice.http.get("/api/reports/mine")).json()
    assert [(one["id"], one["outcome"]) for one in mine] == [(quarrel.report, "open")]

    async with quarrel.alice.socket(f"/ws/chat/{quarrel.conversation}/?after=2") as socket:
        resolved = await quarrel.resolve(action="remove_message")
        assert resolved.status_code == 200, resolved.text
        deleted = await socket.until("deleted")
    assert (deleted["seq"], deleted["message_id"], deleted["actor_id"]) == (3, 1, quarrel.moderator.id)
    for _ in range(2):
        [message] = (await quarrel.alice.http.get(quarrel.messages)).json()["messages"]
        assert (message["content"], message["deleted"]) == ("", True)
    mine = (await quarrel.alice.http.get("/api/reports/mine")).json()
    assert [one["outcome"] for one in mine] == ["acted"]
    done = (await quarrel.moderator.http.get(REPORTS, params={"state": "resolved", "user_id": quarrel.bob.id})).json()
    assert [one["resolution"]["by"]["id"] for one in done] == [quarrel.moderator.id]
    assert (await quarrel.moderator.http.get(f"{REPORTS}/{quarrel.report}")).json()["evidence"]["content"]


async def test_a_moderator_sees_the_files_of_a_reported_message_and_no_others(quarrel: Quarrel) -> None:
    files = [(await quarrel.bob.http.post("/api/files", params={"name": "a.pdf"}, content=PDF)).json() for _ in "ab"]
    for file in files:
        said = await quarrel.bob.http.post(quarrel.messages, json={"message": "look", "files": [file["id"]]})
        assert said.status_code == 201, said.text
    report = {"kind": "message", "conversation_id": quarrel.conversation, "message_id": 2, "reason": "illegal"}
    path = f"{REPORTS}/{(await quarrel.alice.http.post('/api/reports', json=report)).json()['id']}"
    evidence = (await quarrel.moderator.http.get(path)).json()["evidence"]
    kept = {name: files[0][name] for name in ("id", "name", "media_type", "size")}
    assert evidence["attachments"] == [kept]
    shown = await quarrel.moderator.http.get(f"{path}/files/{files[0]['id']}")
    assert (shown.status_code, shown.content) == (200, PDF)
    for other in (f"{path}/files/{files[1]['id']}", f"{REPORTS}/{quarrel.report}/files/{files[0]['id']}"):
        assert (await quarrel.moderator.http.get(other)).json()["code"] == "no_such_file"
    assert (await quarrel.alice.http.get(f"{path}/files/{files[0]['id']}")).json()["code"] == "not_moderator"
    await quarrel.moderator.http.post(f"{path}/resolve", json={"action": "remove_message", "note": "No"})
    assert (await quarrel.moderator.http.get(f"{path}/files/{files[0]['id']}")).status_code == 404
    assert (await quarrel.moderator.http.get(path)).json()["evidence"]["attachments"] == [kept]


async def test_only_the_first_decision_counts(quarrel: Quarrel, officer: Officer) -> None:
    colleague = await officer("colleague", StaffRole.MODERATOR)
    first = await quarrel.resolve(action="suspend", until=None)
    again = await quarrel.resolve(action="suspend", until=None)
    assert (first.status_code, first.json()) == (200, again.json())
    other = await quarrel.resolve(colleague, action="dismiss")
    assert (other.status_code, other.json()["code"]) == (409, "already_resolved")
    assert other.json()["detail"] == f"{quarrel.moderator.username} has decided already: suspend."
    assert (await quarrel.bob.http.get("/api/users/profile")).status_code == 401


async def test_every_act_is_in_the_log_and_staff_read_it(quarrel: Quarrel, officer: Officer) -> None:
    staff, bob = await officer("staff", StaffRole.STAFF), quarrel.bob
    for _ in range(2):
        await quarrel.moderator.http.get(f"{REPORTS}/{quarrel.report}")
    await quarrel.resolve(action="warn")
    assert await acts_on(staff, f"report:{quarrel.report}") == ["read_report", "resolve_report"]
    order: dict[str, Any] = {"until": None, "reason": "Spam"}
    for _ in range(2):
        await quarrel.moderator.http.post(f"{USERS}/{bob.id}/suspend", json=order)
    for _ in range(2):
        await quarrel.moderator.http.post(f"{USERS}/{bob.id}/lift")
    for role in ("moderator", "moderator", "none"):
        answer = await staff.http.put(f"{USERS}/{bob.id}/role", json={"role": role})
        assert (answer.status_code, answer.json()["role"]) == (200, role)
    changes = ["suspend_user", "lift_suspension", "appoint_user", "appoint_user"]
    assert await acts_on(staff, f"user:{bob.id}") == changes
    history = (await quarrel.moderator.http.get(f"{USERS}/{bob.id}")).json()
    assert [report["id"] for report in history["reports"]] == [quarrel.report]
    assert [act["action"] for act in reversed(history["acts"])] == changes
    [last] = (await staff.http.get(AUDIT, params={"actor": staff.id, "limit": 1})).json()
    assert (last["subject"], last["details"]) == (f"user:{bob.id}", {"role": "none", "before": "moderator"})
    assert (last["actor"]["username"], last["address"]) == (staff.username, "127.0.0.1")
    [earlier] = (await staff.http.get(AUDIT, params={"actor": staff.id, "before": last["id"]})).json()
    assert earlier["details"]["role"] == "moderator"


async def test_a_role_that_is_taken_away_is_gone_at_once(quarrel: Quarrel, officer: Officer) -> None:
    staff = await officer("staff", StaffRole.STAFF)
    async with quarrel.moderator.socket("/ws") as socket:
        await staff.http.put(f"{USERS}/{quarrel.moderator.id}/role", json={"role": "none"})
        assert await closing(socket) == [4401]
    assert (await quarrel.moderator.http.get(REPORTS)).status_code == 401


Request = tuple[str, str, dict[str, Any] | None]


def for_moderators(quarrel: Quarrel) -> list[Request]:
    person = f"{USERS}/{quarrel.bob.id}"
    return [
        ("GET", REPORTS, None),
        ("GET", f"{REPORTS}/{quarrel.report}", None),
        ("POST", f"{REPORTS}/{quarrel.report}/resolve", {"action": "dismiss"}),
        ("GET", USERS, None),
        ("GET", person, None),
        ("POST", f"{person}/suspend", {"until": None, "reason": "Spam"}),
        ("POST", f"{person}/lift", None),
    ]


def for_staff(quarrel: Quarrel) -> list[Request]:
    return [("PUT", f"{USERS}/{quarrel.bob.id}/role", {"role": "none"}), ("GET", AUDIT, None)]


async def answer_to(who: Player, request: Request) -> tuple[int, str | None]:
    method, path, body = request
    answer = await who.http.request(method, path, json=body)
    return answer.status_code, answer.json().get("code") if answer.is_error else None


async def test_each_request_is_for_those_of_its_role_and_above(
    quarrel: Quarrel, player: Register, officer: Officer, base_url: str
) -> None:
    staff, stranger = await officer("staff", StaffRole.STAFF), await player("stranger")
    nobody = Player(0, "", httpx.AsyncClient(base_url=base_url), "", "")
    for request in for_moderators(quarrel):
        assert await answer_to(nobody, request) == (401, "not_logged_in")
        for who in (quarrel.alice, stranger):
            assert await answer_to(who, request) == (403, "not_moderator")
        assert await answer_to(quarrel.moderator, request) == (200, None)
    for request in for_staff(quarrel):
        assert await answer_to(nobody, request) == (401, "not_logged_in")
        assert (await answer_to(stranger, request))[0] == 403
        assert await answer_to(quarrel.moderator, request) == (403, "not_staff")
        assert await answer_to(staff, request) == (200, None)
    await nobody.http.aclose()


async def test_an_outsider_cannot_report_what_they_cannot_see(quarrel: Quarrel, player: Register) -> None:
    stranger = await player("stranger")
    report = {"kind": "message", "conversation_id": quarrel.conversation, "message_id": 1, "reason": "spam"}
    for seen in (report, report | {"message_id": 99}, report | {"conversation_id": 2**62}):
        answer = await stranger.http.post("/api/reports", json=seen)
        assert (answer.status_code, answer.json()["code"]) == (404, "nothing_to_report")
    again = await quarrel.alice.http.post("/api/reports", json=report)
    assert (again.status_code, again.json()["id"]) == (200, quarrel.report)


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "user", "user_id": 0, "reason": "spam"},
        {"kind": "user", "user_id": 2**63, "reason": "spam"},
        {"kind": "user", "user_id": 1, "reason": "dislike"},
        {"kind": "user", "user_id": 1, "reason": "spam", "comment": "a\0"},
        {"kind": "user", "user_id": 1, "reason": "spam", "comment": "x" * 1001},
        {"kind": "user", "user_id": 1, "reason": "spam", "client_id": "a b"},
        {"kind": "user", "user_id": 1, "reason": "spam", "message_id": 1},
        {"kind": "message", "conversation_id": 1, "reason": "spam"},
        {"kind": "group", "user_id": 1, "reason": "spam"},
        {"user_id": 1, "reason": "spam"},
    ],
)
async def test_a_report_that_does_not_fit_is_refused(player: Register, body: dict[str, Any]) -> None:
    answer = await (await player("alice")).http.post("/api/reports", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    ("path", "params"),
    [
        (AUDIT, {"subject": "user"}),
        (AUDIT, {"subject": "user:0"}),
        (AUDIT, {"subject": "user:" + "9" * 19}),
        (AUDIT, {"subject": "user:1\n"}),
        (AUDIT, {"actor": 2**63}),
        (AUDIT, {"limit": 101}),
        (REPORTS, {"state": "lost"}),
        (REPORTS, {"kind": "group"}),
        (REPORTS, {"before": 0}),
        (USERS, {"q": "a\0"}),
    ],
)
async def test_a_question_that_does_not_fit_is_refused(officer: Officer, path: str, params: dict[str, Any]) -> None:
    staff = await officer("staff", StaffRole.STAFF)
    answer = await staff.http.get(path, params=params)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    ("until", "status"), [("2020-01-01T00:00:00Z", 422), ("9999-12-31T23:59:59-23:59", 400), ("2030-01-01", 400)]
)
async def test_a_suspension_that_cannot_be_is_refused(quarrel: Quarrel, until: str, status: int) -> None:
    path = f"{USERS}/{quarrel.bob.id}/suspend"
    assert (await quarrel.moderator.http.post(path, json={"until": until, "reason": "x"})).status_code == status
    assert (await quarrel.resolve(action="suspend", until=until)).status_code == status
    assert (await quarrel.bob.http.get("/api/users/profile")).status_code == 200
