"""What one person has in conversations, also in those that they have left: for the archive of their data."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.schemas.own import OwnChange, OwnMembership, OwnMessage
from app.domain.chat.services.rows import decode_card

# Both halves along an index of their own.
OF_PERSON = """
    SELECT conversation_id FROM members WHERE user_id = :user_id AND left_at IS NULL
    UNION ALL SELECT conversation_id FROM members WHERE user_id = :user_id AND left_at IS NOT NULL
"""

next_conversation = text(f"SELECT min(conversation_id) FROM ({OF_PERSON}) AS own WHERE conversation_id > :after")

conversation_page = text(f"""
    SELECT conversation_id FROM ({OF_PERSON}) AS own WHERE conversation_id > :after
    ORDER BY conversation_id LIMIT :limit
""")

own_memberships = text(f"""
    SELECT c.id AS conversation_id, c.kind, c.name, member.role, member.joined_at, member.left_at,
           member.last_read_seq, other.id AS with_id, other.username AS with_username
    FROM (SELECT conversation_id FROM ({OF_PERSON}) AS own WHERE conversation_id > :after
          ORDER BY conversation_id LIMIT :limit) AS own
    JOIN conversations c ON c.id = own.conversation_id
    JOIN members member ON member.conversation_id = c.id AND member.user_id = :user_id
    LEFT JOIN users other ON c.kind = 'direct' AND other.id = c.pair_low + c.pair_high - :user_id
    ORDER BY c.id
""")

own_messages = text("""
    SELECT seq, content, card::text AS card, sent_at, reply_to, edited_at, deleted_at FROM messages
    WHERE conversation_id = :conversation_id AND sender_id = :user_id AND kind IS NULL AND seq > :after
    ORDER BY seq LIMIT :limit
""")

own_changes = text(f"""
    SELECT made.conversation_id, made.seq, made.message_id, made.kind, made.content, made.made_at
    FROM changes made JOIN ({OF_PERSON}) AS own ON own.conversation_id = made.conversation_id
    WHERE made.actor_id = :user_id AND (made.conversation_id, made.seq) > (:conversation_id, :after)
    ORDER BY made.conversation_id, made.seq LIMIT :limit
""")


async def memberships(session: AsyncSession, user_id: int, after: int, limit: int) -> list[OwnMembership]:
    asked = {"user_id": user_id, "after": after, "limit": limit}
    return [OwnMembership(**row._mapping) for row in await session.execute(own_memberships, asked)]  # noqa: SLF001  SQLAlchemy's name


async def conversation_after(session: AsyncSession, user_id: int, after: int) -> int | None:
    found: int | None = await session.scalar(next_conversation, {"user_id": user_id, "after": after})
    return found


async def conversations_after(session: AsyncSession, user_id: int, after: int, limit: int) -> Sequence[int]:
    found = await session.scalars(conversation_page, {"user_id": user_id, "after": after, "limit": limit})
    return found.all()


async def messages(
    session: AsyncSession, user_id: int, conversation_id: int, after: int, limit: int
) -> list[OwnMessage]:
    """What they wrote in one conversation, oldest first. Not what the group itself said of them."""
    asked = {"user_id": user_id, "conversation_id": conversation_id, "after": after, "limit": limit}
    return [
        OwnMessage(
            id=row.seq,
            content=row.content,
            card=decode_card(row.card) if row.card else None,
            timestamp=row.sent_at,
            reply_to=row.reply_to,
            edited_at=row.edited_at,
            deleted_at=row.deleted_at,
        )
        for row in await session.execute(own_messages, asked)
    ]


async def changes(session: AsyncSession, user_id: int, after: tuple[int, int], limit: int) -> list[OwnChange]:
    """After an event, named by its conversation and number."""
    conversation_id, number = after
    asked = {"user_id": user_id, "conversation_id": conversation_id, "after": number, "limit": limit}
    return [
        OwnChange(
            conversation_id=row.conversation_id,
            seq=row.seq,
            message_id=row.message_id,
            kind=row.kind,
            content=row.content,
            timestamp=row.made_at,
        )
        for row in await session.execute(own_changes, asked)
    ]
