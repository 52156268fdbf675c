"""Seeded users over real HTTP and WebSocket: they talk, play, reconnect, resend, come and go.

What is not acknowledged is sent again under the same id until it is, as the guarantee asks of a client.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from random import Random

import httpx
import msgspec
from tests.faults.clients import LOST, Account, Answer, Client
from tests.faults.history import Event, History

from app.domain.lottery.schemas import SubmittedBallots
from parlour_client import Refused

ANSWER_SECONDS = 3.0
"""Longer than the server lets a send wait for its worker: silence beyond this is a lost answer."""

RESEND_PAUSE_SECONDS = 0.2
HIGHEST = 9999
FOR_LOAD = {"throttled", "inbox_full"}
"""Refusals that a client waits out; after any other it does not try again, and the checker asks why."""

UNKNOWN = {"unavailable", "unconfirmed", "lost"}
"""Answers after which nobody knows whether it happened."""


class User:
    """One person with one socket, doing one thing after the other."""

    def __init__(
        self, account: Account, nodes: Sequence[str], conversations: Sequence[int], history: History, random: Random
    ) -> None:
        home = account.id % len(nodes)
        self.client = Client(account.name, account, nodes, home, history)
        self._account = account
        self._nodes = nodes
        self._conversations = conversations
        self._history = history
        self._random = random
        self._http = httpx.AsyncClient(headers={"Authorization": f"Bearer {account.token}"}, timeout=ANSWER_SECONDS)
        self._acknowledged: list[tuple[int, str, str]] = []
        self._did = 0
        self._name = f"{account.name}-{random.getrandbits(40):010x}"
        """Of this run: idempotency keys last for ever."""

    async def live(self, until: asyncio.Event, pace: float) -> None:
        """Do about `pace` things a second until told to stop; return when all that was begun is settled."""
        for conversation in self._conversations:
            self.client.watch(conversation)
        running = asyncio.create_task(self.client.run())
        try:
            while not until.is_set():
                await self._something()
                await asyncio.sleep(self._random.expovariate(pace))
        finally:
            running.cancel()
            await asyncio.wait([running])
            await self._http.aclose()

    async def _something(self) -> None:
        things: dict[Callable[[], Awaitable[None]], int] = {
            self._talk: 55,
            self._say: 15,
            self._play: 14,
            self._take_part: 4,
            self._resend: 6,
            self.client.move: 6,
        }
        (thing,) = self._random.choices(list(things), list(things.values()))
        await thing()

    async def _talk(self) -> None:
        """One message, or a few without waiting in between."""
        conversation = self._random.choice(self._conversations)
        first = []
        for _ in range(self._random.choice((1, 1, 1, 2, 4))):
            key = self._new_key()
            body = f"{key} {self._random.randbytes(self._random.randint(1, 60)).hex()}"
            first.append((key, body, await self._attempt(conversation, key, body)))
        await asyncio.gather(*(self._see_through(conversation, *one) for one in first))

    async def _say(self) -> None:
        """One message through the client's own outbox, which knows when to send it again."""
        conversation, key = self._random.choice(self._conversations), self._new_key()
        event = Event(
            type="invoke",
            op="send",
            user=self._account.id,
            key=key,
            conversation=conversation,
            body=f"{key} by the outbox",
            line=f"of {key} alone",  # It may go over several.
        )
        self._history.note(event)
        try:
            stored = await self.client.send(conversation, event.body, client_id=key)
            self._history.note(msgspec.structs.replace(event, type="ok", number=stored.message_id))
            self._acknowledged.append((conversation, key, event.body))
        except Refused as refused:
            self._history.note(msgspec.structs.replace(event, type="fail", code=refused.code))

    async def _resend(self) -> None:
        """What was acknowledged long ago, under the same id: it has to come to nothing but the same answer."""
        if self._acknowledged:
            conversation, key, body = self._random.choice(self._acknowledged)
            await self._see_through(conversation, key, body, await self._attempt(conversation, key, body))

    async def _attempt(self, conversation: int, key: str, body: str) -> "asyncio.Future[Answer]":
        line = await self.client.connected()
        self._history.note(
            Event(
                type="invoke",
                op="send",
                user=self._account.id,
                key=key,
                conversation=conversation,
                body=body,
                line=line,
            )
        )
        return await self.client.attempt(conversation, key, body)

    async def _see_through(self, conversation: int, key: str, body: str, attempt: "asyncio.Future[Answer]") -> None:
        while True:
            try:
                answer = await asyncio.wait_for(attempt, ANSWER_SECONDS)
            except TimeoutError:
                answer = LOST
            outcome = Event(
                type="ok" if answer.stored else "info" if answer.code in UNKNOWN else "fail",
                op="send",
                user=self._account.id,
                key=key,
                conversation=conversation,
                body=body,
                number=answer.number,
                code=answer.code,
            )
            self._history.note(outcome)
            if outcome.type == "ok":
                self._acknowledged.append((conversation, key, body))
            if outcome.type == "ok" or (outcome.type == "fail" and outcome.code not in FOR_LOAD):
                return
            await asyncio.sleep(RESEND_PAUSE_SECONDS)
            attempt = await self._attempt(conversation, key, body)

    def _new_key(self) -> str:
        self._did += 1
        return f"{self._name}-{self._did}"

    async def _play(self) -> None:
        key, number = self._new_key(), self._random.randint(1, HIGHEST)
        node = self._random.randrange(len(self._nodes))
        while True:
            attempt = Event(type="invoke", op="play", user=self._account.id, key=key, body=str(number))
            self._history.note(attempt)
            outcome = await self._play_once(self._nodes[node % len(self._nodes)], key, number)
            self._history.note(outcome)
            if outcome.type in {"ok", "fail"}:
                return
            node += 1
            await asyncio.sleep(RESEND_PAUSE_SECONDS)

    async def _take_part(self) -> None:
        """Ballots for the next draw to be held, under one name until they are acknowledged."""
        key, count = self._new_key(), self._random.randint(1, 3)
        while True:
            self._history.note(Event(type="invoke", op="ballot", user=self._account.id, key=key, body=str(count)))
            outcome = await self._submit_once(self._random.choice(self._nodes), key, count)
            self._history.note(outcome)
            if outcome.type in {"ok", "fail"}:
                return
            await asyncio.sleep(RESEND_PAUSE_SECONDS)

    async def _submit_once(self, node: str, key: str, count: int) -> Event:
        outcome = Event(type="info", op="ballot", user=self._account.id, key=key, body=str(count))
        wanted, headers = {"lottery": "minute", "count": count}, {"Idempotency-Key": key}
        try:
            response = await self._http.post(f"{node}/api/lottery/ballots", json=wanted, headers=headers)
        except httpx.TransportError as error:
            outcome.code = type(error).__name__
            return outcome
        if response.status_code == HTTPStatus.CREATED:
            answer = msgspec.json.decode(response.content, type=SubmittedBallots)
            outcome.type, outcome.receipts = "ok", tuple(ballot.receipt for ballot in answer.ballots)
        elif response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            outcome.code = str(response.status_code)
        else:
            outcome.type, outcome.code = "fail", f"{response.status_code} {response.json().get('code')}"
        return outcome

    async def _play_once(self, node: str, key: str, number: int) -> Event:
        outcome = Event(type="info", op="play", user=self._account.id, key=key, body=str(number))
        try:
            response = await self._http.post(
                f"{node}/api/game/play", json={"number": number}, headers={"Idempotency-Key": key}
            )
        except httpx.TransportError as error:
            outcome.code = type(error).__name__
            return outcome
        answer = response.json()
        if response.status_code == HTTPStatus.CREATED:
            outcome.type, outcome.number, outcome.prize_cents = "ok", answer["id"], round(100 * answer["prize"])
        elif response.status_code in {HTTPStatus.ACCEPTED, HTTPStatus.SERVICE_UNAVAILABLE}:
            outcome.code = str(response.status_code)
        else:
            outcome.type, outcome.code = "fail", f"{response.status_code} {answer.get('code')}"
        return outcome
