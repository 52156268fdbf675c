"""An API process's inbox and a worker's drains, on real servers, in one test process."""

from collections.abc import AsyncIterator

import pytest
from tests.conftest import Newcomer

from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.journal import MessageJournal
from app.hub.fanout import Hub
from app.inbox.accept import Inbox
from app.resources import Resources, Sessions, running
from app.workers.broker import open_broker
from app.workers.drains import Drains, bells, open_drains

BACKLOG = 2000


@pytest.fixture
async def inbox(resources: Resources, clean: None) -> AsyncIterator[Inbox]:
    broker = open_broker(resources.settings.redis_url)
    inbox = Inbox(resources.redis, bells(broker), backlog=BACKLOG, patience=5)
    hub = Hub(resources.redis, MessageJournal(resources.sessions))
    hub.listen(inbox.channel, inbox.deliver)
    async with running(hub.run()):
        await hub.connected()
        yield inbox
    await broker.shutdown()


@pytest.fixture
def drains(resources: Resources) -> Drains:
    return open_drains(resources)


@pytest.fixture
async def conversation(newcomer: Newcomer, sessions: Sessions) -> int:
    """The one-to-one chat of alice, who is user 1, and bob, who is user 2."""
    alice, bob = await newcomer("alice"), await newcomer("bob")
    async with sessions.begin() as session:
        opened, _ = await Conversations(session=session).open_direct(alice, bob)
    return opened.id
