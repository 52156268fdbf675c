"""What a socket need not ask PostgreSQL again for every frame."""

import asyncio

from app.domain.chat.services.conversations import Conversations
from app.domain.live.rules import MEMBER_SECONDS
from app.resources import Sessions


class Membership:
    """Where the owner of one socket is a member, as far as was looked up moments ago. Storing checks it again."""

    def __init__(self, sessions: Sessions, user_id: int) -> None:
        self._sessions = sessions
        self._user_id = user_id
        self._good_until: dict[int, float] = {}

    async def look_up(self, conversation_id: int) -> None:
        """Raises NotAMember."""
        async with self._sessions() as session:
            await Conversations(session=session).of_member(conversation_id, self._user_id)

    async def check(self, conversation_id: int) -> None:
        """Look it up if that was not done within the last seconds. Raises NotAMember."""
        now = asyncio.get_running_loop().time()
        if self._good_until.get(conversation_id, 0) <= now:
            await self.look_up(conversation_id)
            self._good_until[conversation_id] = now + MEMBER_SECONDS

    def forget(self, conversation_id: int) -> None:
        self._good_until.pop(conversation_id, None)
