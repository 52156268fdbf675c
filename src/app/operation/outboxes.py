"""What waits in PostgreSQL for a worker: one query, of which no part counts further than a thousand rows.

Its tables belong to the slices. It reads them here, and not through their services, since none of them needs it.
"""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

COUNTED = 1000
"""Further rows are not counted: that so many wait is all one needs to know."""


class Outbox(Struct):
    """Work that is due or put off, by what it is."""

    name: str
    waiting: int
    """At most 1000 are counted, here as in the next two."""
    retried: int
    """Of these, those that have been tried before."""
    given_up: int
    """What will not be tried again, of those that still stand there."""
    oldest_at: datetime | None
    """Since when the one waits that waits longest."""


# For each outbox: its rows, since when they wait, whether they were tried before, whether they were given up. Rows that
# are settled are left out by the conditions of partial indexes.
SOURCES = {
    "mail": "SELECT created_at, attempts > 0, false FROM outgoing_mail WHERE sent_at IS NULL AND failed_at IS NULL",
    "push": """
        SELECT n.created_at, p.attempts > 0, false FROM pushes p JOIN notifications n ON n.id = p.notification_id
        WHERE p.sent_at IS NULL AND p.failed_at IS NULL
    """,
    "webhook": """
        SELECT coalesce(failing_since, next_attempt_at), failures > 0, disabled_at IS NOT NULL FROM outgoing_webhooks
        WHERE failing_since IS NOT NULL
    """,
    "export": "SELECT requested_at, attempts > 1, failed_at IS NOT NULL FROM exports WHERE ready_at IS NULL",
    "erasure": "SELECT requested_at, false, false FROM erasures WHERE finished_at IS NULL",
    "draw": """
        SELECT closes_at, attempts > 0, false FROM draws
        WHERE drawn_at IS NULL AND voided_at IS NULL AND closes_at <= now()
    """,
}

# Stops at so many rows, so the age of a longer queue is that of the oldest among them.
summary = text(
    " UNION ALL ".join(
        f"""
        SELECT '{name}' AS name, count(*) FILTER (WHERE NOT given_up) AS waiting,
               count(*) FILTER (WHERE retried AND NOT given_up) AS retried,
               count(*) FILTER (WHERE given_up) AS given_up, min(since) FILTER (WHERE NOT given_up) AS oldest_at
        FROM (SELECT * FROM ({rows}) found LIMIT {COUNTED}) AS first_ones (since, retried, given_up)
        """
        for name, rows in SOURCES.items()
    )
)


async def read_outboxes(session: AsyncSession) -> list[Outbox]:
    return [Outbox(**row._mapping) for row in await session.execute(summary)]  # noqa: SLF001  SQLAlchemy's public name
