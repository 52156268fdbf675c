"""The world of the authorisation matrix, once for all of its tests."""

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.authorisation import made_people, made_things
from tests.authorisation.world import World
from tests.conftest import settings_for

from app.embedded.stack import Stack
from app.resources import open_resources

MAKING = (made_people, made_things)
"""Imported, they are there for rows to name what they make."""


@pytest.fixture(scope="session")
async def world(stack: Stack) -> AsyncIterator[World]:
    settings = settings_for(stack.database_url, stack.redis_url, SECRET_KEY=stack.environment["SECRET_KEY"])
    async with open_resources(settings) as resources, httpx.AsyncClient(base_url=stack.base_url, timeout=20) as http:
        yield await World.set_up(http, resources)
