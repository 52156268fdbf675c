"""The one clock by which rounds close: the database's, whichever process asks."""

from datetime import datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession


async def now(session: AsyncSession) -> datetime:
    """As it is now, not when the transaction began: it may have waited for a lock since."""
    return cast("datetime", await session.scalar(select(func.clock_timestamp())))
