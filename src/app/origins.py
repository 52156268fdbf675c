"""Which request a piece of work goes back to: its id and its trace, from the API through Redis into a worker."""

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from app import tracing

SANE = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
"""What a client or proxy may call its request. Anything else could forge a log line, or fill one."""

ID_BYTES = 8
NAMED = 5
"""Of a batch's requests, how many a log line names."""

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request that is being answered, or whose work is being done. Empty for what nobody asked for."""


def id_of(given: str) -> str:
    """A request's own name for itself if it is sane, or else a new one."""
    return given if SANE.match(given) else secrets.token_hex(ID_BYTES)


def current() -> str:
    """What is handed on with work: the request's id, and where it is traced, its trace. Empty for nobody's."""
    identity, trace = request_id.get(), tracing.traceparent()
    return f"{identity} {trace}" if trace else identity


def trace_in(origin: str) -> str:
    return origin.partition(" ")[2]


@contextmanager
def doing_work_of(origins: Sequence[str]) -> Iterator[None]:
    """Log lines inside name the requests that the work goes back to."""
    token = request_id.set(",".join([one.partition(" ")[0] for one in origins[:NAMED] if one]))
    try:
        yield
    finally:
        request_id.reset(token)
