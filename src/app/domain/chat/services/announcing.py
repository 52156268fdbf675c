"""Telling every open socket and the cache what has been stored: after the commit, and never before."""

from collections import defaultdict
from collections.abc import Sequence

from redis.asyncio.client import Pipeline

from app.domain.chat.schemas.events import EventFrame
from app.domain.chat.services import recent
from app.domain.chat.services.journal import as_event
from app.domain.chat.services.ledger import number_of
from app.hub import events


def announce(pipeline: "Pipeline", facts: Sequence[EventFrame]) -> None:
    """Refresh the cache first: who hears of an event finds it there."""
    by_conversation: defaultdict[int, list[EventFrame]] = defaultdict(list)
    for fact in facts:
        by_conversation[fact.conversation_id].append(fact)
    for conversation_id, batch in by_conversation.items():
        recent.remember(pipeline, conversation_id, batch)
        stored = sorted(batch, key=number_of)
        published = [as_event(fact) for fact in stored]
        events.publish(pipeline, events.conversation(conversation_id), published)
