"""One GET of a small answer from an address that the operator has named. It may be inside our own network."""

import asyncio

import httpcore

from app.outbound.posting import PATIENCE_SECONDS

OK = 200


class NotFetched(Exception):
    """Why there is no answer."""


async def fetch(url: str, *, limit: int) -> bytes:
    """The body, of at most so many bytes. Follows no redirect. Raises NotFetched."""
    try:
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            httpcore.AsyncConnectionPool(max_connections=1) as pool,
            pool.stream("GET", url) as response,
        ):
            if response.status != OK:
                raise NotFetched(f"{url} answers {response.status}")
            body = b""
            async for chunk in response.aiter_stream():
                body += chunk
                if len(body) > limit:
                    raise NotFetched(f"{url} answers more than {limit} bytes")
            return body
    except (TimeoutError, OSError, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise NotFetched(f"{url}: {error!r}") from error
    except httpcore.UnsupportedProtocol as error:
        raise NotFetched(f"{url}: {error}") from error
