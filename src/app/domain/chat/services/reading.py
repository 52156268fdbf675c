"""How far each member has read, and what they have not.

Nothing is counted ahead: what is unread follows from the position and the messages, so it cannot be stuck or wrong.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.rules import UNREAD_COUNTED, UNREAD_LOOKED_AT, NotAMember
from app.domain.chat.schemas.reading import Totals, Unread
from app.domain.chat.services.statements import BIGINTS, statement
from app.domain.chat.services.veil import unseen_by

advance = text("""
    UPDATE members SET last_read_seq = greatest(last_read_seq, least(:number, c.last_seq)), read_at = now()
    FROM conversations c
    WHERE c.id = conversation_id AND conversation_id = :conversation_id AND user_id = :user_id AND left_at IS NULL
    RETURNING new.last_read_seq AS position, old.last_read_seq AS before, new.read_at
""")

# Nobody's own messages, no group's own, nothing deleted, and in groups nothing by those with whom there is a block.
UNREAD = """
    FROM messages
    WHERE conversation_id = mine.conversation_id AND seq > greatest(mine.last_read_seq, c.last_seq - :looked_at)
      AND sender_id <> mine.user_id AND kind IS NULL AND deleted_at IS NULL
      AND (c.kind = 'direct' OR sender_id <> ALL(:unseen))
"""

# Mentions have an index of their own, of the few messages that mention anybody.
MENTIONS = """
    SELECT count(*) AS total FROM (
        SELECT FROM messages
        WHERE conversation_id = mine.conversation_id AND seq > greatest(mine.last_read_seq, c.last_seq - :looked_at)
          AND mentions <> '{}' AND mine.user_id = ANY(mentions) AND sender_id <> mine.user_id
          AND (c.kind = 'direct' OR sender_id <> ALL(:unseen))
        LIMIT :counted
    ) AS counted
"""

unread = statement(
    f"""
    SELECT mine.conversation_id, mine.last_read_seq AS position, message.total AS messages, mention.total AS mentions
    FROM members mine
    JOIN conversations c ON c.id = mine.conversation_id
    CROSS JOIN LATERAL (SELECT count(*) AS total FROM (SELECT {UNREAD} LIMIT :counted) AS counted) AS message
    CROSS JOIN LATERAL ({MENTIONS}) AS mention
    WHERE mine.user_id = :reader AND mine.left_at IS NULL AND mine.conversation_id = ANY(:ids)
    """,
    ids=BIGINTS,
    unseen=BIGINTS,
)

totals = statement(
    f"""
    SELECT count(*) FILTER (WHERE EXISTS (SELECT {UNREAD})) AS conversations,
           coalesce(sum(mention.total), 0) AS mentions
    FROM members mine
    JOIN conversations c ON c.id = mine.conversation_id AND c.last_seq > mine.last_read_seq
    CROSS JOIN LATERAL ({MENTIONS}) AS mention
    WHERE mine.user_id = :reader AND mine.left_at IS NULL
    """,
    unseen=BIGINTS,
)


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
    """What somebody has not read of each of these conversations."""
    found = await session.execute(unread, {**await _looked_for(session, reader_id), "ids": list(conversation_ids)})
    return {row.conversation_id: Unread(row.position, row.messages, row.mentions) for row in found}


async def totals_of(session: AsyncSession, reader_id: int) -> Totals:
    """Over all of somebody's conversations."""
    row = (await session.execute(totals, await _looked_for(session, reader_id))).one()
    return Totals(row.conversations, int(row.mentions))


async def _looked_for(session: AsyncSession, reader_id: int) -> dict[str, Any]:
    return {
        "reader": reader_id,
        "unseen": list(await unseen_by(session, reader_id)),
        "counted": UNREAD_COUNTED,
        "looked_at": UNREAD_LOOKED_AT,
    }
