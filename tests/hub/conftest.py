"""A hub that hears a real Redis and reads a real PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from app.domain.chat.services.journal import MessageJournal
from app.hub.fanout import Hub
from app.resources import Resources, running


@pytest.fixture
async def hub(resources: Resources, clean: None) -> AsyncIterator[Hub]:
    hub = Hub(resources.redis, MessageJournal(resources.sessions))
    hub.listen("test", lambda _: None)
    async with running(hub.run()):
        await hub.connected()
        yield hub
