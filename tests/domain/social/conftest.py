"""Somebody on the running server, for questions that change nothing."""

from collections.abc import AsyncIterator

import pytest
from tests.clients import Player
from tests.people import Registry


@pytest.fixture(scope="module")
async def somebody(base_url: str, registry: Registry) -> AsyncIterator[Player]:
    player = Player.let_in(base_url, await registry.enter("somebody"))
    yield player
    await player.http.aclose()
