"""The player's socket of the documents A and B: `/ws/game/`. Every result arrives here, whichever way it was played."""

import asyncio

import msgspec
from litestar import websocket
from litestar.di import NamedDependency

from app import outages
from app.domain.accounts.guards import Doorkeeper
from app.domain.accounts.sockets import AnySocket, Line, answered
from app.domain.game.games import number
from app.domain.game.schemas.plays import SocketMove
from app.domain.game.services import submitting
from app.errors import AppError
from app.hub import events
from app.hub.fanout import Hub
from app.inbox.accept import Inbox
from app.problems import error_frame, read_frame

decode = msgspec.json.Decoder(SocketMove).decode


@websocket("/ws/game")
async def game_socket(
    socket: AnySocket, doorkeeper: NamedDependency[Doorkeeper], hub: NamedDependency[Hub], inbox: NamedDependency[Inbox]
) -> None:
    async with answered(socket, doorkeeper, hub) as line:
        if line is None:
            return
        await line.join(events.player(line.actor.id))
        async for data in line.frames():
            try:
                move = read_frame(decode, data)
                with outages.named():
                    await play(line, inbox, move)
            except AppError as error:
                line.outbox.offer(error_frame(error))


async def play(line: Line, inbox: Inbox, move: SocketMove) -> None:
    """Hand a move over. Its result comes as an event, as to every socket of the player; only errors come here."""
    key = move.idempotency_key or submitting.new_key()
    future = await submitting.submit(inbox, line.actor.id, number.game, number.NumberMove(number=move.number), key)

    def complain(settled: "asyncio.Future[bytes]") -> None:
        error = None if settled.cancelled() else settled.exception()
        if isinstance(error, AppError):
            line.outbox.offer(error_frame(error, client_id=move.idempotency_key))

    future.add_done_callback(complain)
