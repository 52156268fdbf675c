"""What a member reads of a conversation: from Redis when it has all of it, else from PostgreSQL."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.models import Conversation
from app.domain.chat.rules import CACHED_MESSAGES
from app.domain.chat.schemas.events import EventFrame, MessageFrame, Withheld
from app.domain.chat.services import recent
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.messages import Messages
from app.domain.chat.services.veil import unseen_in, veiled_events, veiled_messages
from app.resources import Sessions

Source = Literal["redis", "database"]


class Page(NamedTuple):
    messages: list[MessageFrame]
    source: Source


class Stretch(NamedTuple):
    """Events in order, how far they reach, and how far the conversation does."""

    events: list[EventFrame | Withheld]
    position: int
    last: int


async def latest(sessions: Sessions, redis: "Redis", conversation_id: int, user_id: int, limit: int) -> Page:
    """The last messages, oldest first. Raises NotAMember.

    A miss fetches what the cache holds at most, whatever was asked for, so that the next reader finds it there.
    """
    async with sessions() as session:
        conversation = await Conversations(session=session).of_member(conversation_id, user_id)
        unseen = await unseen_in(session, conversation, user_id)
        cached = await recent.recall(redis, conversation_id, conversation.last_seq, limit)
        if cached is not None:
            kept = [one for one in cached if one.message_id > conversation.forgotten_until]
            return Page(veiled_messages(kept, unseen), "redis")
        last = conversation.last_seq
        stored = await Messages(session=session).before(conversation_id, last + 1, CACHED_MESSAGES)
    await recent.refill(redis, conversation_id, last, stored)
    return Page(veiled_messages(stored[-limit:], unseen), "database")


async def earlier(sessions: Sessions, conversation_id: int, user_id: int, before: int, limit: int) -> Page:
    """The messages before a number, oldest first. Raises NotAMember."""
    async with sessions() as session:
        conversation = await Conversations(session=session).of_member(conversation_id, user_id)
        found = await Messages(session=session).before(conversation_id, before, limit)
        return await shown(session, conversation, user_id, found)


async def later(sessions: Sessions, conversation_id: int, user_id: int, after: int, limit: int) -> Page:
    """The messages after a number, oldest first. Raises NotAMember."""
    async with sessions() as session:
        conversation = await Conversations(session=session).of_member(conversation_id, user_id)
        found = await Messages(session=session).after(conversation_id, after, limit)
        return await shown(session, conversation, user_id, found)


async def around(sessions: Sessions, conversation_id: int, user_id: int, number: int, limit: int) -> Page:
    """A message with about as many before it as after it, oldest first. Raises NotAMember."""
    half = limit // 2
    async with sessions() as session:
        conversation = await Conversations(session=session).of_member(conversation_id, user_id)
        messages = Messages(session=session)
        before = await messages.before(conversation_id, number, half)
        after = await messages.after(conversation_id, number - 1, limit - half)
        return await shown(session, conversation, user_id, [*before, *after])


async def events(sessions: Sessions, conversation_id: int, user_id: int, after: int, limit: int) -> Stretch:
    """What happened after a number, as sockets hear it, oldest first. Raises NotAMember."""
    async with sessions() as session:
        conversation = await Conversations(session=session).of_member(conversation_id, user_id)
        last = conversation.last_seq
        start = min(max(after, conversation.forgotten_until), last)
        found = await Messages(session=session).events_after(conversation_id, start, limit)
        unseen = await unseen_in(session, conversation, user_id)
        return Stretch(veiled_events(found, unseen), min(start + limit, last), last)


async def shown(
    session: AsyncSession, conversation: Conversation, user_id: int, messages: Sequence[MessageFrame]
) -> Page:
    return Page(veiled_messages(messages, await unseen_in(session, conversation, user_id)), "database")
