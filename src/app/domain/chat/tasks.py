"""What a worker does with the chat inbox."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.schemas.events import EventFrame
from app.domain.chat.services.announcing import announce
from app.domain.chat.services.messages import Messages
from app.inbox.drain import Outcome, Recorder


async def record(session: AsyncSession, entries: Sequence[bytes]) -> Sequence[Outcome[EventFrame]]:
    return await Messages(session=session).record(entries)


recorder = Recorder(kind="chat", record=record, announce=announce)
