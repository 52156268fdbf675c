import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Update, func, select, text, update

from app.domain.accounts.login_sessions import Continued, Device, LoginSessions, Opened, Stolen
from app.domain.accounts.models import LoginSession, RefreshToken, User
from app.domain.accounts.rules import WrongCredentials
from app.domain.accounts.services import Accounts
from app.resources import Sessions
from app.settings import Settings

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("clean")]
PHONE = Device(user_agent="Phone/1", address="192.0.2.1")
LAPTOP = Device(user_agent="Laptop/1", address="192.0.2.2")
Renew = Callable[..., Awaitable[Continued | Stolen | None]]


@pytest.fixture
async def alice(sessions: Sessions, clean: None) -> User:
    async with sessions.begin() as session:
        return await Accounts(session=session).register(username="alice", email=None, password_hash="hash")


@pytest.fixture
async def opened(sessions: Sessions, settings: Settings, alice: User) -> Opened:
    async with sessions.begin() as session:
        return await LoginSessions(session, settings).open(alice, PHONE)


@pytest.fixture
def renew(sessions: Sessions, settings: Settings) -> Renew:
    async def renew(refresh: str, device: Device = PHONE) -> Continued | Stolen | None:
        async with sessions.begin() as session:
            return await LoginSessions(session, settings).renew(refresh, device)

    return renew


async def is_open(sessions: Sessions, opened: Opened) -> bool:
    async with sessions() as session:
        return (await session.get_one(LoginSession, opened.session_id)).ended_at is None


async def later(sessions: Sessions, seconds: float) -> None:
    """Let everything have been used so much earlier."""
    async with sessions.begin() as session:
        await session.execute(
            text("UPDATE refresh_tokens SET used_at = used_at - make_interval(secs => :seconds)"), {"seconds": seconds}
        )


async def test_a_refresh_token_is_exchanged_for_another_and_the_session_lives_on(
    sessions: Sessions, settings: Settings, opened: Opened, renew: Renew
) -> None:
    first = await renew(opened.refresh)
    assert isinstance(first, Continued)
    assert first.session_id == opened.session_id
    assert first.user.username == "alice"
    second = await renew(first.refresh)
    assert isinstance(second, Continued)
    assert len({opened.refresh, first.refresh, second.refresh}) == 3
    async with sessions() as session:
        row = await session.get_one(LoginSession, opened.session_id)
        assert row.expires_at - row.last_used_at == timedelta(seconds=settings.refresh_token_seconds)
        assert row.last_used_at > row.created_at


async def test_no_token_is_kept_in_the_clear(sessions: Sessions, opened: Opened) -> None:
    async with sessions() as session:
        stored = (
            await session.execute(
                text("SELECT refresh_tokens::text, login_sessions::text FROM refresh_tokens, login_sessions")
            )
        ).all()
        assert opened.refresh not in str(stored)
        assert opened.refresh.encode().hex() not in str(stored)


async def test_a_used_token_that_comes_again_later_ends_the_whole_session(
    sessions: Sessions, opened: Opened, renew: Renew
) -> None:
    first = await renew(opened.refresh)
    assert isinstance(first, Continued)
    await later(sessions, 11)
    assert await renew(opened.refresh) == Stolen(opened.session_id)
    assert not await is_open(sessions, opened)
    assert await renew(first.refresh) is None


async def test_a_used_token_from_another_device_ends_the_session_at_once(
    sessions: Sessions, opened: Opened, renew: Renew
) -> None:
    await renew(opened.refresh)
    assert await renew(opened.refresh, LAPTOP) == Stolen(opened.session_id)
    assert not await is_open(sessions, opened)


async def test_an_owner_who_comes_after_the_thief_ends_the_session_as_well(
    sessions: Sessions, opened: Opened, renew: Renew
) -> None:
    assert isinstance(await renew(opened.refresh, LAPTOP), Continued)
    assert await renew(opened.refresh, PHONE) == Stolen(opened.session_id)
    assert not await is_open(sessions, opened)


async def test_a_lost_answer_is_given_again_and_is_the_same(sessions: Sessions, opened: Opened, renew: Renew) -> None:
    first, again = await renew(opened.refresh), await renew(opened.refresh)
    assert isinstance(first, Continued)
    assert isinstance(again, Continued)
    assert first.refresh == again.refresh
    assert isinstance(await renew(first.refresh), Continued)


async def test_once_the_successor_was_used_the_older_one_is_never_answered_again(
    sessions: Sessions, opened: Opened, renew: Renew
) -> None:
    first = await renew(opened.refresh)
    assert isinstance(first, Continued)
    await renew(first.refresh)
    assert await renew(opened.refresh) == Stolen(opened.session_id)


async def test_many_renewals_at_once_rotate_once(sessions: Sessions, opened: Opened, renew: Renew) -> None:
    outcomes = await asyncio.gather(*(renew(opened.refresh) for _ in range(12)))
    assert len({outcome.refresh for outcome in outcomes if isinstance(outcome, Continued)}) == 1
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(RefreshToken)) == 2


async def test_of_a_thief_and_the_owner_at_once_at_most_one_wins_and_the_session_ends(
    sessions: Sessions, opened: Opened, renew: Renew
) -> None:
    outcomes = await asyncio.gather(renew(opened.refresh, PHONE), renew(opened.refresh, LAPTOP))
    assert sum(isinstance(outcome, Continued) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Stolen) for outcome in outcomes) == 1
    assert not await is_open(sessions, opened)


@pytest.mark.parametrize("unknown", ["", "x", "ü", "a" * 200])
async def test_an_unknown_token_is_worth_nothing_and_ends_nothing(
    sessions: Sessions, opened: Opened, renew: Renew, unknown: str
) -> None:
    assert await renew(unknown) is None
    assert await is_open(sessions, opened)


@pytest.mark.parametrize(
    "change",
    [
        update(LoginSession).values(expires_at=func.now()),
        update(LoginSession).values(ended_at=func.now()),
        update(User).values(deactivated_at=func.now()),
    ],
)
async def test_an_expired_or_ended_session_and_a_deactivated_account_are_not_renewed(
    sessions: Sessions, settings: Settings, opened: Opened, renew: Renew, change: Update
) -> None:
    async with sessions.begin() as session:
        assert await LoginSessions(session, settings).is_good(opened.refresh)
        await session.execute(change)
    async with sessions.begin() as session:
        assert not await LoginSessions(session, settings).is_good(opened.refresh)
    assert await renew(opened.refresh) is None


async def test_used_tokens_are_forgotten_once_they_could_not_have_lived_any_longer(
    sessions: Sessions, settings: Settings, opened: Opened, renew: Renew
) -> None:
    first = await renew(opened.refresh)
    assert isinstance(first, Continued)
    await later(sessions, settings.refresh_token_seconds + 60)
    await renew(first.refresh)
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(RefreshToken)) == 2


@pytest.mark.parametrize("change", [{"password_hash": "another"}, {"deactivated_at": func.now()}])
async def test_a_login_that_checked_the_old_password_does_not_outlive_its_change(
    sessions: Sessions, settings: Settings, alice: User, change: dict[str, Any]
) -> None:
    async with sessions.begin() as session:
        await session.execute(update(User).values(**change))
    with pytest.raises(WrongCredentials):
        async with sessions.begin() as session:
            await LoginSessions(session, settings).open(alice, PHONE)


async def test_a_login_waits_for_a_password_change_that_is_going_on(
    sessions: Sessions, settings: Settings, alice: User
) -> None:
    async def log_in() -> None:
        async with sessions.begin() as session:
            await LoginSessions(session, settings).open(alice, PHONE)

    async with sessions.begin() as session:
        await session.execute(update(User).values(password_hash="another"))
        login = asyncio.create_task(log_in())
        await asyncio.sleep(0.1)
        assert not login.done()
    with pytest.raises(WrongCredentials):
        await login


async def test_sessions_are_ended_one_by_one_or_all_but_one_and_never_those_of_others(
    sessions: Sessions, settings: Settings, alice: User
) -> None:
    async with sessions.begin() as session:
        bob = await Accounts(session=session).register(username="bob", email=None, password_hash="hash")
        logins = LoginSessions(session, settings)
        first, second, third = [await logins.open(alice, PHONE) for _ in range(3)]
        bobs = await logins.open(bob, PHONE)
        assert await logins.end_one(alice.id, bobs.session_id) == []
        assert await logins.end_one(alice.id, first.session_id) == [first.session_id]
        assert await logins.end_one(alice.id, first.session_id) == []
        assert await logins.end_all(alice.id, except_for=third.session_id) == [second.session_id]
        assert [login.id for login in await logins.open_ones(alice.id)] == [third.session_id]
        assert await logins.end_by_refresh(bobs.refresh) == [bobs.session_id]
        assert await logins.end_all(alice.id) == [third.session_id]


async def test_a_browser_that_talks_about_itself_at_length_is_cut_short(
    sessions: Sessions, settings: Settings, alice: User, renew: Renew
) -> None:
    verbose = Device.named("x" * 5000, "::1")
    async with sessions.begin() as session:
        opened = await LoginSessions(session, settings).open(alice, verbose)
    await renew(opened.refresh, verbose)
    assert isinstance(await renew(opened.refresh, verbose), Continued)
