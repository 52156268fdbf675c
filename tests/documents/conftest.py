"""The documents' own requests, sent to a whole running Parlour. Their people have to be free to register first."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from app.embedded.stack import Stack

NAMES = ["alice", "johndoe", "janedoe", "test_user"]


@pytest.fixture(scope="module")
async def free_names(stack: Stack) -> None:
    """Whoever already has a document's name takes another one, so that each document finds the world as it expects."""
    database = await asyncpg.connect(stack.database_url.replace("+asyncpg", ""))
    try:
        await database.execute(
            "UPDATE users SET username = 'former-' || id, email = NULL WHERE lower(username) = ANY($1)", NAMES
        )
    finally:
        await database.close()


@pytest.fixture(scope="module")
async def http(base_url: str, free_names: None) -> AsyncIterator[httpx.AsyncClient]:
    """As curl has it: no token. What a login answers with as cookies is kept, as with `-c cookies.txt`."""
    async with httpx.AsyncClient(base_url=base_url, timeout=10) as client:
        yield client


@pytest.fixture(scope="session")
def ws_url(base_url: str) -> str:
    return base_url.replace("http", "ws", 1)


@pytest.fixture(params=["", "/"], ids=["", "slash"])
def slash(request: pytest.FixtureRequest) -> str:
    """Every path answers with and without it."""
    return str(request.param)
