"""Devices of several processes on a real Redis: whatever dies or is lost, the roll comes to say what is true."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from tests.domain.presence.conftest import LONG, Announced, OpenProcess, let_grace_end

from app.domain.presence.rules import DeviceState, State, best
from app.domain.presence.services.devices import Devices
from app.domain.presence.services.roll import GONE, PROCESSES, Roll
from app.resources import running

pytestmark = pytest.mark.anyio
ALICE, BOB, CAROL = 1, 2, 2**63 - 1
PEOPLE = (ALICE, BOB, CAROL)
PAST = 1
"""The end of a lease, in microseconds since 1970."""


async def state_of(roll: Roll, person: int) -> State:
    return (await roll.look_up([person]))[person].state


async def run_out(redis: "Redis") -> None:
    """The leases of all processes: each has been silent for too long."""
    for name in await redis.zrange(PROCESSES, 0, -1):
        await redis.zadd(PROCESSES, {str(name, "ascii"): PAST})  # type: ignore[arg-type]  # It is bytes here.


async def test_one_device_of_several_is_enough(process: OpenProcess, roll: Roll) -> None:
    here, there = process(), process()
    assert await state_of(roll, ALICE) == "offline"
    for host, device in ((here, "phone"), (here, "tablet"), (there, "desk")):
        host.come(device, ALICE)
        await host.report()
    for device in ("phone", "tablet"):
        here.turn(device, ALICE, "away")
    await here.report()
    assert await state_of(roll, ALICE) == "online"
    there.go("desk", ALICE)
    await let_grace_end()
    await there.report()
    assert await state_of(roll, ALICE) == "away"
    for device in ("phone", "tablet"):
        here.go(device, ALICE)
    await let_grace_end()
    await here.report()
    assert await state_of(roll, ALICE) == "offline"


async def test_last_seen_is_the_minute_in_which_the_last_device_went(process: OpenProcess, roll: Roll) -> None:
    here = process()
    here.come("phone", ALICE)
    await here.report()
    assert (await roll.look_up([ALICE]))[ALICE].last_seen is None
    before = datetime.now(UTC)
    here.go("phone", ALICE)
    await let_grace_end()
    await here.report()
    seen = (await roll.look_up([ALICE]))[ALICE].last_seen
    assert seen is not None
    assert before.replace(second=0, microsecond=0) <= seen <= datetime.now(UTC)
    assert seen.second == seen.microsecond == 0


async def test_who_is_offline_for_a_month_was_never_here(process: OpenProcess, roll: Roll, redis: "Redis") -> None:
    here = process()
    here.come("phone", ALICE)
    await here.report()
    here.go("phone", ALICE)
    await let_grace_end()
    await here.report()
    await redis.zadd(GONE, {str(ALICE): (datetime.now(UTC) - timedelta(days=31)).timestamp() // 60})
    await here.report()
    assert (await roll.look_up([ALICE]))[ALICE].last_seen is None


async def test_a_change_is_announced_once_and_what_changes_nothing_is_not(
    process: OpenProcess, announced: Announced
) -> None:
    here, there = process(), process()
    here.come("phone", ALICE)
    await here.report()
    assert await announced() == [ALICE]
    there.come("desk", ALICE)
    await there.report()
    here.go("phone", ALICE)
    await let_grace_end()
    await here.report()
    await here.report()
    assert await announced() == []
    there.turn("desk", ALICE, "away")
    await there.report()
    assert await announced() == [ALICE]


async def test_who_reconnects_within_the_grace_was_never_gone(roll: Roll, announced: Announced) -> None:
    here, there = (Devices(roll, lease=LONG, grace=0.2) for _ in range(2))
    here.come("phone", ALICE)
    await here.report()
    assert await announced() == [ALICE]
    here.go("phone", ALICE)
    await here.report()
    assert await state_of(roll, ALICE) == "online"
    there.come("phone", ALICE)
    await there.report()
    await asyncio.sleep(0.25)
    await here.report()
    assert await announced() == []
    assert await state_of(roll, ALICE) == "online"


async def test_the_people_of_a_dead_process_are_announced_as_gone_however_many(
    process: OpenProcess, roll: Roll, redis: "Redis", announced: Announced
) -> None:
    dead, alive = process(), process()
    crowd = range(1, 1200)
    for person in crowd:
        dead.come("phone", person)
    for _ in range(3):
        await dead.report()
    assert {one.state for one in (await roll.look_up(crowd)).values()} == {"online"}
    assert ALICE in await announced()
    await run_out(redis)
    alive.come("desk", ALICE)
    for _ in range(4):
        await alive.report()
    assert sorted(await announced()) == list(crowd)[1:]
    assert await state_of(roll, ALICE) == "online"
    assert {one.state for one in (await roll.look_up(crowd[1:])).values()} == {"offline"}
    assert await redis.zcard(PROCESSES) == 1


async def test_a_process_that_was_taken_for_dead_comes_back_with_its_people(
    process: OpenProcess, roll: Roll, redis: "Redis"
) -> None:
    frozen, alive = process(), process()
    frozen.come("phone", ALICE)
    await frozen.report()
    await run_out(redis)
    for _ in range(3):
        await alive.report()
    assert await state_of(roll, ALICE) == "offline"
    for _ in range(2):
        await frozen.report()
    assert await state_of(roll, ALICE) == "online"


async def test_a_process_that_wakes_up_half_buried_comes_back_whole(
    process: OpenProcess, roll: Roll, redis: "Redis"
) -> None:
    frozen, alive = process(), process()
    crowd = range(1, 700)
    for person in crowd:
        frozen.come("phone", person)
    for _ in range(2):
        await frozen.report()
    await run_out(redis)
    for _ in range(2):
        await alive.report()
    assert len({one.state for one in (await roll.look_up(crowd)).values()}) == 2
    for _ in range(4):
        await frozen.report()
        await alive.report()
    assert {one.state for one in (await roll.look_up(crowd)).values()} == {"online"}
    assert await redis.zcard(PROCESSES) == 2


async def test_who_was_cut_off_itself_buries_nobody_at_first(roll: Roll, redis: "Redis") -> None:
    """Redis was away for longer than a lease: the first to come back finds that all others have run out as well."""
    await redis.zadd(PROCESSES, {"another": PAST, "back": PAST})
    entry = await roll.report("back", PAST, LONG, {})
    assert entry.lease_ends > PAST
    assert await redis.zscore(PROCESSES, "another") == PAST
    await roll.report("back", entry.lease_ends, LONG, {})
    assert await redis.zscore(PROCESSES, "another") is None


async def test_what_redis_lost_is_back_after_a_beat(roll: Roll, redis: "Redis") -> None:
    here = Devices(roll, lease=0.6, grace=0)
    here.come("phone", ALICE)
    async with running(here.run()), asyncio.timeout(5):
        while await state_of(roll, ALICE) != "online":
            await asyncio.sleep(0.01)
        await redis.flushall()
        while await state_of(roll, ALICE) != "online":
            await asyncio.sleep(0.01)


async def test_a_process_that_ends_leaves_its_people_the_grace(roll: Roll, process: OpenProcess) -> None:
    leaving, alive = Devices(roll, lease=LONG, grace=0.1), process()
    leaving.come("phone", ALICE)
    await leaving.report()
    await alive.report()
    await leaving.depart()
    await alive.report()
    assert await state_of(roll, ALICE) == "online"
    await asyncio.sleep(0.15)
    await alive.report()
    assert await state_of(roll, ALICE) == "offline"


class World:
    """Three places for a process, the devices that are open there, and what is true: a fold of what happened."""

    def __init__(self, redis: "Redis", roll: Roll) -> None:
        self.redis = redis
        self.roll = roll
        self.processes = [self.start() for _ in range(3)]
        self.open: list[dict[tuple[int, int], DeviceState]] = [{}, {}, {}]
        self.kept: dict[bytes | str, bytes | str] = {}
        self.troubled = False

    def start(self) -> Devices:
        return Devices(self.roll, lease=LONG, grace=0)

    def truth(self) -> dict[int, State]:
        devices = [item for place in self.open for item in place.items()]
        return {person: best(state for (owner, _), state in devices if owner == person) for person in PEOPLE}

    def come(self, place: int, person: int, device: int) -> None:
        if (person, device) not in self.open[place]:
            self.open[place][person, device] = "online"
            self.processes[place].come(device, person)

    def turn(self, place: int, person: int, device: int, state: DeviceState) -> None:
        if (person, device) in self.open[place]:
            self.open[place][person, device] = state
            self.processes[place].turn(device, person, state)

    async def go(self, place: int, person: int, device: int) -> None:
        if self.open[place].pop((person, device), None):
            self.processes[place].go(device, person)
            await let_grace_end()

    def kill(self, place: int) -> None:
        self.processes[place], self.open[place] = self.start(), {}
        self.troubled = True

    async def keep(self) -> None:
        """As an append-only file does, which may be older than the memory that is lost."""
        self.kept = {key: (await self.redis.dump(key)) or b"" for key in await self.redis.keys("{presence}*")}

    async def restart_redis(self, *, from_file: bool) -> None:
        await self.redis.flushdb()
        for key, value in self.kept.items() if from_file else ():
            await self.redis.restore(key, 0, value)
        self.troubled = True

    async def freeze(self) -> None:
        await run_out(self.redis)
        self.troubled = True

    async def settle(self) -> None:
        """Everybody has had their beats; after trouble, for as long as a lease takes to run out."""
        if self.troubled:
            await run_out(self.redis)
        for _ in range(3):
            for one in self.processes:
                await one.report()
        while self.troubled and await self.redis.zcard(PROCESSES) > len(self.processes):
            await self.processes[0].report()
        self.troubled = False

    async def check(self) -> None:
        await self.settle()
        found = await self.roll.look_up(PEOPLE)
        assert {person: one.state for person, one in found.items()} == self.truth()


places, people, names = st.integers(0, 2), st.sampled_from(PEOPLE), st.integers(1, 2)
happenings = st.one_of(
    st.tuples(st.just("come"), places, people, names),
    st.tuples(st.just("turn"), places, people, names, st.sampled_from(["online", "away"])),
    st.tuples(st.just("go"), places, people, names),
    st.tuples(st.just("report"), places),
    st.tuples(st.just("kill"), places),
    st.tuples(st.sampled_from(["check", "keep", "restart", "wipe", "freeze"])),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(happenings, max_size=25))
async def test_whatever_happens_the_roll_comes_to_say_what_is_true(
    redis: "Redis", roll: Roll, story: list[tuple[str, *tuple[object, ...]]]
) -> None:
    await redis.flushdb()
    world = World(redis, roll)
    for what, *how in story:
        match what, how:
            case "come", [int(place), int(person), int(name)]:
                world.come(place, person, name)
            case "turn", [int(place), int(person), int(name), ("online" | "away") as state]:
                world.turn(place, person, name, state)
            case "go", [int(place), int(person), int(name)]:
                await world.go(place, person, name)
            case "report", [int(place)]:
                await world.processes[place].report()
            case "kill", [int(place)]:
                world.kill(place)
            case "keep", []:
                await world.keep()
            case (("restart" | "wipe"), []):
                await world.restart_redis(from_file=what == "restart")
            case "freeze", []:
                await world.freeze()
            case _:
                await world.check()
    await world.check()


async def test_people_online_are_counted_once_each(process: OpenProcess, roll: Roll) -> None:
    here, there = process(), process()
    for host, device, person in ((here, "phone", ALICE), (there, "desk", ALICE), (there, "phone", BOB)):
        host.come(device, person)
        await host.report()
    there.turn("phone", BOB, "away")
    await there.report()
    assert await roll.count_online() == 1
