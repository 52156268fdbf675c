"""The one socket opens: whose it is, and what it holds for as long as it lives."""

import asyncio

from litestar import websocket
from litestar.di import NamedDependency

from app.domain.accounts.guards import Actor, Doorkeeper
from app.domain.accounts.sockets import AnySocket, answered, receive
from app.domain.game.services.board_watches import BoardWatches
from app.domain.live.listeners.answering import LiveSocket, decode
from app.domain.live.rules import (
    INTRODUCTION_SECONDS,
)
from app.domain.live.schemas import (
    Authenticate,
)
from app.domain.presence.services.devices import Devices
from app.domain.presence.services.watching import Watches
from app.errors import AppError
from app.hub.fanout import Hub
from app.inbox.accept import Inbox
from app.problems import read_frame
from app.resources import Resources


@websocket("/ws")
async def everything_socket(
    socket: AnySocket,
    resources: NamedDependency[Resources],
    doorkeeper: NamedDependency[Doorkeeper],
    hub: NamedDependency[Hub],
    inbox: NamedDependency[Inbox],
    devices: NamedDependency[Devices],
    watches: NamedDependency[Watches],
    board_watches: NamedDependency[BoardWatches],
) -> None:
    async with answered(socket, doorkeeper, hub, ask=introduction) as line:
        if line is None:
            return
        with watches.opened(line.outbox) as watch, board_watches.opened(line.outbox) as watch_boards:
            live = LiveSocket(line, resources, doorkeeper, inbox, devices, watch, watch_boards)
            await live.greet()
            await live.answer_frames()


async def introduction(socket: AnySocket, doorkeeper: Doorkeeper) -> Actor | None:
    """Whose token the first frame brings, if it brings one in time."""
    try:
        async with asyncio.timeout(INTRODUCTION_SECONDS):
            data = await receive(socket)
        frame = read_frame(decode, data) if data is not None else None
        return await doorkeeper.recognise_any(frame.token) if isinstance(frame, Authenticate) else None
    except (TimeoutError, AppError):
        return None
