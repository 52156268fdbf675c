"""Telling an outage from a defect: is PostgreSQL or Redis away, or is our code wrong?"""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.errors import Unavailable

RESTARTING = (
    "CannotConnectNowError",
    "AdminShutdownError",
    "CrashShutdownError",
    "IdleInTransactionSessionTimeoutError",
)
"""asyncpg's names for a server that is starting, stopping, or ended our transaction; SQLAlchemy wraps them."""


def is_outage(error: BaseException) -> bool:
    """Would the same call succeed once the servers are back? Also true while all connections are in use."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or any(name in repr(error.orig) for name in RESTARTING)
    return type(error).__name__ in RESTARTING or isinstance(error, RedisError | OSError | PoolTimeoutError)


@contextmanager
def named() -> Iterator[None]:
    """Raise Unavailable for an outage inside the block; let everything else through."""
    try:
        yield
    except Exception as error:
        if is_outage(error):
            raise Unavailable from error
        raise
