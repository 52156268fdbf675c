"""What a member reads of a conversation: from Redis when it has all of it, else from PostgreSQL."""

from typing import Literal, NamedTuple

from redis.asyncio import Redis

from app.domain.chat.rules import CACHED_MESSAGES
from app.domain.chat.schemas.events import EventFrame, MessageFrame
from app.domain.chat.services import recent
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.messages import Messages
from app.resources import Sessions

Source = Literal["redis", "database"]


class Page(NamedTuple):
    messages: list[MessageFrame]
    source: Source


async def latest(sessions: Sessions, redis: "Redis", conversation_id: int, user_id: int, limit: int) -> Page:
    """The last messages, oldest first. Raises NotAMember.

    A miss fetches what the cache holds at most, whatever was asked for, so that the next reader finds it there.
    """
    async with sessions() as session:
        conversation = await Conversations(session=session).of_member(conversation_id, user_id)
        cached = await recent.recall(redis, conversation_id, conversation.last_seq, limit)
        if cached is not None:
            return Page([one for one in cached if one.message_id > conversation.forgotten_until], "redis")
        last = conversation.last_seq
        stored = await Messages(session=session).before(conversation_id, last + 1, CACHED_MESSAGES)
    await recent.refill(redis, conversation_id, last, stored)
    return Page(stored[-limit:], "database")


async def earlier(sessions: Sessions, conversation_id: int, user_id: int, before: int, limit: int) -> Page:
    """The messages before a number, oldest first. Raises NotAMember."""
    async with sessions() as session:
        await Conversations(session=session).of_member(conversation_id, user_id)
        return Page(await Messages(session=session).before(conversation_id, before, limit), "database")


async def later(sessions: Sessions, conversation_id: int, user_id: int, after: int, limit: int) -> Page:
    """The messages after a number, oldest first. Raises NotAMember."""
    async with sessions() as session:
        await Conversations(session=session).of_member(conversation_id, user_id)
        return Page(await Messages(session=session).after(conversation_id, after, limit), "database")


async def around(sessions: Sessions, conversation_id: int, user_id: int, number: int, limit: int) -> Page:
    """A message with about as many before it as after it, oldest first. Raises NotAMember."""
    half = limit // 2
    async with sessions() as session:
        await Conversations(session=session).of_member(conversation_id, user_id)
        messages = Messages(session=session)
        before = await messages.before(conversation_id, number, half)
        return Page([*before, *await messages.after(conversation_id, number - 1, limit - half)], "database")


async def events(sessions: Sessions, conversation_id: int, user_id: int, after: int, limit: int) -> list[EventFrame]:
    """What happened after a number, as sockets hear it, oldest first. Raises NotAMember."""
    async with sessions() as session:
        await Conversations(session=session).of_member(conversation_id, user_id)
        return await Messages(session=session).events_after(conversation_id, after, limit)
