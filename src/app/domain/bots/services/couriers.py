"""The courier: one request to a receiver, for what it is worth."""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from time import perf_counter
from typing import Self

import httpcore

from app.outbound import posting
from app.outbound.posting import NoPublicAddress, Outbound, open_outbound

SUCCESS = range(200, 300)
AGENT = f"Parlour/{version('parlour')}"


@dataclass(frozen=True)
class Answer:
    """`problem` where there was no answer, in words that tell nothing about our network."""

    milliseconds: int
    status: int | None = None
    problem: str | None = None

    @property
    def is_good(self) -> bool:
        return self.status in SUCCESS


class Courier:
    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound

    @classmethod
    @asynccontextmanager
    async def at_work(cls, *, inside: bool) -> AsyncIterator[Self]:
        """With its connections. `inside`: also to addresses of our own network."""
        async with open_outbound(inside=inside) as outbound:
            yield cls(outbound)

    async def carry(self, url: str, body: str, headers: Mapping[str, str]) -> Answer:
        """Never fails: whatever goes wrong is an answer."""
        ours = {"content-type": "application/json", "user-agent": AGENT, **headers}
        began = perf_counter()
        status, problem = None, None
        try:
            status = (await self._outbound.post(url, headers=ours, content=body.encode())).status
        except Exception as error:  # noqa: BLE001  a receiver's trouble, of whatever kind, is not ours
            problem = in_words(error)
        return Answer(round((perf_counter() - began) * 1000), status, problem)


def in_words(error: Exception) -> str:
    match error:
        case TimeoutError() | httpcore.TimeoutException():
            return f"No answer within {posting.PATIENCE_SECONDS:.0f} seconds."
        case NoPublicAddress():
            return "The host has no public address."
        case httpcore.ConnectError() if isinstance(error.__cause__ or error.__context__, ssl.SSLError):
            return "The host's certificate is not good."
        case httpcore.ConnectError():
            return "The host could not be reached."
        case _:
            return "The connection broke, or the answer was not HTTP."
