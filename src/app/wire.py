"""uvicorn's HTTP/1.1, with limits to a request's head: by itself, it reads one of any length, for any time.

A body's limit is Litestar's (`body_limit_bytes`), a frame's is uvicorn's (`frame_limit_bytes`).
"""

import asyncio
from http import HTTPStatus

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.problems import PROBLEM_JSON, Problem

HEAD_BYTES = 32 * 1024
"""The request line and all headers. A cookie jar at its fullest comes near it; nothing honest goes beyond."""

HEAD_SECONDS = 10.0
"""From the opening of the connection, or a request's first byte, to the end of its head."""


class HeadTooLong(ValueError):
    pass


class BoundedHttp(HttpToolsProtocol):
    _head = 0
    """Bytes of the head that is being read."""
    _patience: asyncio.TimerHandle | None = None
    """Set while a head is being read."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._patience:
            self._head += len(data)
        super().data_received(data)
        if self._patience and self._head > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if not self._patience:
            self._await_head()

    def on_headers_complete(self) -> None:
        """Also for a head that came all at once. What is raised here ends in `send_400_response`."""
        self._head = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if self._head > HEAD_BYTES:
            raise HeadTooLong
        self._head_is_read()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's sentence; ours says more
        """Answer what never becomes a request of the application, and hang up."""
        self._head_is_read()
        too_long = self._head > HEAD_BYTES
        status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE if too_long else HTTPStatus.BAD_REQUEST
        body = msgspec.json.encode(
            Problem(
                type=f"urn:parlour:problem:{'head_too_long' if too_long else 'not_http'}",
                title=status.phrase,
                status=status,
                code="head_too_long" if too_long else "not_http",
                detail=f"The request's head has more than {HEAD_BYTES} bytes." if too_long else "This is not HTTP.",
                instance="",
            )
        )
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: {PROBLEM_JSON}\r\nconnection: close\r\n"
        self.transport.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        self.transport.close()

    def _await_head(self) -> None:
        self._head = 0
        self._patience = self.loop.call_later(HEAD_SECONDS, self.timeout_keep_alive_handler)

    def _head_is_read(self) -> None:
        if self._patience:
            self._patience.cancel()
            self._patience = None
