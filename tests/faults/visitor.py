"""Somebody who comes and goes."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from random import Random
from typing import Literal

import httpx
from tests.faults.clients import Account, Client
from tests.faults.generator import ANSWER_SECONDS, RESEND_PAUSE_SECONDS
from tests.faults.history import Event, History

AWAY_SECONDS = 6.0
"""Longer than what a removal may take to reach open sockets, so that what still comes is seen."""


class Visitor:
    """Somebody who comes into a group, listens, and leaves it with the socket still open; again and again."""

    def __init__(self, account: Account, nodes: Sequence[str], group: int, history: History, random: Random) -> None:
        self.client = Client(account.name, account, nodes, random.randrange(len(nodes)), history)
        self._account = account
        self._nodes = nodes
        self._group = group
        self._history = history
        self._random = random
        self._http = httpx.AsyncClient(headers={"Authorization": f"Bearer {account.token}"}, timeout=ANSWER_SECONDS)

    async def live(self, until: asyncio.Event) -> None:
        running = asyncio.create_task(self.client.run())
        try:
            while not until.is_set():
                await self._until_done("join")
                self.client.watch(self._group)
                await passed(until, self._random.uniform(0.5, 2))
                self.client.evicted.add(self._group)
                await self._until_done("leave")
                await passed(until, AWAY_SECONDS)
        finally:
            running.cancel()
            await asyncio.wait([running])
            await self._http.aclose()

    async def _until_done(self, verb: Literal["join", "leave"]) -> None:
        while not await self._ask(verb):
            await asyncio.sleep(RESEND_PAUSE_SECONDS)

    async def _ask(self, verb: Literal["join", "leave"]) -> bool:
        event = Event(type="invoke", op=verb, user=self._account.id, conversation=self._group)
        self._history.note(event)
        node = self._random.choice(self._nodes)
        try:
            response = await self._http.post(f"{node}/api/chat/groups/{self._group}/{verb}")
        except httpx.TransportError:
            return False
        # Leaving again what an unanswered request has left already is a 404.
        done = response.is_success or (verb == "leave" and response.status_code == HTTPStatus.NOT_FOUND)
        outcome = Event(type="ok" if done else "info", op=verb, user=self._account.id, conversation=self._group)
        if not done:
            outcome.code = str(response.status_code)
            if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                outcome.type = "fail"
        self._history.note(outcome)
        return done


async def passed(until: asyncio.Event, seconds: float) -> None:
    """Sleep, but not beyond the event."""
    with suppress(TimeoutError):
        await asyncio.wait_for(until.wait(), seconds)
