"""Requests to addresses that users have named. They reach the public internet, and nothing of ours (OWASP, SSRF).

A name is resolved once, each address is judged, and the connection is made to one that passed: so a name that points
elsewhere a moment later changes nothing. Redirects are not followed, proxies from the environment are not used.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpcore

PATIENCE_SECONDS = 10.0
"""For a whole request: resolving, connecting, TLS, sending, and the answer's head."""

IDLE_SECONDS = 60.0
CONNECTIONS = 100
"""Kept open to be used again for so long, and so many at once."""

BODY_BYTES = 16 * 1024
"""Of an answer that are read, so that its connection can be used again. A longer one costs its connection."""

NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an IPv4 address, which a gateway of ours might well reach."""


class AddressRefused(ConnectionError):
    """The address is not on the public internet, or not one for requests."""


@dataclass(frozen=True)
class Answer:
    """What matters of it. Nobody here has a use for the body."""

    status: int
    retry_after: str


class Outbound:
    """The connections of one process. `private_hosts` lifts all restrictions, for tests and development."""

    def __init__(self, *, private_hosts: bool) -> None:
        self._private_hosts = private_hosts
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=httpcore.AnyIOBackend() if private_hosts else PublicNetwork(),
        )

    async def post(self, url: str, *, headers: Mapping[str, str], content: bytes) -> Answer:
        """Raises AddressRefused, TimeoutError, and httpcore's errors when nobody answers in HTTP."""
        if refusal := why_refused(url, private_hosts=self._private_hosts):
            raise AddressRefused(refusal)
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            self._pool.stream("POST", url, headers=list(headers.items()), content=content) as response,
        ):
            given = {name.lower(): value for name, value in response.headers}
            await drain(response)
            return Answer(response.status, given.get(b"retry-after", b"").decode("latin-1"))

    async def aclose(self) -> None:
        await self._pool.aclose()


@asynccontextmanager
async def open_outbound(*, private_hosts: bool) -> AsyncIterator[Outbound]:
    outbound = Outbound(private_hosts=private_hosts)
    try:
        yield outbound
    finally:
        await outbound.aclose()


class PublicNetwork(httpcore.AnyIOBackend):
    """Connects to public addresses only. TLS still checks the certificate of the name that was asked for."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's own
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """To the first public address of the host that answers. Raises AddressRefused when it has none."""
        failure: Exception = AddressRefused(f"{host} has no public address")
        for address in await resolve(host, port):
            if not is_public(address):
                continue
            try:
                return await super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


async def drain(response: httpcore.Response) -> None:
    read = 0
    async for chunk in response.aiter_stream():
        read += len(chunk)
        if read > BODY_BYTES:
            return


async def resolve(host: str, port: int) -> list[str]:
    """A host's addresses, in the order in which to try them. Raises OSError for a name that does not exist."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def why_refused(url: str, *, private_hosts: bool) -> str | None:
    """What is wrong with an address, as far as it can be seen without resolving it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "The address cannot be read."
    if parts.scheme != "https" and not (private_hosts and parts.scheme == "http"):
        return "The address must begin with https://."
    if not host or parts.username is not None or parts.fragment:
        return "The address must name a host, and neither a user nor a fragment."
    if private_hosts or not looks_numeric(host) or is_public(host):
        return None
    return "The address must be on the public internet."


def looks_numeric(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Also of an IPv4 address inside an IPv6 one: mapped, of 6to4, or of NAT64."""
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        from_nat64 = IPv4Address(parsed.packed[-4:]) if parsed in NAT64 else None
        parsed = parsed.ipv4_mapped or parsed.sixtofour or from_nat64 or parsed
    return parsed.is_global and not parsed.is_multicast
