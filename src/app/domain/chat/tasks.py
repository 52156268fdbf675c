"""What workers do for chat: store what comes through the inbox, and forget what is past its time."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, NamedTuple

from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncSession
from taskiq import Context, TaskiqDepends, async_shared_broker

from app.domain.chat.schemas.events import EventFrame
from app.domain.chat.services import forgetting, recent
from app.domain.chat.services.announcing import announce
from app.domain.chat.services.ledger import number_of
from app.domain.chat.services.messages import Messages
from app.domain.chat.services.notifying import notify_of
from app.domain.notices.services.notifications import Notified
from app.domain.notices.tasks import telling
from app.inbox.batches import Outcome
from app.inbox.drain import Recorder
from app.resources import Resources


class Said(NamedTuple):
    """What was stored, and who is notified of it besides."""

    event: EventFrame
    notified: Sequence[Notified]


async def record(session: AsyncSession, entries: Sequence[bytes]) -> Sequence[Outcome[Said]]:
    outcomes = await Messages(session=session).record(entries)
    notified = await notify_of(session, [outcome.fact for outcome in outcomes if outcome.fact])

    def said(event: EventFrame) -> Said:
        return Said(event, notified.pop((event.conversation_id, number_of(event)), ()))

    return [Outcome(one.reply, said(one.fact) if one.fact else None, one.refusal) for one in outcomes]


def announce_said(pipeline: "Pipeline", said: Sequence[Said]) -> None:
    announce(pipeline, [one.event for one in said])
    telling.announce(pipeline, [notified for one in said for notified in one.notified])


recorder = Recorder(kind="chat", record=record, announce=announce_said)


@async_shared_broker.task(task_name="chat.forget")
async def forget(context: Annotated[Context, TaskiqDepends()]) -> None:
    """Once an hour; what one round does not come to, the next one does."""
    await forget_what_is_due(context.state.resources, datetime.now(UTC))


async def forget_what_is_due(resources: Resources, now: datetime) -> None:
    days, after = resources.settings.retention_days, 0
    while True:
        async with resources.sessions() as session:
            found = await forgetting.due(session, days, now, after)
        for conversation_id in found:
            await forget_conversation(resources, conversation_id, now)
        if not found:
            return
        after = found[-1]


async def forget_conversation(resources: Resources, conversation_id: int, now: datetime) -> None:
    more = True
    while more:
        async with resources.sessions.begin() as session:
            more = await forgetting.forget_some(session, conversation_id, resources.settings.retention_days, now)
    pipeline = resources.redis.pipeline()
    recent.drop(pipeline, conversation_id)
    with suppress(RedisError, OSError):  # A reader passes over what is forgotten, also where the cache still has it.
        await pipeline.execute()
