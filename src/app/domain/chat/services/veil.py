"""What a reader of a group is shown of people with whom they have a block: that something stands there, no more.

While a block stands, neither of the two sees anything of the other, old or new; when it is lifted, everything is back.
The hub does the same for sockets. A chat of the two stays readable as it was, and takes nothing more. Deletions are
told of all the same: they show nothing.
"""

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.models import Conversation
from app.domain.chat.schemas.events import EventFrame, MessageFrame, Withheld
from app.domain.chat.services.ledger import number_of, teller_of
from app.domain.social.services.blocks import Blocks


async def unseen_by(session: AsyncSession, reader_id: int) -> Collection[int]:
    """Of whom a reader sees nothing, in groups."""
    return (await Blocks(session=session).hidden_from([reader_id]))[reader_id]


async def unseen_in(session: AsyncSession, conversation: Conversation, reader_id: int) -> Collection[int]:
    return await unseen_by(session, reader_id) if conversation.kind == "group" else ()


def veiled_messages(messages: Sequence[MessageFrame], unseen: Collection[int]) -> list[MessageFrame]:
    return [blank(message) if teller_of(message) in unseen else message for message in messages]


def veiled_events(events: Sequence[EventFrame], unseen: Collection[int]) -> list[EventFrame | Withheld]:
    return [
        Withheld(number_of(event), event.conversation_id) if teller_of(event) in unseen else event for event in events
    ]


def blank(message: MessageFrame) -> MessageFrame:
    return MessageFrame(
        message_id=message.message_id,
        message="",
        sender_id=0,
        sender="",
        timestamp=message.timestamp,
        conversation_id=message.conversation_id,
        client_id="",
        kind="withheld",
    )
