"""What a socket costs that only waits: memory of the API process, beside bare uvicorn's."""

import asyncio

import psutil

from benchmarks.clients import SocketClient
from benchmarks.figures import Figure
from benchmarks.world import World

SOCKETS = 2000
KIB = 1024


async def idle_sockets(world: World, bare_port: int, bare_process: psutil.Process) -> list[Figure]:
    web = psutil.Process(world.stack.processes["web"].pid)
    ours = await measure(web, world.port, [f"/ws?token={world.token(n % 500 + 1)}" for n in range(SOCKETS)])
    bare = await measure(bare_process, bare_port, ["/idle"] * SOCKETS)
    return [
        Figure(f"memory of an idle socket on /ws, of {SOCKETS}", ours, "KiB", beside="bare uvicorn", ratio=ours / bare),
        Figure("memory of an idle socket, bare uvicorn", bare, "KiB"),
    ]


async def measure(process: psutil.Process, port: int, paths: list[str]) -> float:
    """KiB a socket, from the resident memory before and after."""
    warm = [await SocketClient.connect(port, path) for path in paths[:100]]
    await asyncio.sleep(0.5)
    before = process.memory_info().rss
    sockets = [await SocketClient.connect(port, path) for path in paths]
    await asyncio.sleep(1)
    grown = process.memory_info().rss - before
    for socket in [*warm, *sockets]:
        socket.close()
    return grown / len(sockets) / KIB
