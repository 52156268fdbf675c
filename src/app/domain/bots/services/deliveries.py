"""Which outgoing webhook is due, and what became of a delivery: in PostgreSQL, so that any worker can go on.

A webhook is leased to one worker at a time, which delivers its events one after the other and moves its position after
each. So a worker that dies leaves at most one delivery to be repeated, under the same id, by whoever takes the webhook
when the lease has run out. One that was frozen finds the lease taken over when it wants to move the position, and lets
go.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.models import in_good_standing
from app.domain.bots.models import OutgoingWebhook, WebhookDelivery
from app.domain.bots.rules import DELIVERIES_SHOWN, GONE, is_hopeless, pause_after
from app.domain.bots.services.couriers import Answer
from app.domain.bots.services.parcels import Parcel
from app.domain.chat.services.conversations import Conversations
from app.domain.notices.services.notifications import Kind, Notice, NoticeBody, Notifications, Notified

LEASE = timedelta(seconds=20)
"""Longer than one delivery may take; each one that succeeds renews it."""

# Who answers for a webhook has to be in the conversation: nobody who was removed goes on reading through one.
due = text(f"""
    SELECT w.id, c.last_seq, now() AS now FROM outgoing_webhooks w
    JOIN conversations c ON c.id = w.conversation_id
    JOIN members m ON m.conversation_id = w.conversation_id AND m.user_id = w.owner_id AND m.left_at IS NULL
    JOIN users u ON u.id = w.owner_id AND {in_good_standing("u")}
    WHERE w.leased_until <= now()
      AND (w.ping_asked_at IS NOT NULL
           OR (w.disabled_at IS NULL AND w.next_attempt_at <= now() AND w.position < c.last_seq))
    ORDER BY w.next_attempt_at LIMIT :room
    FOR UPDATE OF w SKIP LOCKED
""")


@dataclass(frozen=True)
class Lease:
    """A webhook that is ours to deliver for. Its `leased_until` and `position` prove it."""

    webhook: OutgoingWebhook
    last_seq: int
    """How far its conversation has come."""
    taken_at: datetime

    @property
    def has_news(self) -> bool:
        webhook = self.webhook
        return (
            webhook.disabled_at is None
            and webhook.next_attempt_at <= self.taken_at
            and webhook.position < self.last_seq
        )


class Deliveries:
    """Each of these is a transaction of its caller's. None for a lease means that it is not ours any more."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take(self, room: int) -> list[Lease]:
        """So many webhooks that are due, those first that have waited longest. Nobody else gets them meanwhile."""
        found = {row.id: row for row in await self._session.execute(due, {"room": room})}
        webhooks = await self._session.scalars(select(OutgoingWebhook).where(OutgoingWebhook.id.in_(found)))
        leases = [Lease(webhook, found[webhook.id].last_seq, found[webhook.id].now) for webhook in webhooks]
        for lease in leases:
            lease.webhook.leased_until = lease.taken_at + LEASE
        await self._session.flush()
        return leases

    async def pass_over(self, lease: Lease, position: int) -> Lease | None:
        """Move on to a position without having delivered anything: nobody asked for these events."""
        return await self._go_on(lease, position)

    async def delivered(self, lease: Lease, position: int, parcel: Parcel, answer: Answer) -> Lease | None:
        return await self._go_on(lease, position, parcel, answer)

    async def pinged(self, lease: Lease, parcel: Parcel, answer: Answer) -> Lease | None:
        """What became of a test changes nothing else."""
        ours = await self._ours(lease)
        if ours is None:
            return None
        webhook, now = ours
        webhook.ping_asked_at = None
        await self._note(webhook, parcel, answer, now)
        return Lease(webhook, lease.last_seq, lease.taken_at)

    async def failed(self, lease: Lease, parcel: Parcel, answer: Answer) -> list[Notified]:
        """Give the webhook back, to be tried again after a pause. If that is hopeless it is switched off.

        Its owner is notified of that: what there is to tell after the commit.
        """
        ours = await self._ours(lease)
        if ours is None:
            return []
        webhook, now = ours
        webhook.failures += 1
        webhook.failing_since = webhook.failing_since or now
        webhook.next_attempt_at = now + pause_after(webhook.failures, random())  # noqa: S311  spreads load, no secret
        webhook.leased_until = now
        await self._note(webhook, parcel, answer, now)
        if webhook.disabled_at or not is_hopeless(answer.status, webhook.failing_since, now):
            return []
        webhook.disabled_at = now
        webhook.disabled_because = "gone" if answer.status == GONE else "failing"
        group = await Conversations(session=self._session).get(webhook.conversation_id)
        notice = Notice(
            user_id=webhook.owner_id,
            key=f"webhook_disabled:{webhook.id}:{webhook.attempts}",
            kind=Kind.WEBHOOK_DISABLED,
            body=NoticeBody(conversation=group.name, url=webhook.url),
            conversation_id=group.id,
        )
        return await Notifications(session=self._session).notify([notice])

    async def give_back(self, lease: Lease) -> None:
        if ours := await self._ours(lease):
            webhook, now = ours
            webhook.leased_until = now
            await self._session.flush()

    async def _go_on(
        self, lease: Lease, position: int, parcel: Parcel | None = None, answer: Answer | None = None
    ) -> Lease | None:
        ours = await self._ours(lease)
        if ours is None:
            return None
        webhook, now = ours
        webhook.position = position
        webhook.leased_until = now + LEASE
        if parcel and answer:
            webhook.failures, webhook.failing_since = 0, None
            await self._note(webhook, parcel, answer, now)
        await self._session.flush()
        return Lease(webhook, lease.last_seq, lease.taken_at)

    async def _ours(self, lease: Lease) -> tuple[OutgoingWebhook, datetime] | None:
        """The row, locked, and PostgreSQL's time; None when somebody else has it, set its position, or deleted it."""
        known = lease.webhook
        found = await self._session.execute(
            select(OutgoingWebhook, func.now())
            .where(
                OutgoingWebhook.id == known.id,
                OutgoingWebhook.leased_until == known.leased_until,
                OutgoingWebhook.position == known.position,
            )
            .with_for_update()
        )
        row = found.one_or_none()
        return None if row is None else (row[0], row[1])

    async def _note(self, webhook: OutgoingWebhook, parcel: Parcel, answer: Answer, now: datetime) -> None:
        webhook.attempts += 1
        said = {
            "attempt": webhook.attempts,
            "message": parcel.id,
            "event": parcel.event,
            "attempted_at": now,
            "status": answer.status,
            "problem": answer.problem,
            "milliseconds": answer.milliseconds,
        }
        slot = {"webhook_id": webhook.id, "slot": webhook.attempts % DELIVERIES_SHOWN}
        note = insert(WebhookDelivery).values(slot | said)
        await self._session.execute(note.on_conflict_do_update(index_elements=list(slot), set_=said))
        await self._session.flush()
