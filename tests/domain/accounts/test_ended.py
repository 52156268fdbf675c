import asyncio
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from structlog.testing import capture_logs

from app.domain.accounts.ended import EndedSessions
from app.domain.accounts.login_sessions import Device, LoginSessions
from app.domain.accounts.models import LoginSession
from app.domain.accounts.services import Accounts
from app.resources import Sessions
from app.settings import Settings

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("clean")]


@pytest.fixture
async def session_id(sessions: Sessions, settings: Settings, clean: None) -> UUID:
    async with sessions.begin() as session:
        alice = await Accounts(session=session).register(username="alice", email=None, password_hash="hash")
        return (await LoginSessions(session, settings).open(alice, Device("", ""))).session_id


async def end(sessions: Sessions, settings: Settings, session_id: UUID) -> None:
    async with sessions.begin() as session:
        await LoginSessions(session, settings).end(LoginSession.id == session_id)


async def test_a_session_ended_elsewhere_is_known_here_within_five_seconds_without_redis(
    sessions: Sessions, settings: Settings, session_id: UUID
) -> None:
    here = EndedSessions(sessions, settings.access_token_seconds)
    told = asyncio.Event()
    here.watch(session_id, told.set)
    running = asyncio.create_task(here.run())
    await asyncio.sleep(0.1)
    assert session_id not in here
    await end(sessions, settings, session_id)
    async with asyncio.timeout(5):
        await told.wait()
    assert session_id in here
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_process_that_starts_knows_what_ended_before(
    sessions: Sessions, settings: Settings, session_id: UUID
) -> None:
    await end(sessions, settings, session_id)
    here = EndedSessions(sessions, settings.access_token_seconds)
    await here.look()
    assert session_id in here


async def test_what_ended_before_any_living_token_was_issued_is_not_kept(
    sessions: Sessions, settings: Settings, session_id: UUID
) -> None:
    async with sessions.begin() as session:
        await session.execute(update(LoginSession).values(ended_at=text("now() - interval '1 hour'")))
    here = EndedSessions(sessions, settings.access_token_seconds)
    await here.look()
    assert session_id not in here


async def test_an_ending_that_was_committed_late_is_still_seen(
    sessions: Sessions, settings: Settings, session_id: UUID
) -> None:
    here = EndedSessions(sessions, settings.access_token_seconds)
    async with sessions.begin() as session:
        await LoginSessions(session, settings).end(LoginSession.id == session_id)
        await here.look()
        assert session_id not in here
    await here.look()
    assert session_id in here


async def test_the_set_forgets_what_no_token_can_name_any_more(sessions: Sessions) -> None:
    here = EndedSessions(sessions, access_token_seconds=-31)  # So that they are forgotten a second ago.
    gone = uuid4()
    here.note([gone])
    assert gone in here
    await here.look()
    assert gone not in here


async def test_watchers_are_told_once_and_late_ones_at_once(sessions: Sessions) -> None:
    here = EndedSessions(sessions, 900)
    ended, told = uuid4(), list[str]()
    unwatched = lambda: told.append("unwatched")  # noqa: E731  has to be the same object twice
    here.watch(ended, lambda: told.append("first"))
    here.watch(ended, unwatched)
    here.unwatch(ended, unwatched)
    here.unwatch(uuid4(), unwatched)
    here.note([ended, uuid4()])
    here.note([ended])
    here.watch(ended, lambda: told.append("late"))
    assert told == ["first", "late"]


async def test_an_outage_of_the_database_does_not_end_the_looking(
    sessions: Sessions, settings: Settings, session_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.domain.accounts.ended.POLL_SECONDS", 0.05)
    nowhere = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    here = EndedSessions(async_sessionmaker(nowhere), settings.access_token_seconds)
    with capture_logs() as logs:
        running = asyncio.create_task(here.run())
        await asyncio.sleep(0.2)
        assert not running.done()
        assert not logs
        await end(sessions, settings, session_id)
        here._sessions = sessions  # noqa: SLF001  the database is back
        async with asyncio.timeout(5):
            while session_id not in here:
                await asyncio.sleep(0.02)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await nowhere.dispose()
