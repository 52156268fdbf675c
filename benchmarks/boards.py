"""Leaderboards of a million players, read by people from anywhere on them."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus

import asyncpg
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from app.domain.game.services.building import counted, known
from app.inbox.streams import PARTITIONS
from benchmarks.clients import HttpClient
from benchmarks.figures import Figure, timed
from benchmarks.world import World

PLAYERS = 1_000_000
FRIENDS = 200
"""Of each reader."""

READERS = 50
REQUESTS = 600
BUILD_SECONDS = 120
MIB = 1024 * 1024

BOARDS = {"of all time": "period=all", "of the week": "period=week"}


async def boards(world: World) -> list[Figure]:
    connection = await asyncpg.connect(world.dsn)
    readers = await fill(connection)
    figures = await built(world)
    top = await bare(
        connection,
        "asyncpg: the first ten, by the index",
        "SELECT * FROM tallies WHERE game = '*' ORDER BY -prize_cents, reached_at, user_id LIMIT 10",
    )
    above = await bare(
        connection,
        "asyncpg: counting who is above, as without ladders",
        "SELECT count(*) FROM tallies WHERE game = '*' AND -prize_cents < -500000",
    )
    await connection.close()
    for when, path in BOARDS.items():
        for what, kind, beside in (
            ("first ten", "", top),
            ("around me", "/around-me", above),
            ("among my 200 friends", "/friends", top),
        ):
            asked = await ask(world, readers, f"/api/game/leaderboard{kind}?{path}")
            ratio = (asked.p50_ms or 0) / (beside.p50_ms or 1)
            figures.append(replace(asked, what=f"leaderboard {when}: {what}", beside=beside.what, ratio=ratio))
    return [*figures, top, above]


async def fill(connection: "asyncpg.Connection[asyncpg.Record]") -> list[int]:
    """A million who have played, and the ids of those who will look. Answers the readers."""
    first: int = await connection.fetchval("SELECT coalesce(max(id), 0) + 1 FROM users")
    await connection.execute(f"""
        INSERT INTO users (username, password_hash)
        SELECT 'player' || n, '-' FROM generate_series(1, {PLAYERS}) AS n
    """)
    await connection.execute(f"""
        INSERT INTO tallies
        SELECT id, '*', 10, 5, prize, prize / 5, 1, 1, 2, 1, 1, current_date, now() - id * interval '1 second', now()
        FROM (SELECT id, (random() * 1000000)::bigint AS prize FROM users WHERE id >= {first}) AS player
    """)
    await connection.execute(f"""
        INSERT INTO standings
        SELECT user_id, 'week', date_trunc('week', now())::date, '*', games, wins, prize_cents, reached_at FROM tallies
        WHERE user_id >= {first}
    """)
    readers = list(range(first, first + PLAYERS, PLAYERS // READERS))
    for reader in readers:
        await connection.execute(
            """
            INSERT INTO friendships (low_id, high_id, asked_by, accepted_at)
            SELECT least($1, id), greatest($1, id), id, now()
            FROM (SELECT $2 + (random() * $3)::bigint AS id FROM generate_series(1, $4)) AS friend
            WHERE id <> $1 ON CONFLICT DO NOTHING
            """,
            reader,
            first,
            PLAYERS - 1,
            FRIENDS,
        )
    await connection.execute("VACUUM ANALYZE users, tallies, standings, friendships")
    # What was put in past the inbox has no number: this one says that the ladders know nothing of it.
    await connection.execute(f"""
        INSERT INTO board_numbers SELECT n, 1 FROM generate_series(0, {PARTITIONS} - 1) AS n
        ON CONFLICT (partition) DO UPDATE SET number = board_numbers.number + 1
    """)
    return readers


async def built(world: World) -> list[Figure]:
    """How long the ladders take to be built from PostgreSQL by a worker, and how much memory."""
    engine = create_async_engine(world.stack.database_url)
    async with Redis.from_url(world.stack.redis_url, protocol=2) as redis, async_sessionmaker(engine)() as session:
        wanted = await counted(session)
        before = int((await redis.info("memory"))["used_memory"])
        begun = time.perf_counter()
        async with asyncio.timeout(BUILD_SECONDS):
            while await known(redis) != wanted:
                await asyncio.sleep(0.05)
        elapsed = time.perf_counter() - begun
        grown = int((await redis.info("memory"))["used_memory"]) - before
    await engine.dispose()
    return [
        Figure("ladders of two boards of a million, from loss to whole", elapsed, "s"),
        Figure("memory of a board of a million in Valkey", grown / len(BOARDS) / MIB, "MiB"),
    ]


async def bare(connection: "asyncpg.Connection[asyncpg.Record]", what: str, query: str) -> Figure:
    """A query through asyncpg, without a server, names or ranks."""
    seconds = []
    begun = time.perf_counter()
    for _ in range(READERS):
        one = time.perf_counter()
        await connection.fetch(query)
        seconds.append(time.perf_counter() - one)
    return timed(what, seconds, time.perf_counter() - begun)


async def ask(world: World, readers: Sequence[int], path: str) -> Figure:
    """One request after the other, each by another reader than the one before."""
    client = await HttpClient.connect(world.port)
    tokens = [world.token(reader) for reader in readers]
    seconds = []
    begun = time.perf_counter()
    for number in range(REQUESTS):
        one = time.perf_counter()
        status, body = await client.get(path, tokens[number % len(tokens)])
        assert status == HTTPStatus.OK, body
        seconds.append(time.perf_counter() - one)
    return timed(path, seconds, time.perf_counter() - begun)
