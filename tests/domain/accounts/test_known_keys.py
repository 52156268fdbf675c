"""API keys in one API process, by the Doorkeeper."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import text, update

from app.domain.accounts.api_keys import PREFIX, ApiKeys
from app.domain.accounts.bot_accounts import BotAccounts
from app.domain.accounts.known_keys import KnownKeys
from app.domain.accounts.models import ApiKey, User
from app.domain.accounts.scopes import Scope
from app.domain.accounts.standing import Standing
from app.domain.audit.services import OPERATOR
from app.errors import NotLoggedIn
from app.resources import Sessions
from app.settings import Settings

if TYPE_CHECKING:
    from tests.conftest import Newcomer
    from tests.domain.accounts.conftest import Web

pytestmark = pytest.mark.anyio


class Issued:
    """A bot, and a key of it."""

    def __init__(self, owner_id: int, bot_id: int, key_id: UUID, key: str) -> None:
        self.owner_id, self.bot_id, self.key_id, self.key = owner_id, bot_id, key_id, key


async def issue(sessions: Sessions, owner_id: int, **others: Any) -> Issued:  # noqa: ANN401  as ApiKeys takes them
    async with sessions.begin() as session:
        bot = await BotAccounts(session=session).register(owner_id, username="Clock", name="Clock")
        given = {"name": "k", "scopes": {Scope.GAME}, "expires_at": None, **others}
        row, key = await ApiKeys(session=session).issue(bot.id, **given)
    return Issued(owner_id, bot.id, row.id, key)


@pytest.fixture
async def issued(newcomer: "Newcomer", sessions: Sessions) -> Issued:
    return await issue(sessions, await newcomer("alice"))


async def test_a_key_says_who_it_is_and_what_it_may(web: "Web", issued: Issued) -> None:
    actor = await web.doorkeeper.recognise_any(issued.key)
    assert (actor.id, actor.username, actor.session_id) == (issued.bot_id, "Clock", issued.key_id)
    assert (actor.scopes, actor.is_staff, actor.expires_at) == (frozenset({Scope.GAME}), False, None)


async def test_a_made_up_key_is_nobodys(web: "Web", issued: Issued) -> None:
    for key in (PREFIX, PREFIX + "A" * 43, issued.key + "A", issued.key[:-1], issued.key.upper(), PREFIX + "Ж" * 43):
        with pytest.raises(NotLoggedIn):
            await web.doorkeeper.recognise_any(key)


async def test_the_key_itself_is_kept_nowhere(issued: Issued, sessions: Sessions) -> None:
    async with sessions() as session:
        row = (await session.execute(text("SELECT api_keys::text FROM api_keys"))).scalar_one()
    assert issued.key[:10] in row
    assert issued.key[10:] not in row


async def test_a_remembered_key_asks_the_database_nothing(issued: Issued, sessions: Sessions) -> None:
    known = KnownKeys(sessions)
    first = await known.whose(issued.key)
    known._sessions = None  # type: ignore[assignment]  # noqa: SLF001  so that asking would fail
    assert await known.whose(issued.key) is first


async def test_its_use_is_noted_every_ten_minutes(issued: Issued, sessions: Sessions) -> None:
    async def used_at() -> datetime | None:
        async with sessions() as session:
            return (await session.get_one(ApiKey, issued.key_id)).last_used_at

    assert await used_at() is None
    await KnownKeys(sessions).whose(issued.key)
    first = await used_at()
    assert first
    await KnownKeys(sessions).whose(issued.key)
    assert await used_at() == first
    async with sessions.begin() as session:
        await session.execute(update(ApiKey).values(last_used_at=first - timedelta(minutes=11)))
    await KnownKeys(sessions).whose(issued.key)
    noted = await used_at()
    assert noted
    assert noted >= first


async def test_an_expired_key_is_refused_also_when_it_is_remembered(web: "Web", sessions: Sessions) -> None:
    async with sessions.begin() as session:
        owner = User(username="alice", password_hash="-")
        session.add(owner)
        await session.flush()
    soon = datetime.now(UTC) + timedelta(seconds=0.2)
    issued = await issue(sessions, owner.id, expires_at=soon)
    actor = await web.doorkeeper.recognise_any(issued.key)
    assert actor.expires_at == soon
    while datetime.now(UTC) < soon:
        pass
    with pytest.raises(NotLoggedIn):
        await web.doorkeeper.recognise_any(issued.key)


async def test_a_key_revoked_in_another_process_is_refused_here_with_the_next_look(
    web: "Web", issued: Issued, sessions: Sessions
) -> None:
    told = list[str]()
    await web.ended.look()
    await web.doorkeeper.recognise_any(issued.key)
    web.ended.watch(issued.key_id, lambda: told.append("close with 4401"))
    async with sessions.begin() as session:
        assert await ApiKeys(session=session).end(issued.bot_id, issued.key_id) == [issued.key_id]
    await web.ended.look()
    assert told == ["close with 4401"]
    with pytest.raises(NotLoggedIn):
        await web.doorkeeper.recognise_any(issued.key)


@pytest.mark.parametrize("who", ["bot_id", "owner_id"])
async def test_keys_end_with_the_bot_and_with_its_owner(
    web: "Web", issued: Issued, sessions: Sessions, who: str
) -> None:
    await web.doorkeeper.recognise_any(issued.key)
    async with sessions.begin() as session:
        gone = update(User).where(User.id == getattr(issued, who))
        await session.execute(gone.values(deactivated_at=datetime.now(UTC)))
    await web.ended.look()
    assert issued.key_id in web.ended
    with pytest.raises(NotLoggedIn):
        await KnownKeys(sessions).whose(issued.key)


async def test_nobody_logs_in_as_a_bot(web: "Web", issued: Issued) -> None:
    for password in ("-", "", "trombone-otter-41"):
        answer = await web.client.post("/api/users/login", json={"username": "Clock", "password": password or " "})
        assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")


async def test_a_key_opens_nothing_of_accounts(web: "Web", issued: Issued) -> None:
    bearer = {"authorization": f"Bearer {issued.key}"}
    for method, path in [
        ("GET", "/api/users/profile"),
        ("PATCH", "/api/users/profile"),
        ("POST", "/api/users/password"),
        ("POST", "/api/users/socket-ticket"),
        ("GET", "/api/users/sessions"),
    ]:
        answer = await web.client.request(method, path, headers=bearer, json={} if method != "GET" else None)
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope"), path
    assert (await web.client.post("/api/users/logout", headers=bearer)).status_code == 401
    assert (await web.client.post("/api/users/token/verify", json={"token": issued.key})).status_code == 401


@pytest.mark.parametrize("whose", ["owner_id", "bot_id"])
async def test_a_suspension_elsewhere_ends_a_key_here_and_afterwards_it_is_good_again(
    web: "Web", issued: Issued, sessions: Sessions, settings: Settings, whose: str
) -> None:
    """By a process that knew the key before, and by one that did not."""
    user_id = getattr(issued, whose)
    await web.doorkeeper.recognise_any(issued.key)
    async with sessions.begin() as session:
        await Standing(session, settings).suspend(OPERATOR, user_id, until=None, reason="Spam")
    await web.ended.look()
    assert issued.key_id in web.ended
    with pytest.raises(NotLoggedIn):
        await KnownKeys(sessions).whose(issued.key)
    async with sessions.begin() as session:
        await Standing(session, settings).lift(OPERATOR, user_id)
    assert (await KnownKeys(sessions).whose(issued.key)).id == issued.bot_id
