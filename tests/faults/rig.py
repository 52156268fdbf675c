"""A fault run on a running stack: load, faults, recovery from each, and the evidence of it all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from random import Random
from time import monotonic
from typing import Any

import httpx
from redis.exceptions import RedisError
from tests.faults import cast, evidence, fairness
from tests.faults.cast import Cast, Scene
from tests.faults.checker import Evidence, Recovery
from tests.faults.clients import Client
from tests.faults.generator import User
from tests.faults.history import Event, History
from tests.faults.nemesis import Fault
from tests.faults.visitor import Visitor

from app.embedded.stack import Stack
from app.resources import Resources

ENVIRONMENT: dict[str, Any] = {
    "PARLOUR_THROTTLE_MS": "0",
    "PARLOUR_REQUESTS_PER_MINUTE": "0",
    "PARLOUR_ATTEMPTS_PER_MINUTE": "0",
    "PARLOUR_ACCESS_TOKEN_SECONDS": "86400",
    "PARLOUR_MINUTE_LOTTERY": "true",
    "PARLOUR_BALLOTS_PER_DRAW": "1000000",
}
"""Of the stack: no limits but those of the machine, and tokens that outlive a long run."""

GIVE_UP_SECONDS = 30.0
"""When a run that does not recover, or does not settle, is ended and reported."""

CALM_SECONDS = 0.7
"""Of load without a fault: before each, and after the last."""

PROBE_SECONDS = 1.0
LOOK_SECONDS = 0.05
Watchers = dict[tuple[str, int], Client]
"""By their names and the conversation that they watch."""


@dataclass(frozen=True)
class Rig:
    stack: Stack
    resources: Resources
    """Ours, on the stack's servers: for evidence, never for load."""
    cast: Cast

    async def run(self, seed: str, faults: Sequence[Fault], history: History, *, pace: float = 8.0) -> Evidence:
        """Strike with one fault after the other, each when the last is recovered from; then let all settle.

        `pace` is about how many things each talker does in a second.
        """
        random = Random(seed)  # noqa: S311  repeatable on purpose
        scene = await cast.set_scene(self.stack.base_url, self.cast)
        async with self._watching(scene, history) as watchers:
            recoveries = []
            async with self._load(scene, history, random, pace):
                for fault in faults:
                    await asyncio.sleep(CALM_SECONDS)
                    recoveries.append(await self._suffer(fault, history))
                await asyncio.sleep(CALM_SECONDS)
            await self._until(lambda: self._all_seen(watchers))
        talkers = [account.id for account in self.cast.talkers]
        return Evidence(
            events=history.events,
            sightings=history.sightings,
            messages=await evidence.messages_of(self.resources.sessions, scene.conversations),
            plays=await evidence.plays_of(self.resources.sessions, talkers),
            tallies=await evidence.tallies_of(self.resources.sessions, talkers),
            ballots=await evidence.ballots_of(self.resources.sessions, talkers),
            unfair=await fairness.refusals(self.stack.base_url, history.events),
            watched=list(watchers),
            recoveries=recoveries,
        )

    @asynccontextmanager
    async def _watching(self, scene: Scene, history: History) -> AsyncIterator[Watchers]:
        """Each conversation is watched on every API process, as long as that process lives."""
        nodes = self.stack.base_urls
        watchers: Watchers = {}
        for home, account in enumerate(self.cast.watchers):
            for conversation in scene.conversations:
                watcher = Client(account.name, account, nodes, home, history)
                watcher.watch(conversation)
                watchers[account.name, conversation] = watcher
        tasks = [asyncio.create_task(watcher.run()) for watcher in watchers.values()]
        try:
            yield watchers
        finally:
            await end(tasks)

    @asynccontextmanager
    async def _load(self, scene: Scene, history: History, random: Random, pace: float) -> AsyncIterator[None]:
        """Raises TimeoutError when the users cannot finish what they have begun, long after the last fault."""
        nodes = self.stack.base_urls
        stop = asyncio.Event()
        visitor = Visitor(self.cast.visitor, nodes, scene.group, history, fork(random))
        tasks = [asyncio.create_task(visitor.live(stop))]
        for account in self.cast.talkers:
            user = User(account, nodes, scene.conversations, history, fork(random))
            tasks.append(asyncio.create_task(user.live(stop, pace)))
        try:
            yield
            stop.set()
            async with asyncio.timeout(GIVE_UP_SECONDS):
                await asyncio.gather(*tasks)
        finally:
            await end(tasks)

    async def _suffer(self, fault: Fault, history: History) -> Recovery:
        history.note(Event(type="invoke", op="fault", key=fault.name))
        await asyncio.to_thread(fault.strike)
        await asyncio.sleep(fault.hold_seconds)
        await asyncio.to_thread(fault.heal)
        history.note(Event(type="ok", op="fault", key=fault.name))
        healed = monotonic()
        await self._until(self._all_answer)
        drained = await self._until(self._nothing_waits)
        waiting = 0 if drained else await evidence.backlog(self.resources)
        recovery = Recovery(fault.name, monotonic() - healed, waiting)
        history.note(Event(type="ok", op="recover", key=fault.name, body=f"{recovery.seconds:.2f}"))
        return recovery

    async def _until(self, condition: Callable[[], Awaitable[bool]]) -> bool:
        """Whether it came true within the limit. What is missing by then is for the checker to find."""
        deadline = monotonic() + GIVE_UP_SECONDS
        while not await condition():
            if monotonic() > deadline:
                return False
            await asyncio.sleep(LOOK_SECONDS)
        return True

    async def _all_answer(self) -> bool:
        """Does every API process take a message and a play, and answer that they are stored?"""
        headers = {"Authorization": f"Bearer {self.cast.prober.token}"}
        async with httpx.AsyncClient(headers=headers, timeout=PROBE_SECONDS) as http:
            try:
                answers = await asyncio.gather(
                    *(
                        http.post(node + path, json=body)
                        for node in self.stack.base_urls
                        for path, body in (
                            (f"/api/chat/conversations/{self.cast.probed}/messages", {"message": "Still there?"}),
                            ("/api/game/play", {"number": 842}),
                        )
                    )
                )
            except httpx.TransportError:
                return False
        return all(answer.status_code == HTTPStatus.CREATED for answer in answers)

    async def _nothing_waits(self) -> bool:
        try:
            return not await evidence.backlog(self.resources)
        except (RedisError, OSError):
            return False

    async def _all_seen(self, watchers: Watchers) -> bool:
        last = await evidence.last_numbers(self.resources.sessions, {conversation for _, conversation in watchers})
        return all(
            watcher.positions[conversation] >= last[conversation] for (_, conversation), watcher in watchers.items()
        )


def fork(random: Random) -> Random:
    """A generator of its own for each user: what one does changes nothing for the others."""
    return Random(random.random())  # noqa: S311  repeatable on purpose


async def end(tasks: Sequence["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
