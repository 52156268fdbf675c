"""A client of `/ws` as docs/protocol.md tells people to write one: it reconnects, resumes, and never trusts a gap away.

It moves on to the next API process whenever its line is cut, and notes every message frame in the order of arrival.
"""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from tests.faults.history import Event, History, Sighting
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

OPEN_SECONDS = 3.0
PAUSE_SECONDS = 0.1
RETRY_SECONDS = 0.3
CLOSE_NOT_LOGGED_IN = 4401


@dataclass(frozen=True)
class Account:
    id: int
    name: str
    token: str
    session: str = ""
    """Names the login, where it is going to be ended."""


@dataclass(frozen=True)
class Answer:
    """To a send: the number it was stored under, or why not. `lost` when the line was cut or nothing came in time."""

    number: int = 0
    code: str = ""

    @property
    def stored(self) -> bool:
        return self.number > 0


LOST = Answer(code="lost")


class Client:
    def __init__(self, name: str, account: Account, nodes: Sequence[str], home: int, history: History) -> None:
        """`nodes` are the base URLs of the API processes; it first calls the one at `home`."""
        self.name = name
        self.account = account
        self.positions: dict[int, int] = {}
        """The last message seen of each conversation that it is on."""
        self.evicted: set[int] = set()
        self.ended = False
        """Closed because its session is over: it does not come back."""
        self.line = ""
        self._nodes = [node.replace("http", "ws", 1) + "/ws" for node in nodes]
        self._node = home
        self._history = history
        self._lines = 0
        self._socket: ClientConnection | None = None
        self._open = asyncio.Event()
        self._asked: dict[str, asyncio.Future[Answer]] = {}
        self._chores: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Stay connected until cancelled, or until the session ends."""
        while not self.ended:
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._call(self._nodes[self._node % len(self._nodes)])
            self._hang_up()
            self._node += 1
            await asyncio.sleep(PAUSE_SECONDS)

    async def watch(self, conversation: int, after: int = 0) -> None:
        """Be on a conversation from a message on, over this line and all later ones."""
        self.positions.setdefault(conversation, after)
        self.evicted.discard(conversation)
        if self._socket:
            await self._subscribe(conversation)

    async def move(self) -> None:
        """Leave this line, as a phone does that changes networks."""
        if self._socket:
            await self._socket.close()

    async def send(self, conversation: int, key: str, body: str) -> "asyncio.Future[Answer]":
        """Put a message on the line, once there is one; the future is its answer."""
        await self._open.wait()
        future = self._asked[key] = asyncio.get_running_loop().create_future()
        frame = {"type": "send", "conversation_id": conversation, "client_id": key, "message": body}
        try:
            await self._socket_send(frame)
        except (OSError, WebSocketException):
            self._answer(key, LOST)
        return future

    async def connected(self) -> str:
        """The name of the line, once there is one."""
        await self._open.wait()
        return self.line

    async def _call(self, url: str) -> None:
        headers = {"Authorization": f"Bearer {self.account.token}"}
        async with connect(
            url,
            additional_headers=headers,
            open_timeout=OPEN_SECONDS,
            close_timeout=1,
            compression=None,
            max_queue=None,
        ) as socket:
            self._lines += 1
            self.line = f"{self.name}/{self._lines}"
            self._socket = socket
            positions = {str(one): number for one, number in self.positions.items() if one not in self.evicted}
            if positions:
                await self._socket_send({"type": "resume", "positions": positions})
            self._open.set()
            try:
                async for frame in socket:
                    self._take(json.loads(frame))
            finally:
                self.ended = socket.close_code == CLOSE_NOT_LOGGED_IN

    async def _socket_send(self, frame: dict[str, Any]) -> None:
        if self._socket is None:
            raise ConnectionError
        await self._socket.send(json.dumps(frame))

    def _take(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "message":
                self._see(frame)
            case "stored":
                self._answer(frame["client_id"], Answer(number=frame["message_id"]))
            case "error":
                self._hear_error(frame)
            case "unsubscribed":
                self.evicted.add(frame["conversation_id"])

    def _see(self, frame: dict[str, Any]) -> None:
        conversation, number = frame["conversation_id"], frame["message_id"]
        self._history.saw(
            Sighting(
                watcher=self.name,
                user=self.account.id,
                session=self.account.session,
                time=monotonic(),
                conversation=conversation,
                number=number,
                sender=frame["sender_id"],
                client_id=frame["client_id"],
                body=frame["message"],
            )
        )
        self.positions[conversation] = number

    def _hear_error(self, frame: dict[str, Any]) -> None:
        """About a send, it is that send's answer; about a subscription, ask again soon."""
        conversation = frame.get("conversation_id")
        if "client_id" in frame:
            self._answer(frame["client_id"], Answer(code=frame["code"]))
        elif conversation in self.positions and frame["code"] == "unavailable":
            chore = asyncio.create_task(self._subscribe_later(conversation))
            self._chores.add(chore)
            chore.add_done_callback(self._chores.discard)
        elif conversation not in self.evicted:
            refused = Event(type="fail", op="join", user=self.account.id, line=self.line, code=frame["code"])
            self._history.note(refused)

    async def _subscribe_later(self, conversation: int) -> None:
        line = self.line
        await asyncio.sleep(RETRY_SECONDS)
        if line == self.line:
            with suppress(OSError, WebSocketException):
                await self._subscribe(conversation)

    async def _subscribe(self, conversation: int) -> None:
        frame = {"type": "subscribe", "conversation_id": conversation, "after": self.positions[conversation]}
        with suppress(OSError, WebSocketException):  # The next line resumes all.
            await self._socket_send(frame)

    def _answer(self, key: str, answer: Answer) -> None:
        future = self._asked.pop(key, None)
        if future and not future.done():
            future.set_result(answer)

    def _hang_up(self) -> None:
        self._open.clear()
        self._socket = None
        for key in list(self._asked):
            self._answer(key, LOST)
