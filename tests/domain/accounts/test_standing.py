"""Suspension and roles: what they end, what they refuse, and who may decide them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from tests.conftest import Newcomer

from app.domain.accounts.login_sessions import Device, LoginSessions, Opened
from app.domain.accounts.models import User
from app.domain.accounts.rules import AccountSuspended, Outranked, StaffRole, UntilRefused
from app.domain.accounts.services import Accounts
from app.domain.accounts.standing import Changed, Standing
from app.domain.accounts.tickets import SocketTickets
from app.domain.audit.services import OPERATOR, Audit, By
from app.errors import NoSuchUser, NotLoggedIn
from app.resources import Sessions
from app.settings import Settings

if TYPE_CHECKING:
    from tests.domain.accounts.conftest import Open, Web

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("clean")]
WEEK = timedelta(days=7)
Change = Callable[..., Awaitable[Changed]]


@pytest.fixture
def suspend(sessions: Sessions, settings: Settings) -> Change:
    async def suspend(user_id: int, until: datetime | None = None, *, by: By = OPERATOR) -> Changed:
        async with sessions.begin() as session:
            return await Standing(session, settings).suspend(by, user_id, until=until, reason="Spam")

    return suspend


@pytest.fixture
def lift(sessions: Sessions, settings: Settings) -> Change:
    async def lift(user_id: int, *, by: By = OPERATOR) -> Changed:
        async with sessions.begin() as session:
            return await Standing(session, settings).lift(by, user_id)

    return lift


@pytest.fixture
def appoint(sessions: Sessions, settings: Settings) -> Change:
    async def appoint(user_id: int, role: StaffRole, *, by: By = OPERATOR) -> Changed:
        async with sessions.begin() as session:
            return await Standing(session, settings).appoint(by, user_id, role)

    return appoint


@pytest.fixture
def acts(sessions: Sessions) -> Callable[[], Awaitable[list[str]]]:
    """What the audit log says, oldest first."""

    async def acts() -> list[str]:
        async with sessions() as session:
            entries = await Audit(session=session).entries(limit=100)
        return [f"{entry.action} {entry.subject_kind}:{entry.subject_id}" for entry in reversed(entries)]

    return acts


async def test_a_suspension_elsewhere_ends_the_session_and_refuses_its_tokens_without_redis(
    web: "Web", open_web: "Open", suspend: Change
) -> None:
    alice = await web.register()
    tokens = await web.login()
    async with open_web() as away:
        actor, told = away.doorkeeper.recognise(tokens["access"]), list[str]()
        away.doorkeeper.tickets = SocketTickets(Redis.from_url("unix:///nowhere.sock"))
        away.ended.watch(actor.session_id, lambda: told.append("close with 4401"))
        changed = await suspend(alice["id"])
        assert changed.ended == [actor.session_id]
        await away.ended.look()
        assert told == ["close with 4401"]
        with pytest.raises(NotLoggedIn):
            away.doorkeeper.recognise(tokens["access"])
        answer = await away.client.get("/api/users/profile", headers={"authorization": f"Bearer {tokens['access']}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_logged_in")


async def test_the_suspended_are_told_until_when_and_why_once_they_have_shown_who_they_are(
    web: "Web", suspend: Change
) -> None:
    alice = await web.register()
    tokens = await web.login()
    until = datetime.now(UTC) + WEEK
    await suspend(alice["id"], until)
    right = {"username": "alice", "password": "trombone-otter-41"}
    login = await web.client.post("/api/users/login", json=right)
    refresh = await web.client.post("/api/users/token/refresh", json={"refresh": tokens["refresh"]})
    for answer in (login, refresh):
        assert (answer.status_code, answer.json()["code"]) == (403, "account_suspended")
        assert f"{until:%Y-%m-%dT%H:%M:%SZ}" in answer.json()["detail"]
        assert "Spam" in answer.json()["detail"]
    wrong = await web.client.post("/api/users/login", json=right | {"password": "another long one"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
    unknown = await web.client.post("/api/users/token/refresh", json={"refresh": "unknown"})
    assert unknown.json()["code"] == "refresh_refused"
    verified = await web.client.post("/api/users/token/verify", json={"token": tokens["refresh"]})
    assert verified.status_code == 401


async def test_a_refresh_token_that_was_used_up_tells_nobody_of_the_suspension(web: "Web", suspend: Change) -> None:
    alice = await web.register()
    tokens = await web.login()
    await web.client.post("/api/users/token/refresh", json={"refresh": tokens["refresh"]})
    await suspend(alice["id"])
    answer = await web.client.post("/api/users/token/refresh", json={"refresh": tokens["refresh"]})
    assert answer.json()["code"] == "refresh_refused"


async def test_a_suspension_for_ever_says_so(web: "Web", suspend: Change, sessions: Sessions) -> None:
    alice = await web.register()
    await suspend(alice["id"], None)
    answer = await web.client.post("/api/users/login", json={"username": "alice", "password": "trombone-otter-41"})
    assert "suspended for good" in answer.json()["detail"]
    async with sessions() as session:
        assert await session.scalar(text("SELECT suspended_until = 'infinity' FROM users"))


async def test_when_the_time_is_over_one_logs_in_with_nothing_to_do(
    web: "Web", suspend: Change, sessions: Sessions
) -> None:
    alice = await web.register()
    await suspend(alice["id"], datetime.now(UTC) + WEEK)
    async with sessions.begin() as session:
        await session.execute(text("UPDATE users SET suspended_until = now()"))
    tokens = await web.login()
    assert web.doorkeeper.recognise(tokens["access"]).id == alice["id"]


async def test_a_suspension_that_is_lifted_is_over(web: "Web", suspend: Change, lift: Change) -> None:
    alice = await web.register()
    await suspend(alice["id"])
    await lift(alice["id"])
    assert await web.login()


async def test_the_suspended_stay_the_authors_of_what_they_wrote(
    newcomer: Newcomer, suspend: Change, sessions: Sessions
) -> None:
    alice = await newcomer("alice")
    await suspend(alice)
    async with sessions() as session:
        accounts = Accounts(session=session)
        assert await accounts.find_by_username("alice")
        assert (await accounts.people([alice]))[alice].username == "alice"
        assert [user.id for user in await accounts.search(q="LIC", suspended=True, before=None, limit=10)] == [alice]
        assert not await accounts.search(q="%", suspended=True, before=None, limit=10)


async def test_a_login_under_way_does_not_outlive_the_suspension(
    newcomer: Newcomer, suspend: Change, sessions: Sessions, settings: Settings
) -> None:
    alice = await newcomer("alice")
    async with sessions() as session:
        user = await session.get_one(User, alice)
    async with sessions.begin() as session:
        opened = await LoginSessions(session, settings).open(user, Device("", ""))
        suspending = asyncio.ensure_future(suspend(alice))
        await asyncio.sleep(0.1)
        assert not suspending.done()
    assert (await suspending).ended == [opened.session_id]


async def test_of_logins_and_a_suspension_at_once_no_session_stays_open(
    newcomer: Newcomer, suspend: Change, sessions: Sessions, settings: Settings
) -> None:
    alice = await newcomer("alice")
    async with sessions() as session:
        user = await session.get_one(User, alice)

    async def log_in() -> Opened:
        async with sessions.begin() as session:
            return await LoginSessions(session, settings).open(user, Device("", ""))

    outcomes: list[Any] = await asyncio.gather(
        *(log_in() for _ in range(4)), suspend(alice), *(log_in() for _ in range(4)), return_exceptions=True
    )
    assert {type(one) for one in outcomes} <= {Opened, AccountSuspended, Changed}
    async with sessions() as session:
        assert not await LoginSessions(session, settings).open_ones(alice)


async def test_the_same_suspension_again_changes_nothing_and_another_takes_its_place(
    newcomer: Newcomer, suspend: Change, lift: Change, acts: Callable[[], Awaitable[list[str]]]
) -> None:
    alice, until = await newcomer("alice"), datetime.now(UTC) + WEEK
    assert (await suspend(alice, until)).anew
    assert not (await suspend(alice, until)).anew
    assert (await suspend(alice, None)).anew
    assert (await lift(alice)).anew
    assert not (await lift(alice)).anew
    assert await acts() == ["suspend_user user:1", "suspend_user user:1", "lift_suspension user:1"]


@pytest.mark.parametrize("until", [datetime.now(UTC), datetime(9999, 12, 31, tzinfo=UTC)])
async def test_a_suspension_ends_at_a_time_to_come(newcomer: Newcomer, suspend: Change, until: datetime) -> None:
    alice = await newcomer("alice")
    with pytest.raises(UntilRefused):
        await suspend(alice, until)
    with pytest.raises(NoSuchUser):
        await suspend(99)


async def test_only_a_higher_role_suspends_and_nobody_themself(
    newcomer: Newcomer, suspend: Change, lift: Change, appoint: Change
) -> None:
    people = [await newcomer(role) for role in ("none", "moderator", "staff", "superuser")]
    for user, role in zip(people, StaffRole, strict=True):
        await appoint(user, role)
    for place, actor in enumerate(people):
        for other, target in enumerate(people):
            if other < place:
                await suspend(target, by=By(actor))
                await lift(target, by=By(actor))
            else:
                with pytest.raises(Outranked):
                    await suspend(target, by=By(actor))
                with pytest.raises(Outranked):
                    await lift(target, by=By(actor))


async def test_nobody_gives_away_as_much_as_they_have(newcomer: Newcomer, appoint: Change) -> None:
    member, staff = await newcomer("member"), await newcomer("staff")
    await appoint(staff, StaffRole.STAFF)
    with pytest.raises(Outranked):
        await appoint(member, StaffRole.STAFF, by=By(staff))
    assert (await appoint(member, StaffRole.MODERATOR, by=By(staff))).user.role == StaffRole.MODERATOR
    with pytest.raises(Outranked):
        await appoint(staff, StaffRole.NONE, by=By(member))


async def test_a_role_is_in_the_next_token_and_its_loss_ends_the_session(
    web: "Web", appoint: Change, acts: Callable[[], Awaitable[list[str]]]
) -> None:
    alice = await web.register()
    first = await web.login()
    assert not (await appoint(alice["id"], StaffRole.MODERATOR)).ended
    renewed = await web.client.post("/api/users/token/refresh", json={"refresh": first["refresh"]})
    actor = web.doorkeeper.recognise(renewed.json()["access"])
    assert (actor.is_moderator, actor.is_staff) == (True, False)
    assert not (await appoint(alice["id"], StaffRole.MODERATOR)).anew
    assert not (await appoint(alice["id"], StaffRole.STAFF)).ended
    assert (await appoint(alice["id"], StaffRole.MODERATOR)).ended == [actor.session_id]
    assert await acts() == ["appoint_user user:1"] * 3


async def test_logging_somebody_out_ends_their_sessions_and_is_recorded_once(
    web: "Web", sessions: Sessions, settings: Settings, acts: Callable[[], Awaitable[list[str]]]
) -> None:
    alice = await web.register()
    tokens = await web.login()
    ended = []
    for _ in range(2):
        async with sessions.begin() as session:
            changed = await Standing(session, settings).log_out(OPERATOR, alice["id"])
        ended.append((list(changed.ended), changed.anew))
    assert ended == [([web.doorkeeper.recognise(tokens["access"]).session_id], True), ([], False)]
    assert await acts() == [f"log_out_user user:{alice['id']}"]
    assert (await web.login())["access"]


async def test_only_somebody_of_a_higher_role_logs_another_out(
    newcomer: Newcomer, appoint: Change, sessions: Sessions, settings: Settings
) -> None:
    mia, moe = await newcomer("mia"), await newcomer("moe")
    for one in (mia, moe):
        await appoint(one, StaffRole.MODERATOR)
    with pytest.raises(Outranked):
        async with sessions.begin() as session:
            await Standing(session, settings).log_out(By(mia), moe)
