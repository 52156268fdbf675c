"""`parlour_client` under faults: whenever its line is cut it moves on to the next API process.

Message frames are noted as they arrive, before the client drops what it has had: the server is to repeat nothing.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from tests.faults.history import Event, History, Sighting
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from parlour_client import Disconnected, LoggedOut, Message, Refused, Stored
from parlour_client.api import Api
from parlour_client.frames import Heard, Problem, Unsubscribed
from parlour_client.live import Live
from parlour_client.socket import Dialling, Line, say
from parlour_client.telling import Send

OPEN_SECONDS = 3.0


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


class Client(Live):
    def __init__(self, name: str, account: Account, nodes: Sequence[str], home: int, history: History) -> None:
        """`nodes` are the base URLs of the API processes; it first calls the one at `home`."""
        super().__init__(nodes[home], Api(nodes[home], account.token))
        self.name = name
        self.account = account
        self.positions: dict[int, int] = {}
        """The last message seen of each conversation that it was ever on."""
        self.evicted: set[int] = set()
        self.ended = False
        """Closed because its session is over: it does not come back."""
        self.line = ""
        self._nodes = [node.replace("http", "ws", 1) + "/ws" for node in nodes]
        self._node = home
        self._history = history
        self._lines = 0
        self._asked: dict[str, asyncio.Future[Answer]] = {}

    async def run(self) -> None:
        """Stay connected until cancelled, or until the session ends."""
        try:
            async for event in self.events():
                if isinstance(event, Unsubscribed):
                    self.evicted.add(event.conversation_id)
        except LoggedOut:
            self.ended = True
        finally:
            await self.hang_up()
            await self._api.close()

    def watch(self, conversation: int) -> None:
        """Be on a conversation after what was seen of it, over this line and all later ones."""
        self.evicted.discard(conversation)
        self._start(self._watch(conversation))

    async def move(self) -> None:
        """Leave this line, as a phone does that changes networks."""
        await self._open_socket().leave()

    async def attempt(self, conversation: int, key: str, body: str) -> "asyncio.Future[Answer]":
        """Put a message on the line once, when there is one; the future is its answer."""
        line = await self._open_socket().line()
        future = self._asked[key] = asyncio.get_running_loop().create_future()
        try:
            await say(line, Send(conversation, body, key))
        except ConnectionClosed:
            self._answer(key, LOST)
        return future

    async def connected(self) -> str:
        """The name of the line, once there is one."""
        await self._open_socket().line()
        return self.line

    async def _watch(self, conversation: int) -> None:
        await self.unsubscribe(conversation)
        try:
            await self.subscribe(conversation, after=self.positions.setdefault(conversation, 0))
        except Refused as refused:
            if conversation not in self.evicted:
                self._history.note(
                    Event(type="fail", op="join", user=self.account.id, line=self.line, code=refused.code)
                )

    def _dial(self) -> Dialling:
        url = self._nodes[self._node % len(self._nodes)]
        self._node += 1
        headers = {"Authorization": f"Bearer {self.account.token}"}
        return connect(
            url,
            additional_headers=headers,
            open_timeout=OPEN_SECONDS,
            close_timeout=1,
            compression=None,
            max_queue=None,
        )

    async def _resume(self, line: Line) -> None:
        self._lines += 1
        self.line = f"{self.name}/{self._lines}"
        await super()._resume(line)

    def _hear(self, frame: Heard) -> None:
        match frame:
            case Message():
                self._see(frame)
            case Stored():
                self._answer(frame.client_id, Answer(number=frame.message_id))
            case Problem(client_id=str() as key):
                self._answer(key, Answer(code=frame.code))
        super()._hear(frame)

    def _see(self, message: Message) -> None:
        self._history.saw(
            Sighting(
                watcher=self.name,
                user=self.account.id,
                session=self.account.session,
                time=monotonic(),
                conversation=message.conversation_id,
                number=message.message_id,
                sender=message.sender_id,
                client_id=message.client_id,
                body=message.message,
            )
        )
        self.positions[message.conversation_id] = message.message_id

    def _lose(self, loss: Disconnected) -> None:
        super()._lose(loss)
        for key in list(self._asked):
            self._answer(key, LOST)

    def _answer(self, key: str, answer: Answer) -> None:
        future = self._asked.pop(key, None)
        if future and not future.done():
            future.set_result(answer)
