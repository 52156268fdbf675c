"""Who is writing: an event for whoever listens to the conversation, which ends by itself and is kept nowhere."""

import asyncio

import msgspec
from redis.asyncio import Redis

from app.domain.chat.services.conversations import Conversations
from app.domain.presence.rules import TYPING_MEMBERS, TYPING_PAUSE_SECONDS, TYPING_SECONDS
from app.domain.presence.schemas import SomeoneTypes
from app.domain.social.services.privacy import Privacy
from app.hub import events
from app.resources import Sessions

encode = msgspec.json.Encoder().encode


class Typist:
    """The owner of one socket, who types here and there. Membership is the caller's to check."""

    def __init__(self, user_id: int, username: str, redis: "Redis", sessions: Sessions) -> None:
        self._user_id = user_id
        self._username = username
        self._redis = redis
        self._sessions = sessions
        self._announced_at: dict[int, float] = {}
        """By conversation, on the event loop's clock."""
        self._shown_in: set[int] = set()

    async def show(self, conversation_id: int, typing: bool) -> None:
        """Announce that they type, or that they stopped where it was announced that they type.

        The first is dropped a moment after another one, in a large group, and for who keeps it to themselves.
        """
        if not typing:
            await self._stop(conversation_id)
            return
        now = asyncio.get_running_loop().time()
        if now - self._announced_at.get(conversation_id, -TYPING_PAUSE_SECONDS) < TYPING_PAUSE_SECONDS:
            return
        self._announced_at[conversation_id] = now
        if await self._may_be_shown(conversation_id):
            self._shown_in.add(conversation_id)
            await self._announce(conversation_id, TYPING_SECONDS)

    def sent(self, conversation_id: int) -> None:
        """Their message has ended it for everybody. What they type next is announced at once."""
        self._shown_in.discard(conversation_id)
        self._announced_at.pop(conversation_id, None)

    async def _stop(self, conversation_id: int) -> None:
        if conversation_id in self._shown_in:
            self._shown_in.discard(conversation_id)
            await self._announce(conversation_id, 0)

    async def _may_be_shown(self, conversation_id: int) -> bool:
        async with self._sessions() as session:
            if not (await Privacy(session=session).of([self._user_id]))[self._user_id].typing:
                return False
            return not await Conversations(session=session).has_more_members(conversation_id, TYPING_MEMBERS)

    async def _announce(self, conversation_id: int, seconds: int) -> None:
        event = SomeoneTypes(conversation_id, self._user_id, self._username, typing=seconds > 0, expires_in=seconds)
        pipeline = self._redis.pipeline(transaction=False)
        told = events.Event(events.TO_OTHERS, encode(event).decode(), self._user_id)
        events.publish(pipeline, events.conversation(conversation_id), [told])
        await pipeline.execute()
