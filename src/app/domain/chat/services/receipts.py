"""Who may know how far somebody has read, and telling them."""

from collections.abc import Collection
from contextlib import suppress

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.rules import RECEIPTS_SHOWN
from app.domain.chat.schemas.reading import ReadFrame, Receipt
from app.domain.chat.services import reading
from app.domain.social.services.blocks import Blocks
from app.domain.social.services.privacy import Privacy
from app.hub import events
from app.hub.events import EPHEMERAL, Event
from app.resources import Sessions

encode = msgspec.json.Encoder().encode

positions = text("""
    SELECT user_id, last_read_seq AS position, read_at FROM members
    WHERE conversation_id = :conversation_id AND left_at IS NULL AND read_at IS NOT NULL AND user_id <> :reader
    ORDER BY last_read_seq DESC, user_id LIMIT :limit
""")

present = text("SELECT user_id FROM members WHERE conversation_id = :conversation_id AND left_at IS NULL LIMIT :limit")


async def read_up_to(sessions: Sessions, redis: "Redis", conversation_id: int, user_id: int, number: int) -> ReadFrame:
    """Move somebody's position; tell their other devices and, where it moved, the other members. Raises NotAMember."""
    async with sessions.begin() as session:
        advance = await reading.mark_read(session, conversation_id, user_id, number)
        left = (await reading.unread_in(session, user_id, [conversation_id]))[conversation_id]
        hearers = await hearers_of(session, conversation_id, user_id) if advance.moved else ()
    frame = ReadFrame(conversation_id, left.position, left.messages, left.mentions)
    receipt = Receipt(conversation_id, user_id, advance.position, advance.read_at)
    pipeline = redis.pipeline(transaction=False)
    events.publish(pipeline, events.user(user_id), [Event(EPHEMERAL, encode(frame).decode())])
    for hearer in hearers:
        events.publish(pipeline, events.user(hearer), [Event(EPHEMERAL, encode(receipt).decode())])
    with suppress(RedisError, OSError):  # It is stored; who does not hear of it now sees it at the next look.
        await pipeline.execute()
    return frame


async def receipts_of(session: AsyncSession, conversation_id: int, reader_id: int) -> list[Receipt]:
    """How far the others have read, the furthest first: those who tell, to a reader who tells as well."""
    keys = {"conversation_id": conversation_id, "reader": reader_id, "limit": RECEIPTS_SHOWN}
    rows = (await session.execute(positions, keys)).all()
    tell = await tellers(session, reader_id, {row.user_id for row in rows})
    return [Receipt(conversation_id, row.user_id, row.position, row.read_at) for row in rows if row.user_id in tell]


async def hearers_of(session: AsyncSession, conversation_id: int, reader_id: int) -> Collection[int]:
    """To whom it is told live how far somebody has read. Nobody in a group that is larger than receipts are shown."""
    keys = {"conversation_id": conversation_id, "limit": RECEIPTS_SHOWN + 1}
    members = {row.user_id for row in await session.execute(present, keys)}
    if len(members) > RECEIPTS_SHOWN:
        return ()
    return await tellers(session, reader_id, members - {reader_id})


async def tellers(session: AsyncSession, reader_id: int, others: Collection[int]) -> Collection[int]:
    """With whom of the others somebody exchanges receipts: both of them tell, and there is no block between them."""
    settings = await Privacy(session=session).of({reader_id, *others})
    if not settings[reader_id].receipts:
        return ()
    unseen = (await Blocks(session=session).hidden_from([reader_id]))[reader_id]
    return {other for other in others if settings[other].receipts and other not in unseen}
