"""What a worker does with the chat inbox."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec
from redis.asyncio.client import Pipeline
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.schemas import MessageFrame
from app.domain.chat.services import recent
from app.domain.chat.services.messages import Messages
from app.hub import events
from app.hub.events import Event
from app.inbox.drain import Outcome, Recorder

encode = msgspec.json.Encoder().encode


async def record(session: AsyncSession, entries: Sequence[bytes]) -> Sequence[Outcome[MessageFrame]]:
    return await Messages(session=session).record(entries)


def announce(pipeline: "Pipeline", messages: Sequence[MessageFrame]) -> None:
    """Refresh the cache first: who hears of a message finds it there."""
    recent.remember(pipeline, messages)
    by_conversation: defaultdict[int, list[Event]] = defaultdict(list)
    for message in messages:
        by_conversation[message.conversation_id].append((message.message_id, encode(message).decode()))
    for conversation_id, batch in by_conversation.items():
        events.publish(pipeline, events.conversation(conversation_id), batch)


recorder = Recorder(kind="chat", record=record, announce=announce)
