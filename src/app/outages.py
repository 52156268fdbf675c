"""Telling an outage from a defect: is PostgreSQL or Redis away, or is our code wrong?"""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.errors import Unavailable

PASSING = (
    "08",  # the connection
    "25P03",  # a transaction that was silent for too long, as a frozen process's is
    "40",  # a deadlock or the like: the same transaction succeeds the next time
    "53",  # connections, memory or disk are used up
    "57P",  # the server starts, stops or crashed
    "58",  # the server's own disk
)
"""SQLSTATEs, by how they begin, under which the same statement may succeed later (PostgreSQL manual, appendix A).

By the code and never by the name: SQLAlchemy hides the class that asyncpg raised, and what is taken for a defect by
mistake costs somebody a message.
"""


def is_outage(error: BaseException) -> bool:
    """Would the same call succeed once the servers are back? Also true while all connections are in use."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or str(getattr(error.orig, "sqlstate", None)).startswith(PASSING)
    return isinstance(error, RedisError | OSError | PoolTimeoutError)


@contextmanager
def named() -> Iterator[None]:
    """Raise Unavailable for an outage inside the block; let everything else through."""
    try:
        yield
    except Exception as error:
        if is_outage(error):
            raise Unavailable from error
        raise
