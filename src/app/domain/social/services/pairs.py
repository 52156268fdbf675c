"""Two people as a pair, whoever is named first."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# On the pair, because a row of theirs may not be there yet. Pairs whose hash is the same merely wait for each other.
lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:pair, 0))")


def pair(one: int, other: int) -> tuple[int, int]:
    """Two people in the order in which what they share is filed."""
    return (one, other) if one < other else (other, one)


async def take_turns(session: AsyncSession, one: int, other: int) -> None:
    """Wait for everybody else who changes something between these two, until the end of the transaction.

    What is read after it is what they committed. For one pair in a transaction: two would need an order of their own.
    """
    low, high = pair(one, other)
    await session.execute(lock, {"pair": f"pair of people {low} {high}"})
