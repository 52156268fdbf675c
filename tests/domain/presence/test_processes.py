"""Two API processes of a whole Parlour. The last test kills one of them, and does not revive it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from redis.asyncio import Redis
from tests.clients import Player, Socket
from websockets.asyncio.client import connect

from app import migrating
from app.domain.presence.rules import State
from app.embedded.stack import Shape, Stack
from app.embedded.temporary import temporary_stack

pytestmark = pytest.mark.anyio

LEASE = 1.5
ENOUGH = 20.0
"""Seconds for what takes two, on a machine that has other things to do."""


@pytest.fixture(scope="module")
def pair() -> Iterator[Stack]:
    """Its API processes are believed for a second and a half after their last word, not for fifteen."""
    with temporary_stack(
        migrating.upgrade_now,
        Shape(web=2),
        PARLOUR_PRESENCE_LEASE_SECONDS=str(LEASE),
        PARLOUR_REQUESTS_PER_MINUTE="0",
        PARLOUR_ATTEMPTS_PER_MINUTE="0",
    ) as started:
        yield started


@pytest.fixture
async def people(pair: Stack) -> AsyncIterator[tuple[Player, Player]]:
    """Alice and Bob, who are in a conversation."""
    alice, bob = [await Player.register(pair.base_url, name) for name in ("alice", "bob")]
    await alice.talk_to(bob)
    yield alice, bob
    for player in (alice, bob):
        await player.http.aclose()


@asynccontextmanager
async def socket_at(base_url: str, player: Player) -> AsyncIterator[Socket]:
    async with connect(f"{base_url.replace('http', 'ws', 1)}/ws?token={player.access}") as connection:
        socket = Socket(connection)
        await socket.until("ready")
        yield socket


async def seen(socket: Socket, player: Player, *states: State) -> None:
    """The next that the socket hears of somebody, in this order and without anything in between."""
    async with asyncio.timeout(ENOUGH):
        for state in states:
            (heard,) = (await socket.until("presence"))["people"]
            assert (heard["user_id"], heard["state"]) == (player.id, state)


@pytest.mark.slow
async def test_who_goes_on_at_another_process_was_never_gone(pair: Stack, people: tuple[Player, Player]) -> None:
    alice, bob = people
    async with socket_at(pair.base_urls[0], alice) as hers:
        await hers.send(type="watch", users=[bob.id])
        await seen(hers, bob, "offline")
        async with socket_at(pair.base_urls[1], bob):
            await seen(hers, bob, "online")
        async with socket_at(pair.base_urls[0], bob) as his:
            await asyncio.sleep(LEASE)
            await his.send(type="presence", state="away")
            await seen(hers, bob, "away")
        await seen(hers, bob, "offline")


async def test_redis_may_be_wiped(pair: Stack, people: tuple[Player, Player]) -> None:
    alice, bob = people
    async with socket_at(pair.base_urls[0], alice) as hers, socket_at(pair.base_urls[1], bob) as his:
        await his.send(type="presence", state="away")
        async with Redis.from_url(pair.redis_url) as redis, asyncio.timeout(ENOUGH):
            for wipe in (False, True):
                if wipe:
                    await redis.flushall()
                state = ""
                while state != "away":
                    state = (await alice.http.get("/api/presence", params={"users": bob.id})).json()[0]["state"]
        await hers.send(type="watch", users=[bob.id])
        await seen(hers, bob, "away")


async def test_who_was_on_a_process_that_is_killed_is_soon_seen_to_be_offline(
    pair: Stack, people: tuple[Player, Player]
) -> None:
    alice, bob = people
    async with socket_at(pair.base_urls[0], alice) as hers:
        await hers.send(type="watch", users=[bob.id])
        await seen(hers, bob, "offline")
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(socket_at(pair.base_urls[1], bob))
            await seen(hers, bob, "online")
            pair.processes["web-2"].kill()
        await seen(hers, bob, "offline")
        answer = (await alice.http.get("/api/presence", params={"users": bob.id})).json()
        assert answer[0]["state"] == "offline"
        assert answer[0]["last_seen"]
