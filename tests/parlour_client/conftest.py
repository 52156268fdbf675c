"""People at a running Parlour, through the client; some of them on a cable that can be pulled out."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import uuid4

import pytest
from tests.parlour_client.cable import Cable
from tests.people import PASSWORD

from parlour_client import Client, Person

Enter = Callable[..., Awaitable[tuple[Client, Person]]]


@dataclass
class Chat:
    """Two people, and the conversation that they have."""

    id: int
    ada: Client
    """On the cable."""
    ben: Client
    people: tuple[Person, Person]


@pytest.fixture
async def cable(base_url: str) -> AsyncIterator[Cable]:
    async with Cable.laid(base_url) as laid:
        yield laid


@pytest.fixture
async def enter(base_url: str) -> AsyncIterator[Enter]:
    """A newcomer whose username begins with a name, logged in."""
    async with AsyncExitStack() as stack:

        async def entered(name: str, url: str = base_url) -> tuple[Client, Person]:
            client = await stack.enter_async_context(Client(url))
            username = f"{name}-{uuid4().hex[:10]}"
            await client.register(username, PASSWORD)
            return client, await client.log_in(username, PASSWORD)

        yield entered


@pytest.fixture
async def chat(enter: Enter, cable: Cable) -> Chat:
    (ada, her), (ben, his) = await enter("ada", cable.url), await enter("ben")
    return Chat((await ada.talk_to(his.id)).id, ada, ben, (her, his))
