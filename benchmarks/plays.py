"""`POST /api/game/play` until the answer, which comes after PostgreSQL's commit."""

import asyncio
import time
from http import HTTPStatus

from benchmarks.clients import HttpClient
from benchmarks.figures import Figure, timed
from benchmarks.world import World

AT_REST = 500
BUSY = 20_000
CONNECTIONS = 100
WARM_UP = 10
"""Plays on each connection before the clock starts."""


async def plays(world: World) -> list[Figure]:
    one, elapsed_one = await run(world, connections=1, total=AT_REST)
    many, elapsed_many = await run(world, connections=CONNECTIONS, total=BUSY)
    return [
        timed("play: POST to stored answer, one at a time", one, elapsed_one),
        timed(f"play: POST to stored answer, {CONNECTIONS} at a time", many, elapsed_many),
    ]


async def run(world: World, connections: int, total: int) -> tuple[list[float], float]:
    """How long each play took, and all of them. Each connection is another player."""
    players = [(await HttpClient.connect(world.port), world.token(user_id)) for user_id in range(1, connections + 1)]

    async def play_all(plays: int) -> list[float]:
        seconds: list[float] = []
        left = plays

        async def play_on(client: HttpClient, token: str) -> None:
            nonlocal left
            while left > 0:
                left -= 1
                begun = time.perf_counter()
                status, body = await client.post("/api/game/play", token, b'{"number": 842}')
                assert status == HTTPStatus.CREATED, body
                seconds.append(time.perf_counter() - begun)

        async with asyncio.TaskGroup() as playing:
            for client, token in players:
                playing.create_task(play_on(client, token))
        return seconds

    await play_all(WARM_UP * connections)
    begun = time.perf_counter()
    return await play_all(total), time.perf_counter() - begun
