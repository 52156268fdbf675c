"""How many frames a second reach 500 sockets in rooms of 100: through all of Parlour, and through bare uvicorn."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.clients import SocketClient
from benchmarks.figures import Figure
from benchmarks.sends import BODY
from benchmarks.world import World

ROOMS, MEMBERS = 5, 100
MESSAGES = 2000
"""To each room, in all."""

IN_FLIGHT = 100
"""Messages of one room that not everyone in it has got yet."""


@dataclass(frozen=True)
class Room:
    members: list[SocketClient]
    send: Callable[[int], None]
    """Sends the message with this number to all of them."""


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

        rooms.append(Room(members, partial(send, sender, conversation)))
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
        rooms.append(Room(members, partial(repeat, sender, frame)))
    return Figure("bare uvicorn broadcast", await flood(rooms), "a second")


def send(sender: SocketClient, conversation: int, number: int) -> None:
    sender.send(
        b'{"type":"send","conversation_id":%d,"client_id":"%d","message":"%s"}' % (conversation, number, BODY.encode())
    )


def repeat(sender: SocketClient, frame: bytes, _number: int) -> None:
    sender.send(frame)


async def flood(rooms: list[Room]) -> float:
    """Deliveries a second while every room gets its messages as fast as it takes them."""
    begun = time.perf_counter()
    await asyncio.gather(*[fill(room) for room in rooms])
    elapsed = time.perf_counter() - begun
    for room in rooms:
        for member in room.members:
            member.close()
    return len(rooms) * MEMBERS * MESSAGES / elapsed


async def fill(room: Room) -> None:
    before = [member.count for member in room.members]
    sent = got = 0
    while got < MESSAGES:
        got = min(member.count - start for member, start in zip(room.members, before, strict=True))
        while sent < MESSAGES and sent - got < IN_FLIGHT:
            sent += 1
            room.send(sent)
        await asyncio.sleep(0.001)


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
