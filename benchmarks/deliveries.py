"""How many frames a second reach many sockets: rooms of 100, or a group of 10,000 with 1,000 there.

Through all of Parlour, and through bare uvicorn.
"""

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


@dataclass(frozen=True)
class Size:
    rooms: int
    online: int
    """Sockets in each room."""
    members: int
    messages: int
    """To each room, in all."""


ROOMS = Size(rooms=5, online=100, members=100, messages=2000)
CROWD = Size(rooms=1, online=1000, members=10_000, messages=500)

IN_FLIGHT = 100
"""Messages of one room that not everyone in it has got yet."""


@dataclass(frozen=True)
class Room:
    members: list[SocketClient]
    send: Callable[[int], None]
    """Sends the message with this number to all of them."""


async def deliveries(world: World, size: Size) -> Figure:
    """Each message is stored first, as always."""
    rooms = []
    for room in range(size.rooms):
        people = list(range(room * size.members + 1, (room + 1) * size.members + 1))
        conversation = await world.conversation(people)
        members = []
        for user_id in people[: size.online]:
            member = await SocketClient.connect(world.port, f"/ws?token={world.token(user_id)}")
            member.send(b'{"type":"subscribe","conversation_id":%d}' % conversation)
            members.append(member)
        while any(member.count < 2 for member in members):
            await asyncio.sleep(0.01)
        sender = await SocketClient.connect(world.port, f"/ws?token={world.token(people[0])}")

        rooms.append(Room(members, partial(send, sender, conversation)))
    rate = await flood(rooms, size.messages)
    what = f"deliveries to {size.rooms * size.online} sockets in rooms of {size.members:,}"
    return Figure(what, rate, "a second")


async def bare_broadcast(port: int, size: Size) -> Figure:
    """The same frames to as many sockets, from `bare_app` below."""
    frame = b'{"type":"message","message_id":1,"message":"%s","sender_id":1,"sender":"user1",' % BODY.encode() + (
        b'"timestamp":"2026-11-20T00:00:00.000000Z","conversation_id":1,"client_id":"1"}'
    )
    rooms = []
    for room in range(size.rooms):
        name = f"{size.members}-{room}"
        members = [await SocketClient.connect(port, f"/{name}") for _ in range(size.online)]
        sender = await SocketClient.connect(port, f"/send/{name}")
        rooms.append(Room(members, partial(repeat, sender, frame)))
    rate = await flood(rooms, size.messages)
    return Figure(f"bare uvicorn broadcast to {size.rooms * size.online}", rate, "a second")


def send(sender: SocketClient, conversation: int, number: int) -> None:
    sender.send(
        b'{"type":"send","conversation_id":%d,"client_id":"%d","message":"%s"}' % (conversation, number, BODY.encode())
    )


def repeat(sender: SocketClient, frame: bytes, _number: int) -> None:
    sender.send(frame)


async def flood(rooms: list[Room], messages: int) -> float:
    """Deliveries a second while every room gets its messages as fast as it takes them."""
    begun = time.perf_counter()
    await asyncio.gather(*[fill(room, messages) for room in rooms])
    elapsed = time.perf_counter() - begun
    for room in rooms:
        for member in room.members:
            member.close()
    return sum(len(room.members) for room in rooms) * messages / elapsed


async def fill(room: Room, messages: int) -> None:
    before = [member.count for member in room.members]
    sent = got = 0
    while got < messages:
        got = min(member.count - start for member, start in zip(room.members, before, strict=True))
        while sent < messages and sent - got < IN_FLIGHT:
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
