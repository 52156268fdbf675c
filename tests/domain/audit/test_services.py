import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.conftest import Newcomer

from app.domain.audit.services import OPERATOR, Audit, By, Subject
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ALICE, BOB = Subject("user", 1), Subject("user", 2)


async def record(sessions: Sessions, by: By, action: str, subject: Subject) -> None:
    async with sessions.begin() as session:
        await Audit(session=session).record(by, action, subject, why="because", reports=[1, 2])


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET action = 'nothing'", "DELETE FROM audit_entries"])
async def test_what_was_recorded_is_never_changed(newcomer: Newcomer, sessions: Sessions, change: str) -> None:
    alice = By(await newcomer("alice"), "192.0.2.1")
    await record(sessions, alice, "suspend_user", BOB)
    with pytest.raises(DBAPIError, match="only ever added to"):
        async with sessions.begin() as session:
            await session.execute(text(change))
    async with sessions() as session:
        [entry] = await Audit(session=session).entries(limit=10)
    assert (entry.actor_id, entry.address, entry.action) == (1, "192.0.2.1", "suspend_user")
    assert entry.details == {"why": "because", "reports": [1, 2]}


class ActFailed(Exception):
    pass


async def fail(sessions: Sessions, by: By) -> None:
    async with sessions.begin() as session:
        await Audit(session=session).record(by, "suspend_user", BOB)
        raise ActFailed


async def test_an_act_that_fails_leaves_no_entry(newcomer: Newcomer, sessions: Sessions) -> None:
    alice = By(await newcomer("alice"))
    with pytest.raises(ActFailed):
        await fail(sessions, alice)
    async with sessions() as session:
        assert not await Audit(session=session).entries(limit=10)


async def test_entries_are_found_by_actor_and_by_subject_the_newest_first(
    newcomer: Newcomer, sessions: Sessions
) -> None:
    alice, bob = By(await newcomer("alice")), By(await newcomer("bob"))
    for by, subject in [(alice, BOB), (bob, ALICE), (OPERATOR, BOB), (alice, Subject("report", 2))]:
        await record(sessions, by, "do_it", subject)
    async with sessions() as session:
        audit = Audit(session=session)
        assert [entry.id for entry in await audit.entries(limit=3)] == [4, 3, 2]
        assert [entry.id for entry in await audit.entries(limit=3, before=3)] == [2, 1]
        assert [entry.id for entry in await audit.entries(limit=3, actor_id=1)] == [4, 1]
        assert [entry.id for entry in await audit.entries(limit=3, subject=BOB)] == [3, 1]
        assert await audit.has(alice, "do_it", BOB)
        assert not await audit.has(bob, "do_it", BOB)


def test_a_subject_is_written_as_it_is_read() -> None:
    assert Subject.parse("user:5") == Subject("user", 5)
    assert str(Subject("user", 5)) == "user:5"
