"""Message history as the hub reads it: numbered events of a channel, already in the form that sockets get."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from app.domain.chat.schemas.events import EventFrame, Withheld
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.ledger import number_of, teller_of
from app.domain.chat.services.messages import Messages
from app.domain.social.services.blocks import Blocks
from app.hub import events
from app.hub.events import NOBODY, Event
from app.resources import Sessions

PREFIX = events.conversation(0).removesuffix("0")
encode = msgspec.json.Encoder().encode


def as_event(frame: EventFrame) -> Event:
    return Event(number_of(frame), encode(frame).decode(), teller_of(frame))


class MessageJournal:
    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def read(self, channel: str, after: int, limit: int) -> Sequence[Event]:
        conversation_id = int(channel.removeprefix(PREFIX))
        async with self._sessions() as session:
            conversation = await Conversations(session=session).get(conversation_id)
            found = await Messages(session=session).events_after(conversation_id, after, limit)
        events = [as_event(one) for one in found]
        # Nothing is withheld of a chat of two.
        return events if conversation.kind == "group" else [event._replace(author=NOBODY) for event in events]

    async def unheard(self, people: Collection[int]) -> Mapping[int, Collection[int]]:
        async with self._sessions() as session:
            return await Blocks(session=session).hidden_from(people)

    def withheld(self, channel: str, number: int) -> str:
        return encode(Withheld(number, int(channel.removeprefix(PREFIX)))).decode()

    async def heads(self, channels: Collection[str]) -> Mapping[str, int]:
        ids = [int(channel.removeprefix(PREFIX)) for channel in channels if channel.startswith(PREFIX)]
        if not ids:
            return {}
        async with self._sessions() as session:
            numbers = await Messages(session=session).last_numbers(ids)
        return {events.conversation(conversation_id): number for conversation_id, number in numbers.items()}

    async def outsiders(self, listeners: Collection[tuple[str, int]]) -> Collection[tuple[str, int]]:
        asked = {(int(channel.removeprefix(PREFIX)), user_id): (channel, user_id) for channel, user_id in listeners}
        async with self._sessions() as session:
            gone = await Conversations(session=session).outsiders(list(asked))
        return [asked[one] for one in gone]
