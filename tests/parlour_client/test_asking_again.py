"""A subscription that was refused for a moment is asked for again: once, whatever becomes of the line meanwhile."""

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from parlour_client import Client

pytestmark = pytest.mark.anyio
CONVERSATION = 7
RETRY_SECONDS = 1
READY = {"type": "ready", "user_id": 1, "username": "ada", "expires_at": None}
AWAY = {
    "type": "error",
    "code": "unavailable",
    "error": "Try again in a moment.",
    "client_id": None,
    "conversation_id": CONVERSATION,
    "retry_after": RETRY_SECONDS,
}


async def test_by_the_next_line_itself_if_the_one_that_was_refused_is_gone() -> None:
    """Here the server is the test: it takes its time over an answer, in which the second question would come."""
    asked: list[list[dict[str, Any]]] = []

    async def answer(line: ServerConnection) -> None:
        mine: list[dict[str, Any]] = []
        asked.append(mine)
        await line.send(json.dumps(READY))
        async for frame in line:
            mine.append(json.loads(frame))
            if len(asked) == 1:
                await line.send(json.dumps(AWAY))
                await line.close()

    async with serve(answer, "127.0.0.1", 0) as server:
        [listener] = server.sockets
        async with Client(f"http://127.0.0.1:{listener.getsockname()[1]}", token="a key") as client:
            subscribing = asyncio.create_task(client.subscribe(CONVERSATION, after=3))
            async with asyncio.timeout(10):
                while len(asked) < 2 or not asked[1]:
                    await asyncio.sleep(0.05)
            await asyncio.sleep(RETRY_SECONDS)
            subscribing.cancel()
    assert [[frame["type"] for frame in line] for line in asked] == [["subscribe"], ["subscribe"]]
