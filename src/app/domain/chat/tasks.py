"""What a worker does with the chat inbox."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec
from redis.asyncio.client import Pipeline
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.schemas.events import EventFrame
from app.domain.chat.services import recent
from app.domain.chat.services.ledger import number_of
from app.domain.chat.services.messages import Messages
from app.hub import events
from app.hub.events import Event
from app.inbox.drain import Outcome, Recorder

encode = msgspec.json.Encoder().encode


async def record(session: AsyncSession, entries: Sequence[bytes]) -> Sequence[Outcome[EventFrame]]:
    return await Messages(session=session).record(entries)


def announce(pipeline: "Pipeline", facts: Sequence[EventFrame]) -> None:
    """Refresh the cache first: who hears of an event finds it there."""
    by_conversation: defaultdict[int, list[EventFrame]] = defaultdict(list)
    for fact in facts:
        by_conversation[fact.conversation_id].append(fact)
    for conversation_id, batch in by_conversation.items():
        recent.remember(pipeline, conversation_id, batch)
        stored = sorted(batch, key=number_of)
        published: list[Event] = [(number_of(fact), encode(fact).decode()) for fact in stored]
        events.publish(pipeline, events.conversation(conversation_id), published)


recorder = Recorder(kind="chat", record=record, announce=announce)
