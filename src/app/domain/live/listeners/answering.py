"""Each frame of a client is one method here, and goes where the same request over HTTP would go."""

import asyncio
from functools import partial, singledispatchmethod

import msgspec

from app import outages
from app.domain.accounts.guards import Doorkeeper
from app.domain.accounts.scopes import Scope, check_frame, holds
from app.domain.accounts.sockets import Line
from app.domain.chat.schemas.entries import Draft
from app.domain.chat.schemas.events import EventFrame
from app.domain.chat.services import receipts, sending
from app.domain.chat.services.ledger import number_of
from app.domain.game.schemas.standings import WatchLeaderboards
from app.domain.game.services import board_watches, picking, sharing, submitting
from app.domain.game.services.registry import counted_as, game_called
from app.domain.live.listeners.complaints import Names, complaint, unread
from app.domain.live.rules import SUBSCRIPTIONS, OtherAccount, TooManySubscriptions
from app.domain.live.schemas import (
    Authenticate,
    ClientFrame,
    DeleteMessage,
    EditMessage,
    Pick,
    Ping,
    Play,
    Pong,
    React,
    Read,
    Ready,
    Resume,
    Send,
    Share,
    Stored,
    Subscribe,
    Subscribed,
    Unsubscribe,
    Unsubscribed,
)
from app.domain.live.services import Membership
from app.domain.presence.schemas import Turn, Typing, Watch
from app.domain.presence.services.devices import Devices
from app.domain.presence.services.typing import Typist
from app.domain.presence.services.watching import Replace
from app.errors import AppError
from app.hub import events
from app.inbox.accept import Inbox
from app.problems import read_frame
from app.resources import Resources

decode = msgspec.json.Decoder(ClientFrame).decode
decode_event = msgspec.json.Decoder(EventFrame).decode
encode = msgspec.json.Encoder().encode


class LiveSocket:
    def __init__(
        self,
        line: Line,
        resources: Resources,
        doorkeeper: Doorkeeper,
        inbox: Inbox,
        devices: Devices,
        watch: Replace,
        watch_boards: board_watches.Replace,
    ) -> None:
        self._line = line
        self._resources = resources
        self._doorkeeper = doorkeeper
        self._inbox = inbox
        self._devices = devices
        self._watch = watch
        self._watch_boards = watch_boards
        self._typist = Typist(line.actor.id, line.actor.username, resources.redis, resources.sessions)
        self._subscribed: set[int] = set()
        self._membership = Membership(resources.sessions, line.actor.id)

    async def greet(self) -> None:
        actor = self._line.actor
        await self._line.join(events.EVERYONE)
        if holds(actor.scopes, Scope.CONVERSATIONS_READ):
            await self._line.join(events.user(actor.id))
        elif holds(actor.scopes, Scope.GAME):
            await self._line.join(events.player(actor.id))
        self._offer(Ready(actor.id, actor.username, actor.expires_at))

    async def answer_frames(self) -> None:
        async for data in self._line.frames():
            frame: ClientFrame | None = None
            try:
                frame = read_frame(decode, data)
                check_frame(self._line.actor.scopes, str(frame.__struct_config__.tag))
                with outages.named():
                    await self._answer(frame)
            except AppError as error:
                self._complain(frame or unread(data), error)

    @singledispatchmethod
    async def _answer(self, frame: ClientFrame) -> None:
        raise NotImplementedError(type(frame))

    @_answer.register
    async def _(self, frame: Authenticate) -> None:
        actor = await self._doorkeeper.recognise_any(frame.token)
        if (actor.id, actor.scopes) != (self._line.actor.id, self._line.actor.scopes):
            raise OtherAccount
        self._line.prolong(actor)
        self._offer(Ready(actor.id, actor.username, actor.expires_at))

    @_answer.register
    async def _(self, frame: Subscribe) -> None:
        await self._subscribe(frame.conversation_id, frame.after)

    @_answer.register
    async def _(self, frame: Resume) -> None:
        for conversation_id, position in frame.positions.items():
            try:
                with outages.named():
                    await self._subscribe(conversation_id, position)
            except AppError as error:
                self._complain(Subscribe(conversation_id), error)

    @_answer.register
    async def _(self, frame: Unsubscribe) -> None:
        self._subscribed.discard(frame.conversation_id)
        await self._line.leave(events.conversation(frame.conversation_id))
        self._offer(Unsubscribed(frame.conversation_id))

    @_answer.register
    async def _(self, frame: Send) -> None:
        await self._check_membership(frame.conversation_id)
        me = self._line.actor.id
        draft = Draft(frame.conversation_id, me, frame.client_id, frame.message, frame.reply_to, frame.files)
        future = await sending.send(self._inbox, draft, self._resources.settings.throttle_ms)
        self._typist.sent(frame.conversation_id)
        future.add_done_callback(partial(self._settle, frame))

    @_answer.register
    async def _(self, frame: EditMessage | DeleteMessage | React) -> None:
        await self._check_membership(frame.conversation_id)
        entry = frame.entry(self._line.actor.id)
        future = await sending.change(self._inbox, entry, self._resources.settings.throttle_ms)
        future.add_done_callback(partial(self._settle, frame))

    @_answer.register
    async def _(self, frame: Read) -> None:
        resources, me = self._resources, self._line.actor.id
        await receipts.read_up_to(resources.sessions, resources.redis, frame.conversation_id, me, frame.message_id)

    @_answer.register
    async def _(self, frame: Play) -> None:
        game = game_called(frame.game)
        move = read_frame(partial(msgspec.json.decode, type=game.move), frame.body)
        key = frame.idempotency_key or submitting.new_key()
        future = await submitting.submit(self._inbox, self._line.actor.id, game, move, key)
        future.add_done_callback(partial(self._settle, frame))

    @_answer.register
    async def _(self, frame: Pick) -> None:
        async with self._resources.sessions() as session:
            game = await picking.game_of(session, frame.round_id, self._line.actor.id)
        move = read_frame(partial(msgspec.json.decode, type=game.move), frame.move)
        key = frame.idempotency_key or submitting.new_key()
        future = await picking.submit(self._inbox, frame.round_id, self._line.actor.id, move, key)
        future.add_done_callback(partial(self._settle, frame))

    @_answer.register
    async def _(self, frame: Share) -> None:
        resources, me = self._resources, self._line.actor.id
        throttle_ms = resources.settings.throttle_ms
        future = await sharing.share(resources.sessions, self._inbox, me, frame.play, frame.where, throttle_ms)
        future.add_done_callback(partial(self._settle, frame))

    @_answer.register
    async def _(self, frame: Typing) -> None:
        await self._check_membership(frame.conversation_id)
        await self._typist.show(frame.conversation_id, frame.typing)

    @_answer.register
    async def _(self, frame: Turn) -> None:
        self._devices.turn(self._line, self._line.actor.id, frame.state)

    @_answer.register
    async def _(self, frame: Watch) -> None:
        self._watch(frame.users)

    @_answer.register
    async def _(self, frame: WatchLeaderboards) -> None:
        self._watch_boards({(counted_as(board.game), board.period) for board in frame.boards})

    @_answer.register
    async def _(self, _frame: Ping) -> None:
        self._offer(Pong())

    async def _subscribe(self, conversation_id: int, after: int | None) -> None:
        await self._membership.look_up(conversation_id)
        if len(self._subscribed) >= SUBSCRIPTIONS:
            raise TooManySubscriptions
        self._subscribed.add(conversation_id)
        try:
            position = await self._line.join(
                events.conversation(conversation_id), after=after, evicted=partial(self._evicted, conversation_id)
            )
        except BaseException:
            self._subscribed.discard(conversation_id)
            raise
        if conversation_id in self._subscribed:  # Or they were put off while they caught up.
            self._offer(Subscribed(conversation_id, position))

    def _evicted(self, conversation_id: int, _channel: str) -> None:
        self._subscribed.discard(conversation_id)
        self._membership.forget(conversation_id)
        self._offer(Unsubscribed(conversation_id))

    async def _check_membership(self, conversation_id: int) -> None:
        """A subscribed socket's owner is a member: the hub puts off who is not."""
        if conversation_id not in self._subscribed:
            await self._membership.check(conversation_id)

    def _settle(
        self, frame: Send | EditMessage | DeleteMessage | React | Play | Pick | Share, future: "asyncio.Future[bytes]"
    ) -> None:
        """A play needs no acknowledgement: its result comes to every socket of the player."""
        if future.cancelled():
            return
        error = future.exception()
        if isinstance(error, AppError):
            self._complain(frame, error)
        elif isinstance(frame, Pick) and error is None:
            self._line.outbox.offer(future.result().decode())
        elif not isinstance(frame, Play | Pick) and error is None:
            event = decode_event(future.result())
            stored = Stored(frame.client_id, frame.conversation_id, event.message_id, number_of(event), event.timestamp)
            self._offer(stored)

    def _complain(self, about: ClientFrame | Names | None, error: AppError) -> None:
        self._line.outbox.offer(complaint(about, error))

    def _offer(self, frame: msgspec.Struct) -> None:
        self._line.outbox.offer(encode(frame).decode())
