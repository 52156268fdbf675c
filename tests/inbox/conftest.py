"""A worker's drains, in the test's own process."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from app.resources import Resources, Sessions
from app.workers.drains import Drains, open_drains


@pytest.fixture
def drains(resources: Resources) -> Drains:
    return open_drains(resources)


@pytest.fixture
async def poison(sessions: Sessions) -> AsyncIterator[str]:
    """What PostgreSQL refuses, though it is as good a message as any."""
    async with sessions.begin() as session:
        await session.execute(text("ALTER TABLE messages ADD CONSTRAINT no_poison CHECK (content <> 'poison')"))
    yield "poison"
    async with sessions.begin() as session:
        await session.execute(text("ALTER TABLE messages DROP CONSTRAINT no_poison"))
