"""The raw work without us, on the same machine in the same run: so that the distance to the limit shows."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import psutil
import uvicorn
from redis.asyncio import Redis

from app.embedded.stack import free_port
from benchmarks.figures import Figure
from benchmarks.sends import BODY
from benchmarks.world import World

ROWS, BATCH = 100_000, 500
ENTRIES, WAITING = 20_000, 100


async def unnest_insert(world: World) -> Figure:
    """Rows like our messages, in batches like ours, through asyncpg alone."""
    connection = await asyncpg.connect(world.dsn)
    await connection.execute(
        "CREATE TABLE ceiling (room bigint, seq bigint, sender bigint, client text, body text, "
        "at timestamptz DEFAULT now(), PRIMARY KEY (room, seq), UNIQUE (room, sender, client))"
    )
    insert = (
        "INSERT INTO ceiling (room, seq, sender, client, body) "
        "SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[])"
    )
    begun = time.perf_counter()
    for first in range(0, ROWS, BATCH):
        seqs = list(range(first, first + BATCH))
        await connection.execute(insert, [1] * BATCH, seqs, [1] * BATCH, [str(seq) for seq in seqs], [BODY] * BATCH)
    elapsed = time.perf_counter() - begun
    await connection.execute("DROP TABLE ceiling")
    await connection.close()
    return Figure(f"asyncpg: unnest insert, {BATCH} rows a commit", ROWS / elapsed, "rows a second")


async def stream_adds(world: World) -> Figure:
    redis = Redis.from_url(world.stack.redis_url)
    left = ENTRIES

    async def adder() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await redis.xadd("ceiling", {"entry": BODY})

    begun = time.perf_counter()
    await asyncio.gather(*[adder() for _ in range(WAITING)])
    elapsed = time.perf_counter() - begun
    await redis.delete("ceiling")
    await redis.aclose()
    return Figure(f"redis-py: XADD, {WAITING} at a time", ENTRIES / elapsed, "a second")


@contextmanager
def bare_server() -> Iterator[tuple[int, psutil.Process]]:
    """uvicorn, as `parlour web` starts it, around an application that only broadcasts."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.ceilings", str(port)])  # noqa: S603  Ourselves.
    try:
        for _ in range(100):
            time.sleep(0.1)
            if any(one.laddr.port == port for one in psutil.Process(process.pid).net_connections("tcp")):
                break
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    uvicorn.run(
        "benchmarks.deliveries:bare_app",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        lifespan="off",
        log_level="warning",
    )
