"""One line to the server at a time: dialled, kept alive, dialled anew when it is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import NoReturn

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from parlour_client.errors import LoggedOut, ParlourError
from parlour_client.frames import Disconnected, Heard, Ready, hear
from parlour_client.pauses import pause
from parlour_client.telling import AnyFrame, Authenticate

OPEN_SECONDS = 10.0
CLOSE_SECONDS = 2.0
PING_SECONDS = 20.0
PONG_SECONDS = 10.0
NO_CODE = 1006
NOT_LOGGED_IN = 4401
FORBIDDEN = 4403
"""Will not be allowed the next time either."""

AHEAD_SECONDS = 60.0
"""How long before its token runs out a line gets a newer one."""
SOONEST_SECONDS = 15.0
"""Between renewals, should our clock be wrong. If it is so the other way, the line is closed, and dialled anew."""

Line = ClientConnection
Dialling = AbstractAsyncContextManager[Line, None]
Dial = Callable[[], Dialling]
encode = msgspec.json.Encoder().encode


class Dialled(Dialling):
    """A line to `/ws`, which the library pings now and then, and gives up when nobody answers.

    Raises what `token` raises.
    """

    def __init__(self, url: str, token: Callable[[], Awaitable[str]]) -> None:
        self._url = url
        self._token = token

    async def __aenter__(self) -> Line:
        self._connecting = connect(
            self._url,
            additional_headers={"Authorization": f"Bearer {await self._token()}"},
            compression=None,
            open_timeout=OPEN_SECONDS,
            close_timeout=CLOSE_SECONDS,
            ping_interval=PING_SECONDS,
            ping_timeout=PONG_SECONDS,
        )
        return await self._connecting.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connecting.__aexit__(kind, error, trace)


class LiveSocket:
    """`opened` is called on each line once it is ready, `heard` for every frame, `lost` when it is gone.

    `renew` has another token; it raises LoggedOut when there is none any more, which ends the socket.
    """

    def __init__(
        self,
        dial: Dial,
        *,
        opened: Callable[[Line], Awaitable[None]],
        heard: Callable[[Heard], None],
        lost: Callable[[Disconnected], None],
        renew: Callable[[], Awaitable[str]],
    ) -> None:
        self._dial = dial
        self._opened = opened
        self._heard = heard
        self._lost = lost
        self._renew = renew
        self._line: asyncio.Future[Line] = asyncio.get_running_loop().create_future()

    async def run(self) -> NoReturn:
        """Keep a line open until cancelled. Raises LoggedOut."""
        attempt = 0
        while True:
            loss = await self._call()
            if self._line.done():
                attempt = 0
                self._line = asyncio.get_running_loop().create_future()
            if loss.code == FORBIDDEN:
                raise LoggedOut("forbidden", detail=loss.reason)
            renewed = loss.code == NOT_LOGGED_IN and await self._renewed()
            loss.retry_seconds = 0.0 if renewed and not attempt else pause(attempt)
            attempt += 1
            self._lost(loss)
            await asyncio.sleep(loss.retry_seconds)

    async def line(self) -> Line:
        """The line that is open, once there is one."""
        return await asyncio.shield(self._line)

    @property
    def is_open(self) -> bool:
        return self._line.done()

    async def tell(self, frame: AnyFrame) -> bool:
        """Whether there was a line for it to leave on. What must arrive is kept by who sends it."""
        if not self.is_open:
            return False
        with suppress(ConnectionClosed):
            await say(self._line.result(), frame)
            return True
        return False

    async def leave(self) -> None:
        """Give up this line for another one."""
        if self.is_open:
            await self._line.result().close()

    def end(self, error: Exception) -> None:
        """Whoever waits for a line has this instead."""
        if self._line.done():
            self._line = asyncio.get_running_loop().create_future()
        self._line.set_exception(error)
        self._line.exception()  # Nobody may wait.

    async def _call(self) -> Disconnected:
        try:
            async with self._dial() as line:
                await self._live(line)
        except ConnectionClosed as closed:
            close = closed.rcvd or closed.sent
            return Disconnected(close.code, close.reason, 0.0) if close else Disconnected(NO_CODE, str(closed), 0.0)
        except (OSError, WebSocketException, TimeoutError) as error:
            return Disconnected(NO_CODE, str(error) or type(error).__name__, 0.0)
        except LoggedOut:
            raise
        except ParlourError as error:  # There was no token to dial with, and may be one the next time.
            return Disconnected(NO_CODE, str(error), 0.0)

    async def _live(self, line: Line) -> NoReturn:
        due: float | None = None
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with asyncio.timeout_at(due):
                    data = await line.recv()
            except TimeoutError:
                due = loop.time() + SOONEST_SECONDS
                if token := await self._renewed():
                    await say(line, Authenticate(token))
                continue
            frame = hear(data)
            if isinstance(frame, Ready):
                due = loop.time() + seconds_left(frame.expires_at) if frame.expires_at else None
                if self._line.done():
                    continue  # It has taken a newer token.
                self._heard(frame)
                self._line.set_result(line)
                await self._opened(line)
            else:
                self._heard(frame)

    async def _renewed(self) -> str | None:
        """None when it cannot be had now."""
        try:
            return await self._renew()
        except LoggedOut:
            raise
        except ParlourError:
            return None


async def say(line: Line, frame: AnyFrame) -> None:
    await line.send(encode(frame).decode())


def seconds_left(expires_at: datetime) -> float:
    left = (expires_at - datetime.now(UTC)).total_seconds()
    return max(left - AHEAD_SECONDS, SOONEST_SECONDS)
