"""`POST /api/game/play` until the answer, which comes after PostgreSQL's commit."""

import asyncio
import time

from benchmarks.clients import HttpClient
from benchmarks.figures import Figure, timed
from benchmarks.world import World

AT_REST = 500
BUSY = 20_000
CONNECTIONS = 100


async def plays(world: World) -> list[Figure]:
    one, elapsed_one = await run(world, connections=1, total=AT_REST)
    many, elapsed_many = await run(world, connections=CONNECTIONS, total=BUSY)
    return [
        timed("play: POST to stored answer, one at a time", one, elapsed_one),
        timed(f"play: POST to stored answer, {CONNECTIONS} at a time", many, elapsed_many),
    ]


async def run(world: World, connections: int, total: int) -> tuple[list[float], float]:
    """How long each play took, and all of them. Each connection is another player."""
    seconds: list[float] = []
    left = total

    async def player(user_id: int) -> None:
        nonlocal left
        client, token = await HttpClient.connect(world.port), world.token(user_id)
        while left > 0:
            left -= 1
            begun = time.perf_counter()
            status, body = await client.post("/api/game/play", token, b'{"number": 842}')
            assert status == 201, body
            seconds.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as players:
        for user_id in range(1, connections + 1):
            players.create_task(player(user_id))
    return seconds, time.perf_counter() - begun
