"""Everything over the one socket: what is said until it is stored, and what is heard once and in order."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from uuid import UUID, uuid4

from websockets.exceptions import ConnectionClosed

from parlour_client.api import Api
from parlour_client.errors import Unreachable
from parlour_client.frames import Disconnected, Event, Heard, Problem, Ready, Stored, Subscribed, Unsubscribed
from parlour_client.happenings import Change, Happening, Message, Withheld, author_of
from parlour_client.outbox import LostLine, Outbox
from parlour_client.positions import Positions
from parlour_client.socket import Dialled, Dialling, Line, LiveSocket, say
from parlour_client.telling import AnyFrame, Delete, Edit, Entry, React, Send, Unsubscribe

KEPT = 10_000
"""Events that wait to be taken. What comes on top is not kept, but asked for again once these have been taken."""


def new_name() -> str:
    """For a message, a play or a ballot: never used before."""
    return str(uuid4())


class Live:
    def __init__(self, url: str, api: Api) -> None:
        self._url = url.rstrip("/").replace("http", "ws", 1) + "/ws"
        self._api = api
        self._token = ""
        """What the line was opened with, or has been told since."""
        self._me = 0
        self._positions = Positions()
        self._outbox = Outbox(self._put)
        self._waiting: asyncio.Queue[Event | None] = asyncio.Queue()
        """None where a socket has ended for good."""
        self._failure: Exception | None = None
        self._behind = False
        """More came than is kept: positions stand still until another line resumes from them."""
        self._socket: LiveSocket | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def send(
        self,
        conversation_id: int,
        text: str,
        *,
        client_id: str | None = None,
        reply_to: int | None = None,
        files: Sequence[UUID | str] = (),
    ) -> Stored:
        """Say something. Returns once it is stored, however many lines and attempts that takes. Raises Refused.

        What is sent to one conversation is stored in the order of the calls. Under a `client_id` of yours, calling it
        again stores nothing new and answers the same, for ever; that also tells whether what was cancelled is stored.
        """
        return await self.deliver(Send(conversation_id, text, client_id or new_name(), reply_to, files))

    async def edit(self, conversation_id: int, message_id: int, text: str) -> Stored:
        return await self.deliver(Edit(conversation_id, message_id, text, new_name()))

    async def delete(self, conversation_id: int, message_id: int) -> Stored:
        return await self.deliver(Delete(conversation_id, message_id, new_name()))

    async def react(self, conversation_id: int, message_id: int, emoji: str, *, on: bool = True) -> Stored:
        return await self.deliver(React(conversation_id, message_id, emoji, new_name(), on))

    async def deliver(self, entry: Entry) -> Stored:
        """As `send` does, with an entry that has its own `client_id`."""
        self._open_socket()
        return await self._outbox.deliver(entry)

    async def tell(self, frame: AnyFrame) -> bool:
        """A frame about this moment: `Typing`, `Watch`, …. False, and nothing else, while no line is open."""
        return await self._open_socket().tell(frame)

    async def subscribe(self, conversation_id: int, *, after: int | None = None) -> int:
        """Hear a conversation from now on, or from after a number; each later line goes on where the last one ended.

        Waits for a line as long as it takes, and answers the number that it begins after. To go on where another
        process stopped, give the `seq` of the last event that it has dealt with. Raises Refused.
        """
        socket = self._open_socket()
        place = self._positions.want(conversation_id, after)
        if question := self._positions.question(conversation_id):
            await socket.tell(question)  # Or when a line opens.
        return await asyncio.shield(place.began)

    async def unsubscribe(self, conversation_id: int) -> None:
        """Nothing more of it is told, from this moment on."""
        socket = self._open_socket()
        if self._positions.forget(conversation_id) and socket.is_open:
            self._positions.leave(conversation_id)
            await socket.tell(Unsubscribe(conversation_id))

    async def events(self) -> AsyncIterator[Event]:
        """What happens, in order, until LoggedOut. It is one stream: each event is told to one of its iterators.

        What belongs to a conversation comes once and completely, over however many lines. Anything else (results,
        presence, …) is missed while there is none, which is the time between Disconnected and Ready.
        """
        if self._socket is None:
            self._failure = None  # Of a socket before this one.
        self._open_socket()
        while True:
            if self._behind and self._socket and self._waiting.empty():
                await self._socket.leave()
            if event := await self._waiting.get():
                yield event
            elif self._failure:
                raise self._failure

    async def hang_up(self) -> None:
        """Close the socket, for good. Whoever waits for something of it gets Unreachable."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _open_socket(self) -> LiveSocket:
        if self._closed:
            raise Unreachable("This client has been closed.")
        if self._socket is None:
            self._socket = LiveSocket(
                self._dial, opened=self._resume, heard=self._hear, lost=self._lose, renew=self._renew
            )
            self._start(self._run(self._socket))
        return self._socket

    async def _run(self, socket: LiveSocket) -> None:
        failure: Exception = Unreachable("This client has been closed.")
        try:
            await socket.run()
        except Exception as error:  # noqa: BLE001  Whatever it is, everybody who waits is told.
            failure = error
        finally:
            self._socket = None
            for waiting in (socket, self._outbox, self._positions):
                waiting.end(failure)
            self._failure = failure
            self._waiting.put_nowait(None)

    def _start(self, chore: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(chore)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _dial(self) -> Dialling:
        return Dialled(self._url, self._credential)

    async def _credential(self) -> str:
        self._token = await self._api.access()
        return self._token

    async def _renew(self) -> str:
        self._token = await self._api.renew(self._token)
        return self._token

    async def _resume(self, line: Line) -> None:
        for frame in list(self._positions.resumption()):  # Whatever is wanted from here on is asked for by itself.
            await say(line, frame)

    async def _put(self, entry: Entry) -> Line:
        line = await self._open_socket().line()
        try:
            await say(line, entry)
        except ConnectionClosed as error:
            raise LostLine from error
        return line

    def _lose(self, loss: Disconnected) -> None:
        self._outbox.lost(loss)
        self._waiting.put_nowait(loss)

    def _hear(self, frame: Heard) -> None:
        match frame:
            case Ready():
                self._me = frame.user_id
                self._behind = self._is_full
                self._waiting.put_nowait(frame)
            case Message() | Change() | Withheld():
                self._take(frame)
            case Stored():
                self._outbox.stored(frame)
            case Subscribed():
                self._positions.subscribed(frame)
            case Unsubscribed():
                if self._positions.unsubscribed(frame):
                    self._waiting.put_nowait(frame)
            case Problem():
                self._learn_of(frame)
            case _:
                if not self._is_full:
                    self._waiting.put_nowait(frame)

    def _take(self, event: Happening) -> None:
        if not isinstance(event, Withheld) and author_of(event) == self._me:
            self._outbox.happened(event)
        self._behind = self._behind or self._is_full
        if not self._behind and self._positions.admit(event):
            self._waiting.put_nowait(event)

    def _learn_of(self, problem: Problem) -> None:
        if self._outbox.refused(problem):
            return
        conversation_id = self._positions.refused_by(problem)
        if conversation_id is None:
            self._waiting.put_nowait(problem)
        elif problem.retry_after is not None:
            self._start(self._ask_again(conversation_id, problem.retry_after, self._positions.lines))
        elif not self._positions.refuse(conversation_id, problem):
            self._waiting.put_nowait(Unsubscribed(conversation_id))

    async def _ask_again(self, conversation_id: int, seconds: float, line: int) -> None:
        await asyncio.sleep(seconds)
        if line != self._positions.lines or self._socket is None:
            return  # The next line has asked by itself: who asks twice is told twice.
        if question := self._positions.question(conversation_id):
            await self._socket.tell(question)

    @property
    def _is_full(self) -> bool:
        return self._waiting.qsize() >= KEPT
