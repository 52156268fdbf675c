"""The outbox of pushes: taken by one worker at a time, sent outside any transaction, settled one by one."""

from datetime import datetime
from typing import Any

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ColumnElement, Row, and_, delete, func, select, text, update

from app.domain.notices.models import Notification, Push, PushSubscription
from app.domain.notices.parcels import Parcel, Receipt
from app.domain.notices.rules.disturbing import is_quiet, may_disturb
from app.domain.notices.rules.push import LEASE, LIFETIME, Verdict, next_attempt
from app.domain.notices.schemas import NoticeBody
from app.domain.notices.services.devices import Devices

# A device that changed hands since is not this notification's reader's any more.
take = text("""
    WITH due AS (
        SELECT notification_id, subscription_id FROM pushes
        WHERE sent_at IS NULL AND failed_at IS NULL AND next_attempt_at <= now()
        ORDER BY next_attempt_at LIMIT :limit FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE pushes p SET attempts = attempts + 1, next_attempt_at = now() + :lease
        FROM due WHERE p.notification_id = due.notification_id AND p.subscription_id = due.subscription_id
        RETURNING p.notification_id, p.subscription_id, p.attempts
    )
    SELECT t.notification_id, t.subscription_id, t.attempts,
           n.kind, n.conversation_id, n.body::text AS body, n.created_at, n.read_at IS NOT NULL AS seen,
           s.endpoint, s.p256dh, s.auth, l.id IS NOT NULL AS logged_in, m.user_id IS NOT NULL AS muted,
           coalesce(c.push, true) AS push, coalesce(c.push_messages, 'all') AS push_messages,
           c.dnd_from, c.dnd_to, coalesce(c.zone, 'UTC') AS zone
    FROM taken t
    JOIN notifications n ON n.id = t.notification_id
    LEFT JOIN push_subscriptions s ON s.id = t.subscription_id AND s.user_id = n.user_id
    LEFT JOIN login_sessions l ON l.id = s.session_id AND l.ended_at IS NULL AND l.expires_at > now()
    LEFT JOIN mutes m ON m.user_id = n.user_id AND m.conversation_id = n.conversation_id
                     AND (m.until IS NULL OR m.until > now())
    LEFT JOIN notification_settings c ON c.user_id = n.user_id
""")


class Pushes(SQLAlchemyAsyncRepositoryService[Push]):
    class Repo(SQLAlchemyAsyncRepository[Push]):
        model_type = Push

    repository_type = Repo

    async def take(self, limit: int, now: datetime) -> tuple[list[Parcel], int]:
        """Up to so many that are due, and how many were looked at: those that must not disturb are dropped here.

        Each is counted as tried, and nobody else's for the length of a lease. Commit before sending: a worker that
        dies in between leaves them to the next attempt.
        """
        rows = (await self.repository.session.execute(take, {"limit": limit, "lease": LEASE})).all()
        wanted = [row for row in rows if _wanted(row, now)]
        for row in rows:
            if row not in wanted:
                await self.repository.session.execute(delete(Push).where(*_is(row)))
        return [_parcel(row) for row in wanted], len(rows)

    async def settle(self, parcel: Parcel, receipt: Receipt, now: datetime) -> bool:
        """Write down what became of it. Whether it was given up now; otherwise it was sent, or waits for its turn."""
        session = self.repository.session
        if receipt.verdict is Verdict.SENT:
            await session.execute(update(Push).where(*_is(parcel)).values(sent_at=func.now()))
            return False
        if receipt.verdict is Verdict.GONE:
            await Devices(session=session).forget(parcel.subscription_id)
            return False
        then = next_attempt(parcel.attempt, now, parcel.created_at, receipt.asked_pause)
        if receipt.verdict is Verdict.REFUSED or then is None:
            await session.execute(update(Push).where(*_is(parcel)).values(failed_at=func.now()))
            return True
        await session.execute(update(Push).where(*_is(parcel)).values(next_attempt_at=then))
        # What does not answer now is not asked for the device's other pushes either. Those that are under way settle
        # themselves: to wait for them would be to wait in a circle.
        waiting = (
            select(Push.notification_id)
            .where(Push.subscription_id == parcel.subscription_id, Push.next_attempt_at < then, _unsettled())
            .with_for_update(skip_locked=True)
        )
        await session.execute(
            update(Push)
            .where(Push.subscription_id == parcel.subscription_id, Push.notification_id.in_(waiting))
            .values(next_attempt_at=then)
            .execution_options(synchronize_session=False)
        )
        return False

    async def tidy(self) -> None:
        """Take away what no push can need any more: settled ones, those without a device, and what was not listed."""
        session = self.repository.session
        old = func.now() - 2 * LIFETIME
        orphaned = ~select(PushSubscription.id).where(PushSubscription.id == Push.subscription_id).exists()
        for stale in (
            delete(Notification).where(~Notification.listed, Notification.created_at < old),
            delete(Push).where(Push.next_attempt_at < old),
            delete(Push).where(orphaned),
        ):
            await session.execute(stale.execution_options(synchronize_session=False))


def _wanted(row: Row[Any], now: datetime) -> bool:
    """Is there still a device to send it to, and a reader who wants it now?"""
    return (
        row.logged_in
        and now < row.created_at + LIFETIME
        and may_disturb(
            row.kind,
            push=row.push,
            messages=row.push_messages,
            muted=row.muted,
            seen=row.seen,
            quiet=is_quiet(now, row.zone, row.dnd_from, row.dnd_to),
        )
    )


def _parcel(row: Row[Any]) -> Parcel:
    return Parcel(
        notification_id=row.notification_id,
        subscription_id=row.subscription_id,
        attempt=row.attempts,
        endpoint=row.endpoint,
        p256dh=row.p256dh,
        auth=row.auth,
        kind=row.kind,
        conversation_id=row.conversation_id,
        body=msgspec.json.decode(row.body, type=NoticeBody),
        created_at=row.created_at,
    )


def _is(one: Row[Any] | Parcel) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Push.notification_id == one.notification_id, Push.subscription_id == one.subscription_id


def _unsettled() -> ColumnElement[bool]:
    return and_(Push.sent_at.is_(None), Push.failed_at.is_(None))
