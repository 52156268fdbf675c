"""How far each member has read, and what they have not.

Nothing is counted ahead: what is unread follows from the position and the messages, so it cannot be stuck or wrong.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.rules import UNREAD_COUNTED, UNREAD_LOOKED_AT, NotAMember
from app.domain.chat.schemas.reading import Totals, Unread
from app.domain.chat.services.statements import BIGINTS
from app.domain.chat.services.veil import unseen_by

advance = text("""
    UPDATE members SET last_read_seq = greatest(last_read_seq, least(:number, c.last_seq)), read_at = now()
    FROM conversations c
    WHERE c.id = conversation_id AND conversation_id = :conversation_id AND user_id = :user_id AND left_at IS NULL
    RETURNING new.last_read_seq AS position, old.last_read_seq AS before, new.read_at
""")

# Among the newest so many after the position; PostgreSQL looks no further than it counts. The mentions have an index of
# their own, of the few messages that mention anybody.
unread = text("""
    SELECT mine.conversation_id, mine.last_read_seq AS position, coalesce(message.total, 0) AS messages,
           coalesce(mention.total, 0) AS mentions
    FROM members mine
    JOIN conversations c ON c.id = mine.conversation_id
    LEFT JOIN LATERAL (
        SELECT count(*) AS total FROM (
            SELECT FROM (
                SELECT sender_id, kind, deleted_at FROM messages
                WHERE conversation_id = mine.conversation_id AND seq > mine.last_read_seq
                ORDER BY seq DESC LIMIT :looked_at
            ) AS newest
            WHERE sender_id <> mine.user_id AND kind IS NULL AND deleted_at IS NULL
              AND (c.kind = 'direct' OR sender_id <> ALL(:unseen))
            LIMIT :counted
        ) AS counted
    ) AS message ON c.last_seq > mine.last_read_seq
    LEFT JOIN LATERAL (
        SELECT count(*) AS total FROM (
            SELECT FROM messages
            WHERE conversation_id = mine.conversation_id AND seq > mine.last_read_seq AND mentions <> '{}'
              AND mine.user_id = ANY(mentions) AND sender_id <> mine.user_id
              AND (c.kind = 'direct' OR sender_id <> ALL(:unseen))
            LIMIT :counted
        ) AS counted
    ) AS mention ON c.last_seq > mine.last_read_seq
    WHERE mine.user_id = :reader AND mine.left_at IS NULL
      AND (mine.conversation_id = ANY(:ids) OR (:everything AND c.last_seq > mine.last_read_seq))
""").bindparams(bindparam("ids", type_=BIGINTS), bindparam("unseen", type_=BIGINTS))


class Advance(NamedTuple):
    """A member's position now, and whether this moved it."""

    position: int
    moved: bool
    read_at: datetime


async def mark_read(session: AsyncSession, conversation_id: int, user_id: int, number: int) -> Advance:
    """Somebody has read up to a number. Positions only rise, and never beyond what there is. Raises NotAMember."""
    keys = {"conversation_id": conversation_id, "user_id": user_id, "number": number}
    row = (await session.execute(advance, keys)).one_or_none()
    if row is None:
        raise NotAMember
    return Advance(row.position, row.position > row.before, row.read_at)


async def unread_in(session: AsyncSession, reader_id: int, conversation_ids: Collection[int]) -> dict[int, Unread]:
    return await _unread(session, reader_id, conversation_ids, everything=False)


async def totals_of(session: AsyncSession, reader_id: int) -> Totals:
    """Over all of somebody's conversations."""
    found = [one for one in (await _unread(session, reader_id, (), everything=True)).values() if one.messages]
    return Totals(len(found), sum(one.messages for one in found), sum(one.mentions for one in found))


async def _unread(
    session: AsyncSession, reader_id: int, conversation_ids: Collection[int], *, everything: bool
) -> dict[int, Unread]:
    parameters = {
        "reader": reader_id,
        "ids": list(conversation_ids),
        "everything": everything,
        "unseen": list(await unseen_by(session, reader_id)),
        "counted": UNREAD_COUNTED,
        "looked_at": UNREAD_LOOKED_AT,
    }
    rows = await session.execute(unread, parameters)
    return {row.conversation_id: Unread(row.position, row.messages, row.mentions) for row in rows}
