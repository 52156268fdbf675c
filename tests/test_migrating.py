"""The schema: one way there, for any number of processes at once, and the same as the models say."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app import migrating
from app.embedded.temporary import Servers

pytestmark = pytest.mark.anyio


@pytest.fixture
async def empty_database(servers: Servers) -> AsyncIterator[str]:
    """The address of a database without tables, beside the one that the other tests use."""
    connection = await asyncpg.connect(servers.postgres.url.replace("+asyncpg", ""))
    await connection.execute("CREATE DATABASE empty")
    yield servers.postgres.url.replace("/postgres?", "/empty?")
    await connection.execute("DROP DATABASE empty WITH (FORCE)")
    await connection.close()


async def test_many_processes_may_migrate_at_once(empty_database: str) -> None:
    assert await migrating.current(empty_database) is None
    await asyncio.gather(*(migrating.upgrade(empty_database) for _ in range(4)))
    assert await migrating.current(empty_database) == migrating.head()
    assert not await migrating.upgrade(empty_database), "the next start has nothing to do"


async def test_the_revisions_lead_to_what_the_models_say(empty_database: str) -> None:
    await migrating.upgrade(empty_database)
    async with migrating.transaction(empty_database) as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), migrating.metadata())
        )
    assert differences == []


def test_the_head_read_from_the_files_is_alembics() -> None:
    assert migrating.head() == ScriptDirectory(str(migrating.directory())).get_current_head()
