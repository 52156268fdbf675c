"""A message from its `send` frame until it is stored, acknowledged, and heard by another socket in the conversation."""

import asyncio
import time

from benchmarks.clients import SocketClient
from benchmarks.figures import Figure, timed
from benchmarks.world import World

AT_REST = 500
BUSY = 30_000
SENDERS = 100
IN_FLIGHT = 5
"""Sends that each sender has under way at once."""

BODY = "A message of the usual length, which is a line or so, some eighty characters…"


class Talk:
    """A sender and a watcher in a conversation of their own."""

    def __init__(self, world: World, conversation: int, people: tuple[int, int]) -> None:
        self._world = world
        self._conversation = conversation
        self._people = people
        self._sent_at: dict[int, float] = {}
        self._next = 0
        self._room = asyncio.Semaphore(IN_FLIGHT)
        self.delivered: list[float] = []
        self.stored = 0

    async def open(self) -> None:
        sender, watcher = [f"/ws?token={self._world.token(user_id)}" for user_id in self._people]
        self._sender = await SocketClient.connect(self._world.port, sender, self._acknowledged)
        subscribed = asyncio.Event()
        self._subscribed = subscribed
        self._watcher = await SocketClient.connect(self._world.port, watcher, self._heard)
        self._watcher.send(b'{"type":"subscribe","conversation_id":%d}' % self._conversation)
        await subscribed.wait()

    def _heard(self, frame: bytes) -> None:
        if frame.startswith(b'{"type":"message"'):
            client_id = int(frame[frame.rindex(b":") + 2 : -2])
            self.delivered.append(time.perf_counter() - self._sent_at.pop(client_id))
            self._room.release()
        elif frame.startswith(b'{"type":"subscribed"'):
            self._subscribed.set()

    def _acknowledged(self, frame: bytes) -> None:
        if frame.startswith(b'{"type":"stored"'):
            self.stored += 1
        assert not frame.startswith(b'{"type":"error"'), frame

    async def send(self, count: int, *, in_flight: int) -> None:
        for _ in range(IN_FLIGHT - in_flight):
            await self._room.acquire()
        for _ in range(count):
            await self._room.acquire()
            self._next += 1
            self._sent_at[self._next] = time.perf_counter()
            self._sender.send(
                b'{"type":"send","conversation_id":%d,"client_id":"%d","message":"%s"}'
                % (self._conversation, self._next, BODY.encode())
            )
        for _ in range(in_flight):
            await self._room.acquire()
        while self.stored < self._next:
            await asyncio.sleep(0.001)
        for _ in range(IN_FLIGHT):
            self._room.release()

    def close(self) -> None:
        self._sender.close()
        self._watcher.close()


async def sends(world: World) -> list[Figure]:
    talks = []
    for n in range(SENDERS):
        people = (2 * n + 1, 2 * n + 2)
        talk = Talk(world, await world.conversation(list(people)), people)
        await talk.open()
        talks.append(talk)
    begun = time.perf_counter()
    await talks[0].send(AT_REST, in_flight=1)
    at_rest = timed(
        "chat: send to stored and delivered, one at a time", talks[0].delivered, time.perf_counter() - begun
    )
    talks[0].delivered.clear()
    begun = time.perf_counter()
    async with asyncio.TaskGroup() as sending:
        for talk in talks:
            sending.create_task(talk.send(BUSY // SENDERS, in_flight=IN_FLIGHT))
    elapsed = time.perf_counter() - begun
    for talk in talks:
        talk.close()
    delivered = [seconds for talk in talks for seconds in talk.delivered]
    return [at_rest, timed(f"chat: send to stored and delivered, {SENDERS * IN_FLIGHT} at a time", delivered, elapsed)]
