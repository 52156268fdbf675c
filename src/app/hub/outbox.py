"""One socket's bounded queue, emptied by one sender: the only place that writes to a socket once it is open."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from app import metrics

QUEUE_CHARACTERS = 1024 * 1024
"""What may wait for one socket. A socket further behind than this is closed: its client resumes from its position."""

CLOSE_TOO_SLOW = 4408
"""Close code (RFC 6455 leaves 4000-4999 to applications): the reader fell too far behind. Reconnect and resume."""

CLOSE_NORMAL = 1000
CLOSE_INTERNAL = 1011
CLOSE_SECONDS = 1.0
"""How long a socket may take over its closing frame before we let go of it."""

Send = Callable[[str], Awaitable[None]]
Close = Callable[[int, str], Awaitable[None]]


class SocketClosed(ConnectionError):
    """There is nobody left to put frames out for."""


class Outbox:
    """Frames leave in the order they were offered. `offer` never waits, `put` waits for room."""

    __slots__ = ("_close", "_closing", "_frames", "_room", "_send", "_sender", "_waiting", "_wake", "owner")

    def __init__(self, owner: int, send: Send, close: Close) -> None:
        """`owner` is the id of the person at the other end."""
        self.owner = owner
        self._send = send
        self._close = close
        self._frames: deque[str] = deque()
        self._waiting = 0
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._sender: asyncio.Task[None] | None = None
        self._closing: tuple[int, str] | None = None

    def offer(self, frame: str) -> None:
        """Queue a frame, or give the socket up if its queue is full."""
        if self._closing:
            return
        self._frames.append(frame)
        self._waiting += len(frame)
        if self._waiting > QUEUE_CHARACTERS:
            metrics.slow_consumers.inc()
            self.close(CLOSE_TOO_SLOW, "Too slow: reconnect and resume.")
        elif self._waiting > QUEUE_CHARACTERS // 2:
            self._room.clear()
        self._wake.set()

    async def put(self, frame: str) -> None:
        """Queue a frame when there is room: for history, whose pace the reader may set. Raises SocketClosed."""
        await self._room.wait()
        if self._closing:
            raise SocketClosed
        self.offer(frame)

    def close(self, code: int, reason: str) -> None:
        """Drop what waits and close the socket, also when its reader has stopped reading."""
        if self._closing:
            return
        self._closing = (code, reason)
        self._frames.clear()
        self._room.set()
        if self._sender:
            self._sender.cancel()

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Send what is queued, in a task of its own, for as long as the block runs."""
        self._sender = asyncio.create_task(self._run())
        await asyncio.sleep(0)  # A task that is cancelled before its first step would never send the closing frame.
        try:
            yield
        except Exception:
            self.close(CLOSE_INTERNAL, "Something went wrong on our side. Reconnect and resume.")
            raise
        finally:
            self.close(CLOSE_NORMAL, "")
            await asyncio.wait({self._sender}, timeout=CLOSE_SECONDS)
            self._sender.cancel()

    async def _run(self) -> None:
        try:
            await self._send_what_comes()
        except asyncio.CancelledError:
            if not self._closing:
                raise
        except (ConnectionError, RuntimeError):  # The client is gone; its listener notices by itself.
            self._closing = self._closing or (CLOSE_NORMAL, "")
            self._room.set()
            return
        if self._closing:
            with suppress(ConnectionError, RuntimeError):
                await self._close(*self._closing)

    async def _send_what_comes(self) -> None:
        while not self._closing:
            sent = 0
            while self._frames:
                frame = self._frames.popleft()
                await self._send(frame)
                self._waiting -= len(frame)
                sent += 1
            metrics.deliveries.add(sent)
            self._room.set()
            self._wake.clear()
            await self._wake.wait()
