import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from sqlalchemy import text
from tests.domain.moderation.conftest import ALICE, BOB, COLLEAGUE, MODERATOR, STRANGER, File, Record

from app.domain.accounts.models import User
from app.domain.accounts.standing import Outranked, StaffRole, Standing
from app.domain.audit.services import OPERATOR, Audit, By
from app.domain.chat.schemas.entries import Deletion, Draft
from app.domain.chat.schemas.events import Deleted
from app.domain.chat.services.messages import Messages
from app.domain.moderation.rules import AlreadyResolved, NoSuchReport, NothingToRemove
from app.domain.moderation.schemas import Decision
from app.domain.moderation.services.queue import ReportQueue
from app.domain.moderation.services.resolving import Resolved, Resolving
from app.resources import Sessions
from app.settings import Settings

pytestmark = pytest.mark.anyio
DISMISS = {"action": "dismiss"}
WARN = {"action": "warn", "note": "Be kind"}
REMOVE = {"action": "remove_message", "note": "Be kind"}
SUSPEND = {"action": "suspend", "note": "Be kind", "until": None}

Resolve = Callable[..., Awaitable[Resolved]]


@pytest.fixture
def resolve(sessions: Sessions, settings: Settings) -> Resolve:
    async def resolve(report_id: int, decision: dict[str, Any], *, by: int = MODERATOR) -> Resolved:
        async with sessions.begin() as session:
            made = msgspec.convert(decision, Decision)
            return await Resolving(session, settings).resolve(By(by), by, report_id, made)

    return resolve


async def acts(sessions: Sessions) -> list[tuple[int | None, str, dict[str, Any]]]:
    """What was recorded, oldest first, without the appointments."""
    async with sessions() as session:
        entries = await Audit(session=session).entries(limit=100)
    return [(one.actor_id, one.action, one.details) for one in reversed(entries) if one.action != "appoint_user"]


async def open_ones(sessions: Sessions, moderator: int = MODERATOR) -> list[int]:
    async with sessions() as session:
        found = await ReportQueue(session=session).page(moderator, is_open=True, before=None, limit=100)
    return [report.id for report in found]


async def mails(sessions: Sessions) -> list[tuple[str, str]]:
    async with sessions() as session:
        return [(row[0], row[1]) for row in await session.execute(text("SELECT recipient, subject FROM outgoing_mail"))]


async def test_a_decision_resolves_every_open_report_of_the_same_target_and_no_other(
    talk: int, file: File, resolve: Resolve, sessions: Sessions
) -> None:
    first = await file(ALICE, BOB, user=True)
    second = await file(STRANGER, BOB, user=True)
    message = await file(ALICE, talk)
    await resolve(second.id, WARN)
    assert await open_ones(sessions) == [message.id]
    [(actor, action, details)] = await acts(sessions)
    assert (actor, action, details["decision"], details["user_id"]) == (MODERATOR, "resolve_report", "warn", BOB)
    assert details["reports"] == [first.id, second.id]
    again = await file(ALICE, BOB, user=True)
    assert await open_ones(sessions) == [again.id, message.id]


async def test_of_two_who_decide_at_once_one_is_told_what_the_other_did(
    talk: int, file: File, resolve: Resolve, sessions: Sessions
) -> None:
    for_alice, for_stranger = await file(ALICE, BOB, user=True), await file(STRANGER, BOB, user=True)
    both = resolve(for_alice.id, WARN, by=MODERATOR), resolve(for_stranger.id, SUSPEND, by=COLLEAGUE)
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    [refused] = [one for one in outcomes if isinstance(one, AlreadyResolved)]
    [resolved] = [one for one in outcomes if isinstance(one, Resolved)]
    did = (
        "moderator has decided already: warn." if outcomes[0] is resolved else "colleague has decided already: suspend."
    )
    assert refused.detail == did
    assert [action for _, action, _ in await acts(sessions)].count("resolve_report") == 1
    async with sessions() as session:
        assert (await session.get_one(User, BOB)).is_suspended == (outcomes[1] is resolved)


async def test_the_same_decision_again_has_the_same_answer_and_happens_once(
    talk: int, file: File, resolve: Resolve, sessions: Sessions
) -> None:
    report = await file(ALICE, talk)
    until = datetime.now(UTC) + timedelta(days=1)
    suspend = SUSPEND | {"until": until.isoformat()}
    elsewhere = SUSPEND | {"until": until.astimezone(timezone(timedelta(hours=5))).isoformat()}
    assert (await resolve(report.id, suspend)).report.resolution_id
    recorded = await acts(sessions)
    for decision in (suspend, elsewhere):
        assert (await resolve(report.id, decision)).ended == ()
    assert await acts(sessions) == recorded
    for other in (WARN, SUSPEND, suspend | {"note": "Because"}):
        with pytest.raises(AlreadyResolved):
            await resolve(report.id, other)
    with pytest.raises(AlreadyResolved):
        await resolve(report.id, suspend, by=COLLEAGUE)


async def test_a_removed_message_is_deleted_in_the_conversations_own_order_by_who_is_not_in_it(
    talk: int, file: File, resolve: Resolve, record: Record, sessions: Sessions
) -> None:
    report = await file(ALICE, talk)
    await record(Draft(talk, ALICE, "3", "stop it"))
    resolved = await resolve(report.id, REMOVE)
    assert isinstance(resolved.event, Deleted)
    assert (resolved.event.seq, resolved.event.message_id, resolved.event.actor_id) == (4, 2, MODERATOR)
    await record(Draft(talk, BOB, "5", "oh"))
    async with sessions() as session:
        events = await Messages(session=session).events_after(talk, 1, 100)
    assert [event.message_id for event in events] == [2, 3, 2, 5]
    assert (await acts(sessions))[0][2]["message_id"] == 2


async def test_a_message_that_its_author_deleted_first_can_still_be_decided_about(
    talk: int, file: File, resolve: Resolve, record: Record
) -> None:
    report = await file(ALICE, talk)
    await record(Deletion(talk, BOB, "d", 2))
    resolved = await resolve(report.id, REMOVE)
    assert (resolved.event, resolved.report.evidence["content"]) == (None, "an insult")


async def test_a_decision_that_cannot_be_carried_out_leaves_the_report_open(
    talk: int, file: File, resolve: Resolve, sessions: Sessions, settings: Settings
) -> None:
    async with sessions.begin() as session:
        await Standing(session, settings).appoint(OPERATOR, BOB, StaffRole.STAFF)
    person, message = await file(ALICE, BOB, user=True), await file(ALICE, talk)
    with pytest.raises(NothingToRemove):
        await resolve(person.id, REMOVE)
    with pytest.raises(Outranked):
        await resolve(message.id, SUSPEND)
    assert await open_ones(sessions) == [message.id, person.id]
    assert (await acts(sessions), await mails(sessions)) == ([], [])


async def test_nobody_sees_or_decides_about_a_report_on_themself(
    talk: int, file: File, resolve: Resolve, sessions: Sessions
) -> None:
    report = await file(ALICE, MODERATOR, user=True)
    assert await open_ones(sessions) == []
    assert await open_ones(sessions, COLLEAGUE) == [report.id]
    with pytest.raises(NoSuchReport):
        await resolve(report.id, DISMISS)
    with pytest.raises(NoSuchReport):
        await resolve(99, DISMISS)
    assert await resolve(report.id, WARN, by=COLLEAGUE)


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        (DISMISS, ["Your report"]),
        (WARN, ["Your report", "A warning"]),
        (REMOVE, ["Your report", "A message of yours was removed"]),
        (SUSPEND, ["Your report", "Your account is suspended"]),
    ],
)
async def test_who_reported_is_told_and_who_is_concerned(
    talk: int, file: File, resolve: Resolve, sessions: Sessions, decision: dict[str, Any], told: list[str]
) -> None:
    async with sessions.begin() as session:
        await session.execute(
            text("UPDATE users SET email = username || '@example.org' WHERE username IN ('alice', 'bob')")
        )
    await resolve((await file(ALICE, talk)).id, decision)
    assert await mails(sessions) == list(zip(["alice@example.org", "bob@example.org"], told, strict=False))


@pytest.mark.parametrize(
    "decision",
    [
        {"action": "suspend", "note": "x"},
        {"action": "warn", "note": "x", "until": None},
        {"action": "warn"},
        {"action": "remove_message", "note": " \n"},
        {"action": "suspend", "note": "x", "until": "2026-11-20T12:00:00"},
        {"action": "praise"},
        {"action": "dismiss", "note": "\x00"},
    ],
)
def test_a_decision_says_all_that_is_needed(decision: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(decision, Decision)
