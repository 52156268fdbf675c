"""Somebody on the running server, for questions that change nothing."""

from collections.abc import AsyncIterator

import pytest
from tests.clients import Player


@pytest.fixture(scope="module")
async def somebody(base_url: str) -> AsyncIterator[Player]:
    player = await Player.register(base_url, "somebody")
    yield player
    await player.http.aclose()
