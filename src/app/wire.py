"""uvicorn's protocol as `parlour web` runs it: HTTP/1.1 with limits to its head, and fewer writes, on sockets too.

A body's limit is Litestar's (`body_limit_bytes`), a frame's is uvicorn's (`frame_limit_bytes`).
"""

import asyncio
from typing import Any, cast

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from websockets.http11 import MAX_LINE_LENGTH, MAX_NUM_HEADERS

from app.errors import AppError
from app.problems import PROBLEM_JSON, Problem

HEAD_BYTES = 32 * 1024
"""The request line and all headers. A cookie jar at its fullest comes near it; nothing honest goes beyond."""

HEAD_SECONDS = 10.0
"""From the opening of the connection, or a request's first byte, to the end of its head."""

LINGER_SECONDS = 1.0
"""How long a refused client may take to stop talking and read why."""

LINE_FRAME = len(b"GET  HTTP/1.1\r\n")
"""What stands on a line beside a path or a header's name and value, at most."""


class NotHttp(AppError):
    status = 400
    code = "not_http"
    detail = "This is not HTTP/1.1."


class HeadTooLong(AppError):
    status = 431
    code = "head_too_long"
    detail = f"The request line and the headers may have {HEAD_BYTES} bytes; a socket's, {MAX_LINE_LENGTH} a line."


class BoundedHttp(HttpToolsProtocol):
    _head = 0
    """Bytes of the head that is being read."""
    _too_long = False
    _refused = False
    """Whatever else comes is thrown away."""
    _patience: asyncio.TimerHandle | None = None
    """Set while a head is being read."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(cast("asyncio.Transport", Cork(transport)))
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if self._patience:
            self._head += len(data)
        super().data_received(data)
        if self._patience and self._head > HEAD_BYTES:
            self._too_long = True
            self.send_400_response("")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if not self._patience:
            self._await_head()

    def on_headers_complete(self) -> None:
        """Also for a head that came all at once. What is raised here ends in `send_400_response`."""
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > HEAD_BYTES:
            self._too_long = True
            raise HeadTooLong
        self._head_is_read()
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        """The socket library reads the head again, within limits of its own, and never answers one beyond them."""
        lines = [self.url, *(name + value for name, value in self.headers)]
        if len(lines) > MAX_NUM_HEADERS or max(map(len, lines)) > MAX_LINE_LENGTH - LINE_FRAME:
            self._too_long = True
            self.send_400_response("")
        else:
            super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's sentence; ours says more
        """Answer what never becomes a request of the application, and hang up."""
        self._head_is_read()
        error = HeadTooLong() if self._too_long else NotHttp()
        body = msgspec.json.encode(Problem.of(error, instance=""))
        head = f"HTTP/1.1 {error.status} \r\ncontent-type: {PROBLEM_JSON}\r\nconnection: close\r\n"
        self.transport.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        self._refused = True
        if self.cycle is not None and not self.cycle.response_complete:  # type: ignore[redundant-expr]  # None at first
            self.transport.close()
            return
        # Closed at once, with bytes of the client's still unread, the connection would be reset, and the answer lost.
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.timeout_keep_alive_handler)

    def _await_head(self) -> None:
        self._head = 0
        self._patience = self.loop.call_later(HEAD_SECONDS, self.timeout_keep_alive_handler)

    def _head_is_read(self) -> None:
        if self._patience:
            self._patience.cancel()
            self._patience = None


class Cork:
    """A transport that gathers what is written in one turn of the event loop, and sends it with one system call.

    A call for each frame is most of what fan-out costs: a room's messages come in batches, and each of its sockets gets
    a whole batch in one turn. An answer's head and body go together as well. uvicorn hands it on to the protocol that a
    connection is upgraded to.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._gathered: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._gathered:
            asyncio.get_running_loop().call_soon(self._flush)
        self._gathered.append(data)

    def write_eof(self) -> None:
        self._flush()
        self._transport.write_eof()

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._gathered:
            self._transport.write(b"".join(self._gathered))
            self._gathered.clear()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  Whatever else a transport has, unchanged.
        return getattr(self._transport, name)
