"""The connections of a process to addresses that users have named, and one POST over them.

Where a request goes was said by a user, so it goes to public addresses alone (OWASP, Server-Side Request Forgery
Prevention). The address is looked at when the connection to it is made, not before: a name may mean another one a
moment later. httpcore and not httpx, because it lets us make the connection, and because it follows no redirect and
reads no variable of the environment.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address

import httpcore

from app.outbound.addresses import is_public, why_refused

PATIENCE_SECONDS = 10.0
"""For a whole request, from the name's lookup to the end of the answer."""

ANSWER_BYTES = 64 * 1024
"""What is read of an answer, so that its connection can serve again. Nothing of it is kept."""

CONNECTIONS = 32
IDLE_SECONDS = 30.0


class NoPublicAddress(httpcore.ConnectError):
    pass


@dataclass(frozen=True)
class Answer:
    status: int
    retry_after: str
    """As the header has it; empty without one."""


class Outbound:
    def __init__(self, pool: httpcore.AsyncConnectionPool, *, inside: bool) -> None:
        self._pool = pool
        self._inside = inside

    async def post(self, url: str, *, headers: Mapping[str, str], content: bytes) -> Answer:
        """Raises NoPublicAddress, TimeoutError, and httpcore's errors when there is no answer in HTTP."""
        if refusal := why_refused(url, inside=self._inside):
            raise NoPublicAddress(refusal)
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            self._pool.stream("POST", url, headers=list(headers.items()), content=content) as response,
        ):
            read = 0
            async for chunk in response.aiter_stream():
                read += len(chunk)
                if read > ANSWER_BYTES:
                    break
            given = {name.lower(): value for name, value in response.headers}
            return Answer(response.status, given.get(b"retry-after", b"").decode("latin-1"))


@asynccontextmanager
async def open_outbound(*, inside: bool) -> AsyncIterator[Outbound]:
    """`inside`: also to addresses of our own network, and unencrypted."""
    pool = httpcore.AsyncConnectionPool(
        max_connections=CONNECTIONS,
        max_keepalive_connections=CONNECTIONS,
        keepalive_expiry=IDLE_SECONDS,
        network_backend=httpcore.AnyIOBackend() if inside else PublicNetwork(),
    )
    async with pool:
        yield Outbound(pool, inside=inside)


class PublicNetwork(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses only. TLS still checks the certificate of the name that was asked for."""

    def __init__(self) -> None:
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's own
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """To the first address that answers. Raises NoPublicAddress, ConnectError."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError from error
        addresses = [one for one in dict.fromkeys(str(entry[4][0]) for entry in found) if is_public(ip_address(one))]
        trouble: Exception = NoPublicAddress("The host has no public address.")
        for address in addresses:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble
