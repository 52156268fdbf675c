"""What is too old to be kept, and what was said in groups that have ended. In small steps, each its own transaction.

Past the retention nothing is read any more, and texts, names and reactions are gone for good. The empty rows stay: by
them a message that is sent again, years later too, is still known and not stored anew. Of a group that has ended nobody
can send anything again, so of that the rows go as well.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.models import Conversation
from app.domain.files.services.files import Files

EVENTS_AT_ONCE = 1000
CONVERSATIONS_AT_ONCE = 500

# One that has ended, or whose next event, in one of the two tables, is past its time.
next_due = text("""
    SELECT c.id FROM conversations c
    LEFT JOIN messages m ON m.conversation_id = c.id AND m.seq = c.forgotten_until + 1
    LEFT JOIN changes made ON made.conversation_id = c.id AND made.seq = c.forgotten_until + 1
    WHERE c.id > :after AND c.forgotten_until < c.last_seq
      AND (c.ended_at IS NOT NULL
           OR coalesce(m.sent_at, made.made_at)
              < CAST(:now AS timestamptz) - make_interval(days => least(c.retention_days, CAST(:days AS bigint))::int))
    ORDER BY c.id LIMIT :limit
""")

# Events are numbered without gaps, in the order of their times but for the clocks of different workers.
last_old = text("""
    SELECT coalesce(min(seq) FILTER (WHERE happened_at >= :before) - 1, max(seq))
    FROM (
        SELECT seq, sent_at AS happened_at FROM messages
        WHERE conversation_id = :id AND seq > :after AND seq <= :until
        UNION ALL
        SELECT seq, made_at FROM changes WHERE conversation_id = :id AND seq > :after AND seq <= :until
    ) AS next
""")

empty_messages = text("""
    UPDATE messages
    SET content = '', mentions = '{}', reactions = '{}', attachments = '[]', card = NULL,
        deleted_at = coalesce(deleted_at, :now)
    WHERE conversation_id = :id AND seq > :after AND seq <= :until
""")

# Also the later edits of messages that go now.
empty_changes = text("""
    UPDATE changes SET content = '', mentions = '{}'
    WHERE conversation_id = :id
      AND (seq > :after AND seq <= :until OR kind = 'edited' AND message_id > :after AND message_id <= :until)
""")

erase_messages = text("DELETE FROM messages WHERE conversation_id = :id AND seq <= :until")
erase_changes = text("DELETE FROM changes WHERE conversation_id = :id AND seq <= :until")
erase_bans = text("DELETE FROM bans WHERE conversation_id = :id")
erase_invites = text("DELETE FROM invites WHERE conversation_id = :id")


async def due(session: AsyncSession, days: int | None, now: datetime, after: int) -> Sequence[int]:
    """The next conversations with something to forget, by id. `days` is how long the server keeps messages."""
    asked = {"days": days, "now": now, "after": after, "limit": CONVERSATIONS_AT_ONCE}
    return (await session.scalars(next_due, asked)).all()


async def forget_some(session: AsyncSession, conversation_id: int, days: int | None, now: datetime) -> bool:
    """Forget the next events of a conversation that are past its time. Whether to come back for more."""
    found = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    conversation = (await session.scalars(found)).one()
    after, last = conversation.forgotten_until, conversation.last_seq
    until = min(after + EVENTS_AT_ONCE, last)
    if conversation.ended_at:
        await erase(session, conversation, until)
    else:
        kept = [one for one in (days, conversation.retention_days) if one]
        until = await empty(session, conversation, until, now, now - timedelta(days=min(kept))) if kept else after
    conversation.forgotten_until = until
    return until == after + EVENTS_AT_ONCE < last


async def empty(session: AsyncSession, conversation: Conversation, until: int, now: datetime, before: datetime) -> int:
    """The number of the last event that was from before a time, and is empty now."""
    step = {"id": conversation.id, "after": conversation.forgotten_until, "until": until}
    until = await session.scalar(last_old, {**step, "before": before}) or conversation.forgotten_until
    await session.execute(empty_messages, {**step, "until": until, "now": now})
    await Files(session=session).release(conversation.id, range(conversation.forgotten_until + 1, until + 1))
    await session.execute(empty_changes, {**step, "until": until})
    return until


async def erase(session: AsyncSession, conversation: Conversation, until: int) -> None:
    step = {"id": conversation.id, "until": until}
    await Files(session=session).release(conversation.id, range(conversation.forgotten_until + 1, until + 1))
    for statement in (erase_messages, erase_changes):
        await session.execute(statement, step)
    if until == conversation.last_seq:
        conversation.name = conversation.topic = None
        for statement in (erase_bans, erase_invites):
            await session.execute(statement, step)
