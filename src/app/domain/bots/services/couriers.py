"""The courier: one request to a receiver, for what it is worth.

Where it goes was said by a user, so it goes to public addresses alone (OWASP, Server-Side Request Forgery Prevention).
The address is looked at when the connection to it is made, not before: a name may mean another one a moment later.
httpcore and not httpx, because it lets us make the connection, and because it follows no redirect and reads no
variable of the environment.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import ip_address
from time import perf_counter
from typing import Self

import httpcore

from app.domain.bots.rules import is_public

PATIENCE_SECONDS = 10.0
"""For a whole delivery, from the name's lookup to the end of the answer."""

ANSWER_BYTES = 64 * 1024
"""What is read of an answer, so that its connection can serve again. Nothing of it is kept."""

CONNECTIONS = 32
IDLE_SECONDS = 30.0
SUCCESS = range(200, 300)
AGENT = f"Parlour/{version('parlour')}"


class NoPublicAddress(httpcore.ConnectError):
    pass


@dataclass(frozen=True)
class Answer:
    """`problem` where there was no answer, in words that tell nothing about our network."""

    milliseconds: int
    status: int | None = None
    problem: str | None = None

    @property
    def is_good(self) -> bool:
        return self.status in SUCCESS


class PublicNetwork(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses only."""

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
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
        except OSError as error:
            raise httpcore.ConnectError from error
        addresses = [one for one in dict.fromkeys(str(entry[4][0]) for entry in found) if is_public(ip_address(one))]
        trouble: Exception = NoPublicAddress()
        for address in addresses:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble


class Courier:
    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool

    @classmethod
    @asynccontextmanager
    async def at_work(cls, *, inside: bool) -> AsyncIterator[Self]:
        """With its connections. `inside`: also to addresses of our own network."""
        pool = httpcore.AsyncConnectionPool(
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=httpcore.AnyIOBackend() if inside else PublicNetwork(),
        )
        async with pool:
            yield cls(pool)

    async def carry(self, url: str, body: str, headers: Mapping[str, str]) -> Answer:
        """Never fails: whatever goes wrong is an answer."""
        began = perf_counter()
        status, problem = None, None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                status = await self._post(url, body, headers)
        except Exception as error:  # noqa: BLE001  a receiver's trouble, of whatever kind, is not ours
            problem = in_words(error)
        return Answer(round((perf_counter() - began) * 1000), status, problem)

    async def _post(self, url: str, body: str, headers: Mapping[str, str]) -> int:
        ours = [("content-type", "application/json"), ("user-agent", AGENT), *headers.items()]
        async with self._pool.stream("POST", url, headers=ours, content=body.encode()) as response:
            read = 0
            async for chunk in response.aiter_stream():
                read += len(chunk)
                if read > ANSWER_BYTES:
                    break
            return int(response.status)


def in_words(error: Exception) -> str:
    match error:
        case TimeoutError() | httpcore.TimeoutException():
            return f"No answer within {PATIENCE_SECONDS:.0f} seconds."
        case NoPublicAddress():
            return "The host has no public address."
        case httpcore.ConnectError() if isinstance(error.__cause__ or error.__context__, ssl.SSLError):
            return "The host's certificate is not good."
        case httpcore.ConnectError():
            return "The host could not be reached."
        case _:
            return "The connection broke, or the answer was not HTTP."
