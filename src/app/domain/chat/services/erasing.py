"""Taking back what somebody said whose account is closed, as events in each conversation's own order.

Past the inbox, which takes nothing from a closed account, and also in conversations that they have left. The row that
numbers come from is locked first; what is left to do is read under that lock, so that a second worker, or one that
comes back from the dead, finds nothing of what was done.
"""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.services import Accounts
from app.domain.chat.models import Conversation
from app.domain.chat.rules import NotAGroup, NotAMember
from app.domain.chat.schemas.entries import Deletion, Reaction
from app.domain.chat.schemas.events import EventFrame
from app.domain.chat.services import statements as sql
from app.domain.chat.services.acts import Happening
from app.domain.chat.services.ledger import Known, Ledger
from app.domain.chat.services.members import Members
from app.domain.chat.services.messages import Messages
from app.domain.chat.services.rows import as_message
from app.domain.chat.services.sending import new_client_id

messages_left = text("""
    SELECT seq FROM messages
    WHERE conversation_id = :conversation_id AND sender_id = :user_id AND kind IS NULL AND deleted_at IS NULL
    ORDER BY seq LIMIT :limit
""")

# A change is remembered for each reaction, so that not every message has to be looked at.
reactions_left = text("""
    SELECT DISTINCT made.message_id AS seq, made.content AS emoji
    FROM changes made
    JOIN messages m ON m.conversation_id = made.conversation_id AND m.seq = made.message_id
    WHERE made.conversation_id = :conversation_id AND made.actor_id = :user_id AND made.kind = 'reacted'
      AND m.sender_id <> :user_id AND m.deleted_at IS NULL
      AND m.reactions -> made.content @> to_jsonb(CAST(:user_id AS bigint))
    ORDER BY 1, 2 LIMIT :limit
""").bindparams(bindparam("user_id", type_=BigInteger))


async def take_back(session: AsyncSession, conversation_id: int, user_id: int, limit: int) -> list[EventFrame]:
    """Delete the next messages of somebody, then take off their reactions: about `limit` at most, none when done.

    Announce what it answers after the commit.
    """
    locked = select(Conversation.last_seq).where(Conversation.id == conversation_id).with_for_update()
    last_seq = (await session.scalars(locked)).one()
    asked = {"conversation_id": conversation_id, "user_id": user_id, "limit": limit}
    entries: list[Deletion | Reaction] = [
        Deletion(conversation_id, user_id, new_client_id(), row.seq)
        for row in await session.execute(messages_left, asked)
    ]
    if len(entries) < limit:
        entries += [
            Reaction(conversation_id, user_id, new_client_id(), row.seq, row.emoji, on=False)
            for row in await session.execute(reactions_left, asked)
        ]
    if not entries:
        return []
    numbers = [entry.message_id for entry in entries]
    keys = {"conversations": [conversation_id] * len(numbers), "numbers": numbers}
    targets = {row.seq: as_message(row) for row in await session.execute(sql.targets, keys)}
    person = (await Accounts(session=session).people([user_id]))[user_id]
    ledger = Ledger(datetime.now(UTC))
    events = [
        ledger.take(
            entry,
            Known(
                last_seq=last_seq,
                username=person.username,
                role="member",
                muted_until=None,
                blocked=False,
                stored=None,
                fingerprint=b"",
                target=targets[entry.message_id],
            ),
        )
        for entry in entries
    ]
    await Messages(session=session).write(ledger)
    return events


async def withdraw(session: AsyncSession, conversation_id: int, user_id: int) -> Happening | None:
    """Leave a group, if it is one, and if they are in it. A chat of two stays with the other one."""
    try:
        return await Members(session=session).leave(conversation_id, user_id)
    except (NotAMember, NotAGroup):
        return None
