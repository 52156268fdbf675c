"""Finding people, and what they are to whoever looks. Who has blocked the reader is not there, as if they had left."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.social.rules import relation
from app.domain.social.schemas import PublicProfile
from app.errors import NoSuchUser

one_person = text("""
    SELECT u.id, u.username, u.first_name, u.last_name, u.bot_owner_id, u.avatar_id, f.asked_by, f.accepted_at,
           b.since AS blocked_since
    FROM users u
    LEFT JOIN friendships f ON f.low_id = least(u.id, :reader_id) AND f.high_id = greatest(u.id, :reader_id)
    LEFT JOIN blocks b ON b.blocker_id = :reader_id AND b.blocked_id = u.id
    WHERE u.id = :user_id AND u.deactivated_at IS NULL
      AND NOT EXISTS (SELECT FROM blocks WHERE blocker_id = u.id AND blocked_id = :reader_id)
""")

# The page is cut out first, along the index of usernames, so that only its people are joined.
by_username = text("""
    SELECT u.id, u.username, u.first_name, u.last_name, u.bot_owner_id, u.avatar_id, f.asked_by, f.accepted_at,
           NULL AS blocked_since
    FROM (
        SELECT id, username, first_name, last_name, bot_owner_id, avatar_id FROM users u
        WHERE lower(username) LIKE :pattern AND deactivated_at IS NULL AND id <> :reader_id
          AND NOT EXISTS (SELECT FROM blocks WHERE blocker_id = u.id AND blocked_id = :reader_id)
          AND NOT EXISTS (SELECT FROM blocks WHERE blocker_id = :reader_id AND blocked_id = u.id)
        ORDER BY lower(username) LIMIT :limit OFFSET :offset
    ) AS u
    LEFT JOIN friendships f ON f.low_id = least(u.id, :reader_id) AND f.high_id = greatest(u.id, :reader_id)
    ORDER BY lower(u.username)
""")


async def profile(session: AsyncSession, reader_id: int, user_id: int) -> PublicProfile:
    """Somebody as the reader may see them. Raises NoSuchUser, also for who has blocked the reader."""
    row = (await session.execute(one_person, {"reader_id": reader_id, "user_id": user_id})).one_or_none()
    if row is None:
        raise NoSuchUser
    return as_profile(row, reader_id)


async def search(session: AsyncSession, reader_id: int, prefix: str, limit: int, offset: int) -> list[PublicProfile]:
    """Other people whose username begins so, without regard to case, by username. No one blocked, in either way."""
    parameters = {"reader_id": reader_id, "pattern": beginning_with(prefix.lower()), "limit": limit, "offset": offset}
    return [as_profile(row, reader_id) for row in await session.execute(by_username, parameters)]


def beginning_with(prefix: str) -> str:
    """A pattern for LIKE, to which an underscore, as usernames may hold, would be any character."""
    for special in ("\\", "%", "_"):
        prefix = prefix.replace(special, f"\\{special}")
    return f"{prefix}%"


def as_profile(row: Row[Any], reader_id: int) -> PublicProfile:
    return PublicProfile(
        row.id,
        row.username,
        row.first_name,
        row.last_name,
        relation(
            blocked=row.blocked_since is not None,
            asked_by=row.asked_by,
            accepted=row.accepted_at is not None,
            other_id=row.id,
            reader_id=reader_id,
        ),
        is_bot=row.bot_owner_id is not None,
        avatar_id=None if row.blocked_since else row.avatar_id,
    )
