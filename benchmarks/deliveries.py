"""How many frames a second reach 500 sockets in rooms of 100: through all of Parlour, and through bare uvicorn."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks.clients import SocketClient
from benchmarks.figures import Figure
from benchmarks.sends import BODY
from benchmarks.world import World

ROOMS, MEMBERS = 5, 100
MESSAGES = 1000
"""To each room, in all."""

IN_FLIGHT = 20
"""Messages of one room that not everyone in it has got yet."""


async def deliveries(world: World) -> Figure:
    """Each message is stored first, as always."""
    rooms = []
    for room in range(ROOMS):
        people = list(range(room * MEMBERS + 1, (room + 1) * MEMBERS + 1))
        conversation = await world.conversation(people)
        members = []
        for user_id in people:
            member = await SocketClient.connect(world.port, f"/ws?token={world.token(user_id)}")
            member.send(b'{"type":"subscribe","conversation_id":%d}' % conversation)
            members.append(member)
        while any(member.count < 2 for member in members):
            await asyncio.sleep(0.01)
        sender = await SocketClient.connect(world.port, f"/ws?token={world.token(people[0])}")

        def send(n: int, sender: SocketClient = sender, conversation: int = conversation) -> None:
            sender.send(
                b'{"type":"send","conversation_id":%d,"client_id":"%d","message":"%s"}'
                % (conversation, n, BODY.encode())
            )

        rooms.append((send, members))
    rate = await flood(rooms)
    return Figure(f"deliveries to {ROOMS * MEMBERS} sockets in rooms of {MEMBERS}", rate, "a second")


async def bare_broadcast(port: int) -> Figure:
    """The same frames from `bare_app` below."""
    frame = b'{"type":"message","message_id":1,"message":"%s","sender_id":1,"sender":"user1",' % BODY.encode() + (
        b'"timestamp":"2026-11-20T00:00:00.000000Z","conversation_id":1,"client_id":"1"}'
    )
    rooms = []
    for room in range(ROOMS):
        members = [await SocketClient.connect(port, f"/{room}") for _ in range(MEMBERS)]
        sender = await SocketClient.connect(port, f"/send/{room}")
        rooms.append((lambda _n, sender=sender: sender.send(frame), members))
    return Figure("bare uvicorn broadcast", await flood(rooms), "a second")


async def flood(rooms: list[tuple[Callable[[int], None], list[SocketClient]]]) -> float:
    """Deliveries a second while every room gets its messages as fast as it takes them."""

    async def fill(send: Callable[[int], None], members: list[SocketClient]) -> None:
        before = [member.count for member in members]
        sent = 0
        while True:
            got = min(member.count - start for member, start in zip(members, before, strict=True))
            while sent < MESSAGES and sent - got < IN_FLIGHT:
                sent += 1
                send(sent)
            if got >= MESSAGES:
                return
            await asyncio.sleep(0.001)

    begun = time.perf_counter()
    await asyncio.gather(*[fill(send, members) for send, members in rooms])
    elapsed = time.perf_counter() - begun
    for _, members in rooms:
        for member in members:
            member.close()
    return len(rooms) * MEMBERS * MESSAGES / elapsed


bare_rooms: dict[str, set[Callable[[Any], Awaitable[None]]]] = {}


async def bare_app(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """What the server underneath can do: no queue, no user, no order, nothing stored."""
    if scope["type"] != "websocket":
        return
    path = scope["path"]
    await receive()
    await send({"type": "websocket.accept"})
    if path.startswith("/send/"):
        members = bare_rooms[path.removeprefix("/send")]
        while (event := await receive())["type"] == "websocket.receive":
            for member in list(members):
                await member({"type": "websocket.send", "text": event["text"]})
        return
    bare_rooms.setdefault(path, set()).add(send)
    while (await receive())["type"] == "websocket.receive":
        pass
    bare_rooms[path].discard(send)
