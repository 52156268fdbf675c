"""Run everything and print the figures; with names (see `ALL`), only those."""

import resource
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace

import uvloop

from benchmarks.boards import boards
from benchmarks.ceilings import bare_server, stream_adds, unnest_insert
from benchmarks.deliveries import CROWD, ROOMS, bare_broadcast, deliveries
from benchmarks.draws import draws
from benchmarks.figures import Figure, show
from benchmarks.idle_sockets import idle_sockets
from benchmarks.lists import lists
from benchmarks.plays import plays
from benchmarks.resumes import resumes
from benchmarks.search import search
from benchmarks.sends import sends
from benchmarks.verifying import verifying
from benchmarks.world import World, world

PEOPLE = 10_000
BY_THEMSELVES: dict[str, Callable[[World], Awaitable[list[Figure]]]] = {
    "lists": lists,
    "resumes": resumes,
    "search": search,
    "draws": draws,
    "verifier": verifying,
    "boards": boards,
}
ALL = {"plays", "sends", "deliveries", "crowd", "idle", *BY_THEMSELVES}


async def measure(world: World, wanted: set[str]) -> list[Figure]:
    await world.populate(PEOPLE)
    figures: list[Figure] = []
    xadd = await stream_adds(world)
    insert = await unnest_insert(world)
    if "plays" in wanted:
        figures += [replace(one, beside="XADD", ratio=one.value / xadd.value) for one in await plays(world)]
    if "sends" in wanted:
        figures += [replace(one, beside="unnest insert", ratio=one.value / insert.value) for one in await sends(world)]
    figures += [xadd, insert]
    with bare_server() as (port, process):
        for size in [ROOMS] * ("deliveries" in wanted) + [CROWD] * ("crowd" in wanted):
            ours, bare = await deliveries(world, size), await bare_broadcast(port, size)
            figures += [replace(ours, beside=bare.what, ratio=ours.value / bare.value), bare]
        if "idle" in wanted:
            figures += await idle_sockets(world, port, process)
    for name, measure_it in BY_THEMSELVES.items():
        if name in wanted:
            figures += await measure_it(world)
    return figures


def main() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(65536, hard), hard))
    with world() as running:
        show(uvloop.run(measure(running, set(sys.argv[1:]) or ALL)))


main()
