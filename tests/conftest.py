"""Real servers for every test: a PostgreSQL and a Valkey per test process, emptied for a test that asks for `clean`."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import hypothesis
import pytest
import structlog
from redis.asyncio import Redis
from sqlalchemy import text
from tests.clients import Player
from tests.people import Registry

from app import migrating
from app.domain.accounts.services import Accounts
from app.domain.accounts.standing import StaffRole
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.journal import MessageJournal
from app.embedded.stack import Stack
from app.embedded.temporary import Servers, temporary_servers, temporary_stack
from app.hub.fanout import Hub
from app.inbox.accept import Inbox
from app.resources import Resources, Sessions, open_resources, running
from app.settings import Settings
from app.workers.broker import open_broker
from app.workers.drains import bells

hypothesis.settings.register_profile(
    "tests",  # A busy machine is no defect; and every run draws other examples.
    deadline=None,
    max_examples=50,
)
hypothesis.settings.register_profile(
    "mutants",  # Whether an example fails is enough there: always the same ones, and none is made smaller.
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    derandomize=True,
    database=None,
    deadline=None,
)

LONG = ("browser", "faults", "embedded", "test_cli.py")
"""Directories and files that take long. They begin, so that at the end no process waits for another one's."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What has servers of its own stays together, so that they are started once; else a file does (`loadgroup`)."""
    places = {item: next((n for n, name in enumerate(LONG) if name in item.path.parts), len(LONG)) for item in items}
    items.sort(key=places.__getitem__)
    for item in items:
        together = LONG[places[item]] if places[item] < len(LONG) else str(item.path)
        item.add_marker(pytest.mark.xdist_group(together))


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Without this, structlog draws each traceback with rich, which takes longer than what is being tested."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, Any]]:
    """One event loop for the whole session, so that the session's connections are every test's."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with temporary_servers() as both:
        yield both


@pytest.fixture(scope="session")
def settings(servers: Servers) -> Settings:
    """The tables are not there yet for whoever takes only this: `resources` brings them."""
    return settings_for(servers.postgres.url, servers.valkey.url)


def settings_for(database_url: str, redis_url: str, **others: Any) -> Settings:  # noqa: ANN401  any setting's value
    given = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "SECRET_KEY": secrets.token_hex(32), **others}
    return Settings(_env_file=None, **given)


@pytest.fixture(scope="session")
async def resources(settings: Settings) -> AsyncIterator[Resources]:
    async with open_resources(settings) as opened:
        await migrating.upgrade(settings.database_url)
        yield opened


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A whole Parlour, with servers of its own: one API process, one worker, one scheduler. No throttle, no limits.

    It pushes to devices whose push service is on this machine.
    """
    with temporary_stack(
        migrating.upgrade_now,
        PARLOUR_THROTTLE_MS="0",
        PARLOUR_REQUESTS_PER_MINUTE="0",
        PARLOUR_ATTEMPTS_PER_MINUTE="0",
        PARLOUR_PUSH_PRIVATE_HOSTS="true",
        PARLOUR_SEARCHES_PER_MINUTE="0",
    ) as started:
        yield started


@pytest.fixture(scope="session")
def base_url(stack: Stack) -> str:
    return stack.base_url


@pytest.fixture
def sessions(resources: Resources) -> Sessions:
    return resources.sessions


@pytest.fixture
def redis(resources: Resources) -> "Redis":
    return resources.redis


EMPTY_ALL = text(r"""
    DO $$
    DECLARE one regclass;
    BEGIN
        SET LOCAL session_replication_role = replica;  -- no foreign key asks, and no trigger guards
        FOR one IN SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
            AND relnamespace = 'public'\:\:regnamespace AND relname <> 'alembic_version'
        LOOP
            EXECUTE format('DELETE FROM %s', one);
        END LOOP;
        PERFORM setval(format('%I.%I', schemaname, sequencename), start_value, false)
            FROM pg_sequences WHERE last_value IS NOT NULL;
    END $$
""")
"""A few milliseconds. TRUNCATE of as many tables takes a quarter of a second."""


@pytest.fixture
async def clean(resources: Resources) -> None:
    """Nothing of an earlier test is left in PostgreSQL or Valkey."""
    async with resources.engine.begin() as connection:
        await connection.execute(EMPTY_ALL)
    await resources.redis.flushall()


Newcomer = Callable[[str], Awaitable[int]]


@pytest.fixture
async def newcomer(sessions: Sessions, clean: None) -> Newcomer:
    """Registers somebody, without a password that anyone could log in with; answers their id."""

    async def register(username: str) -> int:
        async with sessions.begin() as session:
            user = await Accounts(session=session).register(username=username, email=None, password_hash="-")
            return user.id

    return register


Register = Callable[[str], Awaitable[Player]]


@pytest.fixture(scope="session")
async def resources_of_stack(stack: Stack) -> AsyncIterator[Resources]:
    """Ours, on its servers."""
    settings = settings_for(stack.database_url, stack.redis_url, SECRET_KEY=stack.environment["SECRET_KEY"])
    async with open_resources(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
async def registry(resources_of_stack: Resources) -> Registry:
    """Of the running `stack`."""
    return await Registry.open(resources_of_stack)


@pytest.fixture
async def player(base_url: str, registry: Registry) -> AsyncIterator[Register]:
    """Makes somebody an account on the running `stack`."""
    async with AsyncExitStack() as stack:

        async def register(name: str) -> Player:
            newcomer = Player.let_in(base_url, await registry.enter(name))
            stack.push_async_callback(newcomer.http.aclose)
            return newcomer

        yield register


Officer = Callable[[str, StaffRole], Awaitable[Player]]


@pytest.fixture
async def officer(base_url: str, registry: Registry) -> AsyncIterator[Officer]:
    """Somebody with a role on the running `stack`, and a token that says so."""
    async with AsyncExitStack() as stack:

        async def appointed(name: str, role: StaffRole) -> Player:
            officer = Player.let_in(base_url, await registry.enter(name, role))
            stack.push_async_callback(officer.http.aclose)
            return officer

        yield appointed


BACKLOG = 2000
PATIENCE = 30.0
"""Seconds: longer than any fault that a reply is waited for through."""


@pytest.fixture
async def inbox(resources: Resources, clean: None) -> AsyncIterator[Inbox]:
    broker = open_broker(resources.settings.redis_url)
    inbox = Inbox(resources.redis, bells(broker), backlog=BACKLOG, patience=PATIENCE)
    hub = Hub(resources.redis, MessageJournal(resources.sessions))
    hub.listen(inbox.channel, inbox.deliver)
    async with running(hub.run()):
        await hub.connected()
        yield inbox
    await broker.shutdown()


@pytest.fixture
async def conversation(newcomer: Newcomer, sessions: Sessions) -> int:
    """The one-to-one chat of alice, who is user 1, and bob, who is user 2."""
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        opened, _ = await Conversations(session=session).open_direct(alice, bob)
    return opened.id
