"""An open socket of somebody who is logged in: who they are, for how long, what comes in and what goes out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from litestar import WebSocket

from app.domain.accounts.guards import Actor, Doorkeeper
from app.domain.accounts.scopes import MissingScope, check_operation
from app.errors import AppError, NotLoggedIn
from app.hub.channels import Evicted
from app.hub.fanout import Hub
from app.hub.outbox import Outbox

CLOSE_MALFORMED = 4400
CLOSE_NOT_LOGGED_IN = 4401
CLOSE_FORBIDDEN = 4403

AnySocket = WebSocket[Any, Any, Any]
Ask = Callable[[AnySocket, Doorkeeper], Awaitable[Actor | None]]


class Line:
    """One open socket. Leaves all its channels when it ends; is closed with 4401 when its session or token does."""

    def __init__(self, socket: AnySocket, actor: Actor, hub: Hub) -> None:
        self.actor = actor
        self.outbox = Outbox(actor.id, self._send, self._close)
        self._socket = socket
        self._hub = hub
        self._channels: set[str] = set()
        self._expiry: asyncio.TimerHandle | None = None

    async def join(self, channel: str, *, after: int | None = None, evicted: Evicted | None = None) -> int:
        """Hear a channel, from after a number where one is given. Joining again starts anew."""
        await self.leave(channel)
        self._channels.add(channel)
        return await self._hub.join(channel, self.outbox, after=after, evicted=evicted)

    async def leave(self, channel: str) -> None:
        self._channels.discard(channel)
        await self._hub.leave(channel, self.outbox)

    async def frames(self) -> AsyncIterator[bytes | str]:
        """What the client sends, until it or we close the socket."""
        while (frame := await receive(self._socket)) is not None:
            yield frame

    def prolong(self, actor: Actor) -> None:
        """Stay open until this actor's token expires."""
        if self._expiry:
            self._expiry.cancel()
        if actor.expires_at is None:
            return
        seconds = (actor.expires_at - datetime.now(UTC)).total_seconds()
        self._expiry = asyncio.get_running_loop().call_later(max(0.0, seconds), self.end)

    def end(self) -> None:
        self.outbox.close(CLOSE_NOT_LOGGED_IN, "The session or its token has ended. Log in or refresh, and reconnect.")

    @asynccontextmanager
    async def held(self, doorkeeper: Doorkeeper) -> AsyncIterator[None]:
        """Send what is queued, and watch for the end of the session, for as long as the block runs."""
        doorkeeper.attendance.come(self, self.actor.id)
        doorkeeper.ended.watch(self.actor.session_id, self.end)
        self.prolong(self.actor)
        try:
            async with self.outbox.sending():
                yield
        finally:
            doorkeeper.attendance.go(self, self.actor.id)
            doorkeeper.ended.unwatch(self.actor.session_id, self.end)
            if self._expiry:
                self._expiry.cancel()
            await self._leave_all()

    async def _leave_all(self) -> None:
        for channel in list(self._channels):
            await self.leave(channel)

    async def _send(self, frame: str) -> None:
        await self._socket.send({"type": "websocket.send", "bytes": None, "text": frame})

    async def _close(self, code: int, reason: str) -> None:
        await self._socket.send({"type": "websocket.close", "code": code, "reason": reason})


@asynccontextmanager
async def answered(
    socket: AnySocket, doorkeeper: Doorkeeper, hub: Hub, *, ask: Ask | None = None
) -> AsyncIterator[Line | None]:
    """Accept a socket and find out whose it is.

    None when nobody's, or a bot's whose key does not reach so far: it has then been closed with 4401 or 4403.

    Accepted first, because no browser shows its page why a socket was refused before that. A client that brought no
    credential is asked for one by `ask`, where given.
    """
    await socket.accept()
    actor = await doorkeeper.identify(socket)
    if actor is None and ask and not names_credential(socket):
        actor = await ask(socket, doorkeeper)
    if actor is None:
        await refuse(socket, CLOSE_NOT_LOGGED_IN, NotLoggedIn())
        yield None
        return
    try:
        check_operation(actor.scopes, socket.scope["route_handler"].handler_name)
    except MissingScope as error:
        await refuse(socket, CLOSE_FORBIDDEN, error)
        yield None
        return
    line = Line(socket, actor, hub)
    async with line.held(doorkeeper):
        yield line


def names_credential(socket: AnySocket) -> bool:
    """Did the client itself say who it is? A cookie comes along unasked, with whatever else a page is about to say."""
    return bool({"token", "ticket"} & socket.query_params.keys()) or "authorization" in socket.headers


async def refuse(socket: AnySocket, code: int, error: AppError) -> None:
    await socket.send({"type": "websocket.close", "code": code, "reason": error.detail})


async def receive(socket: AnySocket) -> bytes | str | None:
    """The next frame, text or binary alike; None when the socket has been closed."""
    event: dict[str, Any] = await socket.receive()  # type: ignore[assignment]  # Litestar's union of all events.
    if event["type"] != "websocket.receive":
        return None
    return event.get("text") or event.get("bytes") or ""
