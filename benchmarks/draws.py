"""A draw of a million ballots: closing it, drawing it, and what those notice who submit ballots meanwhile."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus

import asyncpg
import psutil

from app.domain.lottery.tasks import reconcile
from app.workers.broker import open_broker
from benchmarks.clients import HttpClient
from benchmarks.figures import Figure, timed
from benchmarks.world import World

BALLOTS = 1_000_000
OWNERS = 10_000
SUBMITTERS = 4
CALM_SECONDS = 10
LEAF_BYTES = 114
MIB = 2**20


async def draws(world: World) -> list[Figure]:
    connection = await asyncpg.connect(world.dsn)
    draw_id = await fill(connection)
    calm = await submissions(world, until=asyncio.create_task(asyncio.sleep(CALM_SECONDS)))
    await connection.execute("UPDATE draws SET closes_at = now() WHERE id = $1", draw_id)
    holding = asyncio.create_task(hold(world, connection, draw_id))
    busy = await submissions(world, until=holding)
    closed, drawn, peak = holding.result()
    await connection.close()
    bare = bare_hashing(BALLOTS)
    return [
        Figure(
            f"draw: {BALLOTS:,} ballots frozen, in a tree and in the log",
            closed,
            "s",
            beside=bare.what,
            ratio=closed / bare.value,
        ),
        Figure("draw: from its close to its winners", drawn - closed, "s"),
        bare,
        timed("ballot: POST to stored receipt", *calm),
        timed("ballot: the same while the draw is closed", *busy),
        Figure("draw: the worker's memory, grown at most by", peak, "MiB"),
    ]


async def fill(connection: "asyncpg.Connection[asyncpg.Record]") -> int:
    """Today's draw, as if everybody had taken part a hundred times."""
    draw_id: int = await connection.fetchval("SELECT min(id) FROM draws WHERE open_id IS NOT NULL")
    await connection.execute(
        """
        INSERT INTO ballots (draw_id, seq, user_id, user_tag, nonce, submitted_at)
        SELECT $1, n, 1 + n % $3::bigint, sha256(int8send(n % $3::bigint)), sha256(int8send(n)), now()
        FROM generate_series(0, $2::bigint - 1) AS n
        """,
        draw_id,
        BALLOTS,
        OWNERS,
    )
    await connection.execute("UPDATE draws SET ballots = $2 WHERE id = $1", draw_id, BALLOTS)
    await connection.execute("VACUUM ANALYZE ballots")
    return draw_id


async def hold(
    world: World, connection: "asyncpg.Connection[asyncpg.Record]", draw_id: int
) -> tuple[float, float, float]:
    """Ring for the reconcile as the scheduler does. Seconds until it is closed and until it is drawn, MiB it took."""
    broker = open_broker(world.stack.redis_url)
    await broker.startup()
    begun = time.perf_counter()
    await reconcile.kicker().with_broker(broker).kiq(catch_up=True)  # type: ignore[call-overload]  # taskiq gives the context
    closed, before, most = 0.0, resident(world), 0.0
    while True:
        most = max(most, resident(world))
        [row] = await connection.fetch("SELECT close_id, drawn_at FROM draws WHERE id = $1", draw_id)
        now = time.perf_counter() - begun
        closed = closed or (now if row["close_id"] else 0.0)
        if row["drawn_at"]:
            break
        await asyncio.sleep(0.02)
    await broker.shutdown()
    return closed, now, most - before


def resident(world: World) -> float:
    """MiB of all the worker's processes."""
    manager = psutil.Process(world.stack.processes["worker"].pid)
    return float(sum(one.memory_info().rss for one in [manager, *manager.children(recursive=True)])) / MIB


async def submissions(world: World, until: "asyncio.Task[object]") -> tuple[list[float], float]:
    """How long each ballot for tomorrow took, one after the other on some connections, and all of them."""
    tomorrow = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()
    body = f'{{"draw_date": "{tomorrow}"}}'.encode()
    seconds: list[float] = []

    async def submit(user_id: int) -> None:
        client = await HttpClient.connect(world.port)
        while not until.done():
            begun = time.perf_counter()
            status, answer = await client.post("/api/lottery/ballots", world.token(user_id), body)
            assert status == HTTPStatus.CREATED, answer
            seconds.append(time.perf_counter() - begun)
            user_id = user_id % OWNERS + SUBMITTERS

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as submitting:
        for n in range(SUBMITTERS):
            submitting.create_task(submit(1 + n))
    return seconds, time.perf_counter() - begun


def bare_hashing(ballots: int) -> Figure:
    """What no tree over so many leaves can do without: two hashes for each."""
    leaf, node = b"\0" + bytes(LEAF_BYTES), b"\1" + bytes(64)
    begun = time.perf_counter()
    for _ in range(ballots):
        sha256(leaf).digest()
        sha256(node).digest()
    return Figure(f"SHA-256 of {ballots:,} leaves and nodes", time.perf_counter() - begun, "s")
