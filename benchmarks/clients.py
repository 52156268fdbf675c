"""Load generators that cost little: one asyncio protocol each, no library between them and the socket.

They share two cores with the servers, so what they cost is missing there. That is why they are not `parlour_client`,
which decodes every frame and would lower the figures by its own work. They know just as much HTTP (RFC 9112) and
WebSocket (RFC 6455) as these benchmarks need: keep-alive requests with a Content-Length, and short text frames.
"""

import asyncio
import os
import struct
from base64 import b64encode
from collections.abc import Callable

SHORT = 126
"""The payload length at which RFC 6455, 5.2, goes over to two further bytes."""

TEXT, PING, PONG = 0x81, 0x89, 0x8A

NO_MASK = b"\0\0\0\0"
"""A mask must be there; that of zeros leaves the payload as it is."""


class HttpClient(asyncio.Protocol):
    """One keep-alive connection, one request at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def connect(cls, port: int) -> "HttpClient":
        _, client = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # A TCP transport can write.

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        if len(body) >= length and self._answer:
            self._buffer = body[length:]
            answer, self._answer = self._answer, None
            answer.set_result((int(head[9:12]), body[:length]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError())

    async def get(self, path: str, token: str) -> tuple[int, bytes]:
        """The status and the body of the answer."""
        return await self._ask(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )

    async def post(self, path: str, token: str, body: bytes) -> tuple[int, bytes]:
        """The status and the body of the answer."""
        return await self._ask(
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )

    async def _ask(self, request: bytes) -> tuple[int, bytes]:
        self._answer = asyncio.get_running_loop().create_future()
        assert self._transport
        self._transport.write(request)
        return await self._answer


class SocketClient(asyncio.Protocol):
    """A WebSocket. `heard` is called with the payload of each frame, or counts them when it is left out."""

    def __init__(self, path: str, heard: Callable[[bytes], None] | None = None) -> None:
        self.count = 0
        self._heard = heard
        self._buffer = bytearray()
        self._opening = True
        self._path = path
        self._transport: asyncio.Transport | None = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @classmethod
    async def connect(cls, port: int, path: str, heard: Callable[[bytes], None] | None = None) -> "SocketClient":
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(lambda: cls(path, heard), "127.0.0.1", port)
        await client.opened
        return client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # A TCP transport can write.
        transport.write(  # type: ignore[attr-defined]
            f"GET {self._path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._opening or self._open():
            self._take_frames()

    def _open(self) -> bool:
        """Pass over the answer to the handshake, once it is complete."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        if self._buffer[9:12] != b"101":
            self.opened.set_exception(ConnectionError(bytes(self._buffer[:200])))
            return False
        del self._buffer[: end + 4]
        self._opening = False
        self.opened.set_result(None)
        return True

    def _take_frames(self) -> None:
        buffer = self._buffer
        at, size = 0, len(buffer)
        while size - at >= 4:
            length, body = buffer[at + 1], at + 2
            if length == SHORT:
                length, body = (buffer[at + 2] << 8) | buffer[at + 3], at + 4
            if size < body + length:
                break
            if buffer[at] == TEXT:
                self.count += 1
                if self._heard:
                    self._heard(bytes(buffer[body : body + length]))
            elif buffer[at] == PING:
                self._write(PONG, bytes(buffer[body : body + length]))
            at = body + length
        del buffer[:at]

    def send(self, payload: bytes) -> None:
        self._write(TEXT, payload)

    def _write(self, kind: int, payload: bytes) -> None:
        assert self._transport
        length = len(payload)
        size = bytes([0x80 | length]) if length < SHORT else bytes([0x80 | SHORT]) + struct.pack("!H", length)
        self._transport.write(bytes([kind]) + size + NO_MASK + payload)

    def close(self) -> None:
        assert self._transport
        self._transport.abort()
