"""The migration that brought tallies by game and standings recounts what had been played until then."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from tests.domain.game.conftest import NOON
from tests.domain.game.recount import assert_all_is_counted

from app import migrating
from app.embedded.temporary import Servers

pytestmark = pytest.mark.anyio

STANDINGS = next(
    script
    for script in ScriptDirectory(str(migrating.directory())).walk_revisions()
    if Path(script.path).stem.endswith("_standings")
)


@pytest.fixture
async def before(servers: Servers) -> AsyncIterator[AsyncEngine]:
    """A database as it was before that migration."""
    connection = await asyncpg.connect(servers.postgres.url.replace("+asyncpg", ""))
    await connection.execute("CREATE DATABASE former")
    url = servers.postgres.url.replace("/postgres?", "/former?")
    async with migrating.transaction(url) as opened:
        await opened.run_sync(lambda sync: command.upgrade(migrating.configured(sync), str(STANDINGS.down_revision)))
    engine = create_async_engine(url)
    yield engine
    await engine.dispose()
    await connection.execute("DROP DATABASE former WITH (FORCE)")
    await connection.close()


async def test_tallies_and_standings_are_a_recount_of_the_plays(before: AsyncEngine) -> None:
    chance = Random(842)  # noqa: S311  The same plays in every run.
    async with before.begin() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO users (username, password_hash) SELECT 'user' || n, '-' FROM generate_series(1, 4) AS n"
        )
        now = NOON
        for number in range(300):
            now += timedelta(hours=chance.choice([0, 0, 1, 5, 20, 30, 60]))
            prize = chance.choice([0, 0, 20, 42_100])
            await connection.exec_driver_sql(
                "INSERT INTO plays (user_id, game, move, outcome, won, prize_cents, idempotency_key, played_at) "
                "VALUES ($1, $2, '{}', '{}', $3, $4, $5, $6)",
                (chance.randint(1, 3), chance.choice(["number", "dice"]), prize > 0, prize, f"play {number}", now),
            )
        await connection.run_sync(lambda sync: command.upgrade(migrating.configured(sync), STANDINGS.revision))
    await assert_all_is_counted(async_sessionmaker(before))


async def test_the_way_back_leaves_the_totals_over_all_games(before: AsyncEngine) -> None:
    async with before.begin() as connection:
        await connection.exec_driver_sql("INSERT INTO users (username, password_hash) VALUES ('user', '-')")
        for key, prize in (("a", 20), ("b", 0)):
            await connection.exec_driver_sql(
                "INSERT INTO plays (user_id, game, move, outcome, won, prize_cents, idempotency_key, played_at) "
                "VALUES (1, 'number', '{}', '{}', $1, $2, $3, $4)",
                (prize > 0, prize, key, NOON),
            )
        await connection.run_sync(lambda sync: command.upgrade(migrating.configured(sync), STANDINGS.revision))
        down = str(STANDINGS.down_revision)
        await connection.run_sync(lambda sync: command.downgrade(migrating.configured(sync), down))
        rows = (await connection.exec_driver_sql("SELECT * FROM tallies")).all()
    assert [row._asdict() for row in rows] == [
        {"user_id": 1, "games": 2, "wins": 1, "prize_cents": 20, "best_prize_cents": 20, "last_played_at": NOON}
    ]
