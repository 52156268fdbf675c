"""Notifications: written in the transaction of their cause, together with the pushes that they owe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnExpressionArgument,
    Text,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)

from app.domain.notices.models import Notification
from app.domain.notices.rules.kinds import Kind, excerpt
from app.domain.notices.schemas import NoticeBody, NotificationOut, NotificationPage

__all__ = ["Kind", "Notice", "NoticeBody", "Notifications", "Notified", "excerpt"]

# In the order of the unique key, so that two who notify the same people never wait for each other in a circle.
# Only what is listed is worth a row by itself; the rest is, if there is a device to push it to.
record = text("""
    WITH reachable AS (
        SELECT s.id, s.user_id
        FROM push_subscriptions s JOIN login_sessions l ON l.id = s.session_id
        WHERE s.user_id = ANY(:users) AND l.ended_at IS NULL AND l.expires_at > now()
    ), fresh AS (
        INSERT INTO notifications (user_id, key, kind, conversation_id, body, listed)
        SELECT user_id, key, kind, conversation_id, body::jsonb, listed
        FROM unnest(:users, :keys, :kinds, :conversations, :bodies, :listed)
             AS given (user_id, key, kind, conversation_id, body, listed)
        WHERE listed OR user_id IN (SELECT user_id FROM reachable)
        ORDER BY user_id, key
        ON CONFLICT (user_id, key) DO NOTHING
        RETURNING id, user_id, key, created_at
    ), owed AS (
        INSERT INTO pushes (notification_id, subscription_id)
        SELECT fresh.id, reachable.id FROM fresh JOIN reachable USING (user_id)
        RETURNING notification_id
    )
    SELECT id, user_id, key, created_at, id IN (SELECT notification_id FROM owed) AS pushed FROM fresh ORDER BY id
""").bindparams(
    bindparam("users", type_=ARRAY(BigInteger)),
    bindparam("keys", type_=ARRAY(Text)),
    bindparam("kinds", type_=ARRAY(Text)),
    bindparam("conversations", type_=ARRAY(BigInteger)),
    bindparam("bodies", type_=ARRAY(Text)),
    bindparam("listed", type_=ARRAY(Boolean)),
)

encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody should know. The same key for the same reader is the same notice, however often it is given."""

    user_id: int
    key: str
    kind: Kind
    body: NoticeBody
    conversation_id: int | None = None
    """The conversation that it is about, which its reader may have muted."""
    listed: bool = True
    """False to push it only."""


@dataclass(frozen=True, slots=True)
class Notified:
    """A notice that is new. Tell it with `notices.tasks.telling` after the commit."""

    user_id: int
    notification: NotificationOut
    listed: bool
    pushed: bool
    """Does it wait for the worker that pushes?"""


class Notifications(SQLAlchemyAsyncRepositoryService[Notification]):
    class Repo(SQLAlchemyAsyncRepository[Notification]):
        model_type = Notification

    repository_type = Repo

    async def notify(self, notices: Sequence[Notice]) -> list[Notified]:
        """Write notices, hundreds at once in one statement, and the pushes that they owe. Answers those that are new.

        Muted conversations and hours of no disturbance count when a push is sent, not here.
        """
        given = {(notice.user_id, notice.key): notice for notice in notices}
        if not given:
            return []
        columns = {
            "users": [notice.user_id for notice in given.values()],
            "keys": [notice.key for notice in given.values()],
            "kinds": [notice.kind.value for notice in given.values()],
            "conversations": [notice.conversation_id for notice in given.values()],
            "bodies": [encode(notice.body).decode() for notice in given.values()],
            "listed": [notice.listed for notice in given.values()],
        }
        rows = await self.repository.session.execute(record, columns)
        return [_notified(given[row.user_id, row.key], row.id, row.created_at, pushed=row.pushed) for row in rows]

    async def page(self, user_id: int, *, before: int | None, limit: int, unread: bool) -> NotificationPage:
        """Newest first, from below `before` where one is given; with `unread`, only what was not read."""
        statement = select(Notification).where(*_of(user_id)).order_by(Notification.id.desc()).limit(limit + 1)
        if before is not None:
            statement = statement.where(Notification.id < before)
        if unread:
            statement = statement.where(Notification.read_at.is_(None))
        found = (await self.repository.session.scalars(statement)).all()
        return NotificationPage(
            notifications=[_as_out(one) for one in found[:limit]],
            before=found[limit - 1].id if len(found) > limit else None,
            unread=await self.unread_count(user_id),
        )

    async def unread_count(self, user_id: int) -> int:
        unread = select(func.count()).select_from(Notification).where(*_of(user_id), Notification.read_at.is_(None))
        return int(await self.repository.session.scalar(unread) or 0)

    async def mark_read(self, user_id: int, *, up_to_id: int | None = None, ids: Sequence[int] = ()) -> int:
        """Mark as read all up to and with one, or these; how many were not before. Somebody else's are passed over."""
        which = Notification.id.in_(ids) if up_to_id is None else Notification.id <= up_to_id
        result = await self.repository.session.execute(
            update(Notification)
            .where(*_of(user_id), which, Notification.read_at.is_(None))
            .values(read_at=func.now())
            .execution_options(synchronize_session=False)
        )
        return int(result.rowcount)

    async def discard(self, user_id: int, notification_id: int) -> bool:
        """Delete one, and what was still to be pushed of it. False when there is none of theirs."""
        gone = await self.repository.session.scalar(
            delete(Notification)
            .where(*_of(user_id), Notification.id == notification_id)
            .returning(Notification.id)
            .execution_options(synchronize_session=False)
        )
        return gone is not None

    async def discard_all(self, user_id: int) -> int | None:
        """Delete the whole list. The id of the newest that was in it."""
        gone = delete(Notification).where(*_of(user_id)).returning(Notification.id).cte()
        newest: int | None = await self.repository.session.scalar(select(func.max(gone.c.id)))
        return newest


def _as_out(row: Notification) -> NotificationOut:
    return NotificationOut(
        id=row.id,
        kind=row.kind,
        conversation_id=row.conversation_id,
        body=msgspec.convert(row.body, NoticeBody),
        created_at=row.created_at,
        read_at=row.read_at,
    )


def _of(user_id: int) -> tuple[ColumnExpressionArgument[bool], ...]:
    return Notification.user_id == user_id, Notification.listed


def _notified(notice: Notice, notification_id: int, created_at: datetime, *, pushed: bool) -> Notified:
    out = NotificationOut(
        id=notification_id,
        kind=notice.kind,
        conversation_id=notice.conversation_id,
        body=notice.body,
        created_at=created_at,
        read_at=None,
    )
    return Notified(notice.user_id, out, listed=notice.listed, pushed=pushed)
