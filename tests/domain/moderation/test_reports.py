import asyncio

import pytest
from sqlalchemy import func, select, text
from tests.conftest import Newcomer
from tests.domain.moderation.conftest import ALICE, BOB, STRANGER, File, Record

from app.domain.chat.schemas.entries import Deletion, Draft, Edit
from app.domain.moderation.models import Report
from app.domain.moderation.rules import REPORTS_PER_HOUR, NothingToReport, ReportingYourself, TooManyReports
from app.domain.moderation.services.queue import ReportQueue
from app.domain.moderation.services.reports import Reports
from app.errors import IdempotencyConflict
from app.resources import Sessions

pytestmark = pytest.mark.anyio
NOBODY = 2**63 - 1


async def count(sessions: Sessions) -> int:
    async with sessions() as session:
        return await session.scalar(select(func.count()).select_from(Report)) or 0


async def test_a_report_keeps_the_message_as_it_was(talk: int, file: File, record: Record, sessions: Sessions) -> None:
    report = await file(ALICE, talk, comment="Look at this")
    assert (report.reported_id, report.conversation_id, report.message_id) == (BOB, talk, 2)
    await record(Edit(talk, BOB, "e", 2, "a compliment"), Deletion(talk, BOB, "d", 2))
    async with sessions() as session:
        kept = await session.get_one(Report, report.id)
        [_, now] = await ReportQueue(session=session).context(kept)
    assert (kept.evidence["content"], kept.evidence["username"]) == ("an insult", "bob")
    assert (now.message, now.deleted) == ("", True)


async def test_what_is_around_a_reported_message_is_bounded(
    talk: int, file: File, record: Record, sessions: Sessions
) -> None:
    await record(*(Draft(talk, ALICE, f"later {n}", f"later {n}") for n in range(20)))
    async with sessions() as session:
        around = await ReportQueue(session=session).context(await file(ALICE, talk))
        nothing = await ReportQueue(session=session).context(await file(ALICE, BOB, user=True))
    assert [message.message_id for message in around] == [1, 2, 3, 4, 5, 6, 7]
    assert nothing == []


@pytest.mark.parametrize(
    ("reporter", "message_id"), [(STRANGER, 2), (ALICE, 3), (ALICE, NOBODY), (STRANGER, 99), (NOBODY, 2)]
)
async def test_what_one_cannot_see_cannot_be_reported(talk: int, file: File, reporter: int, message_id: int) -> None:
    with pytest.raises(NothingToReport):
        await file(reporter, talk, message_id=message_id)
    with pytest.raises(NothingToReport):
        await file(reporter, 99, message_id=message_id)


async def test_a_deleted_message_can_no_longer_be_reported(talk: int, file: File, record: Record) -> None:
    await record(Deletion(talk, BOB, "d", 2))
    with pytest.raises(NothingToReport):
        await file(ALICE, talk)


async def test_nobody_reports_themself_or_somebody_who_is_not_there(talk: int, file: File) -> None:
    with pytest.raises(ReportingYourself):
        await file(BOB, talk)
    with pytest.raises(ReportingYourself):
        await file(BOB, BOB, user=True)
    with pytest.raises(NothingToReport):
        await file(BOB, NOBODY, user=True)


async def test_the_same_again_is_the_same_report(talk: int, file: File, sessions: Sessions) -> None:
    for_message = [(await file(ALICE, talk, reason=reason)).id for reason in ("hate", "hate", "spam")]
    for_person = [(await file(ALICE, BOB, user=True)).id for _ in range(2)]
    assert len({*for_message}) == len({*for_person}) == 1
    assert (await file(STRANGER, BOB, user=True)).id not in {*for_message, *for_person}
    assert await count(sessions) == 3


async def test_of_many_at_once_one_is_kept(talk: int, file: File, sessions: Sessions) -> None:
    reports = await asyncio.gather(*(file(ALICE, talk) for _ in range(8)))
    assert len({report.id for report in reports}) == 1
    assert await count(sessions) == 1


async def test_under_its_name_a_report_comes_back_even_when_it_is_resolved(
    talk: int, file: File, sessions: Sessions
) -> None:
    report = await file(ALICE, talk, client_id="r-1")
    async with sessions.begin() as session:
        await session.execute(
            text(
                "WITH done AS (INSERT INTO report_resolutions (moderator_id, action, note) VALUES (4, 'warn', 'x') "
                "RETURNING id) UPDATE reports SET resolution_id = done.id FROM done"
            )
        )
    assert (await file(ALICE, talk, client_id="r-1")).id == report.id
    for other in ({"reason": "spam"}, {"comment": "more"}, {"message_id": 1}):
        with pytest.raises(IdempotencyConflict):
            await file(ALICE, talk, client_id="r-1", **other)
    with pytest.raises(IdempotencyConflict):
        await file(ALICE, BOB, user=True, client_id="r-1")
    assert (await file(ALICE, talk)).id != report.id, "The first is resolved, so this is news"


async def test_a_flood_of_reports_is_refused_until_the_first_is_an_hour_old(
    talk: int, file: File, newcomer: Newcomer, sessions: Sessions
) -> None:
    people = [await newcomer(f"spammer{n}") for n in range(REPORTS_PER_HOUR + 1)]
    for person in people[:-1]:
        await file(ALICE, person, user=True)
    with pytest.raises(TooManyReports) as refused:
        await file(ALICE, people[-1], user=True)
    assert 3500 < (refused.value.retry_after or 0) <= 3600
    assert (await file(ALICE, people[0], user=True)).id == 1, "What was reported before is no new report"
    async with sessions.begin() as session:
        await session.execute(text("UPDATE reports SET created_at = created_at - interval '1 hour' WHERE id = 1"))
    assert (await file(ALICE, people[-1], user=True)).reported_id == people[-1]


async def test_ones_own_reports_come_in_pages(talk: int, file: File, sessions: Sessions) -> None:
    first, second = await file(ALICE, talk), await file(ALICE, BOB, user=True)
    await file(STRANGER, BOB, user=True)
    async with sessions() as session:
        reports = Reports(session=session)
        assert [one.id for one in await reports.of_reporter(ALICE, before=None, limit=1)] == [second.id]
        assert [one.id for one in await reports.of_reporter(ALICE, before=second.id, limit=9)] == [first.id]
