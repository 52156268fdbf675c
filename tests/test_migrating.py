"""The schema: one way there, for any number of processes at once, and the same as the models say."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from alembic import command
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


async def test_plays_of_the_number_game_become_moves_with_their_outcome(empty_database: str) -> None:
    """Revision 15 takes them along as they are, and back."""
    before = str(ScriptDirectory(str(migrating.directory())).get_revision("0017").down_revision)
    async with migrating.transaction(empty_database) as connection:
        await connection.run_sync(lambda sync: command.upgrade(migrating.configured(sync), before))
        await connection.exec_driver_sql("INSERT INTO users (username, password_hash) VALUES ('ann', '-')")
        for number, won, cents in ((842, True, 42_100), (7, False, 0)):
            await connection.exec_driver_sql(f"""
                INSERT INTO plays (user_id, game, number, won, prize_cents, idempotency_key, played_at)
                VALUES (1, 'number', {number}, {won}, {cents}, 'k{number}', now())
            """)
        await connection.exec_driver_sql("INSERT INTO tallies VALUES (1, 2, 1, 42100, 42100, now())")
    async with migrating.transaction(empty_database) as connection:
        await connection.run_sync(lambda sync: command.upgrade(migrating.configured(sync), "0017"))
        plays = await connection.exec_driver_sql("SELECT move, outcome, prize_cents, proof FROM plays ORDER BY id")
        assert [tuple(row) for row in plays] == [
            ({"number": 842}, {"percent": 50}, 42_100, None),
            ({"number": 7}, {"percent": 0}, 0, None),
        ]
        tallies = await connection.exec_driver_sql("SELECT games, wins, prize_cents FROM tallies")
        assert [tuple(row) for row in tallies] == [(2, 1, 42_100)]
        await connection.run_sync(lambda sync: command.downgrade(migrating.configured(sync), before))
        numbers = await connection.exec_driver_sql("SELECT number FROM plays ORDER BY id")
        assert list(numbers.scalars()) == [842, 7]


def test_the_head_read_from_the_files_is_alembics() -> None:
    assert migrating.head() == ScriptDirectory(str(migrating.directory())).get_current_head()
