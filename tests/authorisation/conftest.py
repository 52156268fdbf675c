"""The world of the authorisation matrix, once for all of its tests."""

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.authorisation import made_people, made_things
from tests.authorisation.world import World
from tests.people import Registry

from app.resources import Resources

MAKING = (made_people, made_things)
"""Imported, they are there for rows to name what they make."""


@pytest.fixture(scope="session")
async def world(base_url: str, resources_of_stack: Resources, registry: Registry) -> AsyncIterator[World]:
    async with httpx.AsyncClient(base_url=base_url, timeout=20) as http:
        yield await World.set_up(http, resources_of_stack, registry)
