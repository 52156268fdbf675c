"""The queues as staff read them. What does not answer is left out, and named."""

from datetime import UTC, datetime

from msgspec import Struct
from redis.exceptions import RedisError

from app.domain.lottery.services.alerts import count_overdue
from app.operation.inboxes import Inboxes, read_inboxes
from app.operation.outboxes import Outbox, read_outboxes
from app.outages import is_outage
from app.resources import Resources


class Queues(Struct):
    """What waits, since when, and who is at work on it."""

    at: datetime
    inboxes: Inboxes | None
    """None while Redis does not answer."""
    outboxes: list[Outbox] | None
    """None while PostgreSQL does not answer, as the next."""
    draws_overdue: int | None
    """Draws that should have been held by now."""


async def read_queues(resources: Resources) -> Queues:
    now = datetime.now(UTC)
    return Queues(now, await inboxes_of(resources), *await stored_of(resources, now))


async def inboxes_of(resources: Resources) -> Inboxes | None:
    try:
        return await read_inboxes(resources.redis)
    except (RedisError, OSError, TimeoutError):
        return None


async def stored_of(resources: Resources, now: datetime) -> tuple[list[Outbox] | None, int | None]:
    try:
        async with resources.sessions() as session:
            return await read_outboxes(session), await count_overdue(session, now)
    except Exception as error:
        if is_outage(error):
            return None, None
        raise
