"""Which rounds are to be ended now, and when the next one is; which are to be forgotten."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

ROUNDS_AT_ONCE = 100
FORGOTTEN_AT_ONCE = 10
"""With all their picks."""

# Those of groups that are no more are looked for only where all are looked for: it takes reading every open round.
due_rounds = text("""
    SELECT r.id FROM rounds r JOIN conversations c ON c.id = r.conversation_id
    WHERE r.drawn_at IS NULL AND r.cancelled_at IS NULL AND (r.closes_at <= clock_timestamp() OR c.ended_at IS NOT NULL)
    ORDER BY r.closes_at LIMIT :limit
""")

just_due = text("""
    SELECT id FROM rounds
    WHERE drawn_at IS NULL AND cancelled_at IS NULL
      AND closes_at <= clock_timestamp() AND closes_at > clock_timestamp() - CAST(:within AS interval)
    ORDER BY closes_at LIMIT :limit
""")

next_due = text("""
    SELECT extract(epoch FROM min(closes_at) - clock_timestamp()) FROM rounds
    WHERE drawn_at IS NULL AND cancelled_at IS NULL AND closes_at > clock_timestamp() - CAST(:within AS interval)
""")

forget_some = text("""
    DELETE FROM rounds WHERE id IN (
        SELECT r.id FROM conversations c JOIN rounds r ON r.conversation_id = c.id
        WHERE c.ended_at IS NOT NULL AND (r.drawn_at IS NOT NULL OR r.cancelled_at IS NOT NULL) LIMIT :limit
    )
    RETURNING id
""")

forget_chains = text("""
    DELETE FROM round_chains chain USING conversations c
    WHERE c.id = chain.conversation_id AND c.ended_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM rounds WHERE chain_id = chain.id)
""")


async def to_end(session: AsyncSession, within: timedelta | None = None) -> Sequence[int]:
    """Rounds to be ended, the earliest first: those due within the last moments, or all, of ended groups too."""
    if within is None:
        return (await session.scalars(due_rounds, {"limit": ROUNDS_AT_ONCE})).all()
    return (await session.scalars(just_due, {"limit": ROUNDS_AT_ONCE, "within": within})).all()


async def until_next(session: AsyncSession, within: timedelta) -> float | None:
    """In how many seconds a round closes; 0 or less where one of the last moments still stands."""
    seconds = await session.scalar(next_due, {"within": within})
    return None if seconds is None else float(seconds)


async def forget(session: AsyncSession) -> bool:
    """Some rounds of groups that are no more, and chains without rounds. Whether to come back for others."""
    forgotten = (await session.scalars(forget_some, {"limit": FORGOTTEN_AT_ONCE})).all()
    await session.execute(forget_chains)
    return len(forgotten) == FORGOTTEN_AT_ONCE
