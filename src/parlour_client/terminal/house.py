"""All conversations of somebody, kept as the server has them."""

import asyncio
from contextlib import suppress
from pathlib import Path
from time import monotonic

from parlour_client.answers import Conversation, Person
from parlour_client.client import Client
from parlour_client.errors import LoggedOut, ParlourError, Refused
from parlour_client.frames import ConversationRemoved, Event, Read, Seen, SomeoneTypes, Unsubscribed
from parlour_client.happenings import Change, Message, Withheld
from parlour_client.pauses import pause
from parlour_client.telling import Watch
from parlour_client.terminal.rooms import PAGE, Echo, Room
from parlour_client.terminal.saving import place_for
from parlour_client.terminal.wording import why_not_sent

LISTED_AT_ONCE = 100
WATCHED = 200
"""People whose presence one socket may ask for."""


class House:
    def __init__(self, client: Client, me: Person) -> None:
        self.me = me
        self.rooms: dict[int, Room] = {}
        """Those with the newest messages first."""
        self.presence: dict[int, str] = {}
        self._client = client

    def hear(self, event: Event) -> None:
        match event:
            case Message() | Change() | Withheld():
                if room := self.rooms.get(event.conversation_id):
                    room.hear(event, self.me.id)
                    if isinstance(event, Message):
                        self.rooms = {room.id: room, **self.rooms}
            case Read():
                if room := self.rooms.get(event.conversation_id):
                    room.take_position(event)
            case SomeoneTypes():
                if room := self.rooms.get(event.conversation_id):
                    room.learn_who_types(event, monotonic())
            case Seen():
                self.presence |= {one.user_id: one.state for one in event.people}
            case Unsubscribed() | ConversationRemoved():
                self.rooms.pop(event.conversation_id, None)

    async def settle_in(self) -> None:
        """On a new line: what conversations there are, and who is there. Raises LoggedOut."""
        listed = await self._all()
        those = {one.id for one in listed}
        self.rooms = {one: room for one, room in self.rooms.items() if one in those}
        await asyncio.gather(*(self._move_in(one) for one in listed))
        self.rooms = {one.id: self.rooms[one.id] for one in listed if one.id in self.rooms}
        people = [person for room in self.rooms.values() for person in room.people]
        await self._client.tell(Watch(people[:WATCHED]))

    async def move_in(self, conversation_id: int) -> None:
        """Somebody has put us into a conversation."""
        with suppress(ParlourError):  # The next line has it in its list.
            await self._move_in(await self._client.conversation(conversation_id))

    async def read(self, room: Room) -> None:
        """The newest page, or the one before what is here. Raises ParlourError."""
        if room.from_start:
            return
        room.begin_reading()
        before = room.first if room.was_read else None
        page = await self._client.history(room.id, before=before, limit=PAGE)
        room.join(page, whole=len(page) < PAGE)

    async def has_read(self, room: Room) -> None:
        room.unread = 0
        with suppress(ParlourError):  # With the next message it is said again.
            await self._client.read_up_to(room.id, room.last)

    async def deliver(self, room: Room, echo: Echo) -> None:
        """Under the same name as before, if this is not the first time."""
        echo.state = "sending"
        try:
            if echo.file and not echo.uploaded:
                echo.uploaded = [(await self._client.upload(echo.file, client_id=echo.client_id)).id]
            await self._client.send(room.id, echo.text, client_id=echo.client_id, files=echo.uploaded)
        except (ParlourError, OSError) as error:
            echo.state, echo.why = "failed", why_not_sent(error)
        else:
            echo.state = "stored"

    async def save(self, room: Room, message_id: int, directory: Path) -> list[Path]:
        """The files of a message. Raises ParlourError, and OSError."""
        message = room.messages.get(message_id)
        saved = []
        for one in message.attachments if message else ():
            place = await asyncio.to_thread(place_for, one.name, directory)
            await self._client.download(one.id, place, conversation_id=room.id)
            saved.append(place)
        return saved

    async def _move_in(self, conversation: Conversation) -> None:
        room = Room.of(conversation, self.me.id)
        if conversation.id in self.rooms:
            self.rooms[conversation.id].unread = room.unread
            return
        self.rooms[conversation.id] = room
        try:
            await self._client.subscribe(room.id, after=room.last)
        except LoggedOut:
            raise
        except Refused:
            self.rooms.pop(room.id, None)

    async def _all(self) -> list[Conversation]:
        found: list[Conversation] = []
        attempt = 0
        while True:
            try:
                page = await self._client.conversations(limit=LISTED_AT_ONCE, offset=len(found))
            except LoggedOut:
                raise
            except ParlourError:
                await asyncio.sleep(pause(attempt))
                attempt += 1
                continue
            found += page
            if len(page) < LISTED_AT_ONCE:
                return found
