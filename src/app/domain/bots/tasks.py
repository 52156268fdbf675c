"""What a worker does with outgoing webhooks, for as long as it lives. A lost turn is made good by the next look."""

import asyncio
from datetime import UTC, datetime
from time import monotonic

import structlog

from app.domain.bots.services.couriers import Answer, Courier
from app.domain.bots.services.deliveries import Deliveries, Lease
from app.domain.bots.services.parcels import Parcel, parcel_of, ping_of, signed
from app.domain.chat.services import veil
from app.domain.chat.services.journal import MessageJournal
from app.domain.notices.tasks.telling import tell
from app.hub import events
from app.outages import is_outage
from app.resources import Resources, Sessions

LOOK_SECONDS = 0.5
"""How long an event may wait for its delivery to begin."""

ROUNDS_AT_ONCE = 16
"""Webhooks that one worker process delivers for at a time; each may be waiting for a slow receiver."""

ROUND_SECONDS = 2.0
"""After so long a webhook is given back: others get their turn, and whether its owner may still read is asked anew."""

PAGE = 50
log = structlog.get_logger()


async def deliver_webhooks(resources: Resources) -> None:
    """Look for webhooks that are due, and deliver for as many as there is room for."""
    rounds: set[asyncio.Task[None]] = set()
    async with Courier.at_work(inside=resources.settings.webhooks_stay_inside) as courier:
        try:
            while True:
                for lease in await take(resources.sessions, ROUNDS_AT_ONCE - len(rounds)):
                    rounds.add(asyncio.create_task(go_round(resources, courier, lease)))
                if rounds:
                    _, rounds = await asyncio.wait(rounds, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                else:
                    await asyncio.sleep(LOOK_SECONDS)
        finally:
            for one in rounds:
                one.cancel()
            await asyncio.gather(*rounds, return_exceptions=True)


async def take(sessions: Sessions, room: int) -> list[Lease]:
    if not room:
        return []
    try:
        async with sessions.begin() as session:
            return await Deliveries(session).take(room)
    except Exception as error:
        if not is_outage(error):
            log.exception("Looking for webhooks failed")
        return []


async def go_round(resources: Resources, courier: Courier, lease: Lease) -> None:
    """One turn of one webhook. What goes wrong on our side leaves it to whoever takes it after its lease."""
    try:
        await Round(resources, courier, lease).run()
    except Exception as error:
        if is_outage(error):
            log.warning("A webhook waits for PostgreSQL", webhook=lease.webhook.id, error=repr(error))
        else:
            log.exception("A webhook's turn failed", webhook=lease.webhook.id)


class Round:
    def __init__(self, resources: Resources, courier: Courier, lease: Lease) -> None:
        self._sessions = resources.sessions
        self._redis = resources.redis
        self._courier = courier
        self._lease: Lease | None = lease
        """None once the webhook is not ours any more."""

    async def run(self) -> None:
        if self._lease and self._lease.webhook.ping_asked_at:
            await self._ping(self._lease)
        if self._lease and self._lease.has_news:
            await self._deliver(self._lease)
        if self._lease:
            async with self._sessions.begin() as session:
                await Deliveries(session).give_back(self._lease)

    async def _ping(self, lease: Lease) -> None:
        parcel = ping_of(lease.webhook)
        answer = await self._carry(lease, parcel)
        async with self._sessions.begin() as session:
            self._lease = await Deliveries(session).pinged(lease, parcel, answer)

    async def _deliver(self, lease: Lease) -> None:
        """One page of events, in order. The first that fails ends it: no event overtakes another.

        It reads with its owner's eyes: of people with whom they have a block it is sent nothing.
        """
        webhook, ends = lease.webhook, monotonic() + ROUND_SECONDS
        page = await MessageJournal(self._sessions).read(
            events.conversation(webhook.conversation_id), webhook.position, PAGE
        )
        async with self._sessions() as session:
            unseen = await veil.unseen_by(session, webhook.owner_id)
        # Numbers that stand for nothing any more are passed over as well.
        reached = page[-1][0] if page else min(webhook.position + PAGE, lease.last_seq)
        for number, frame, author in page:
            parcel = None if author in unseen else parcel_of(lease.webhook, number, frame)
            if parcel:
                self._lease = await self._hand_over(lease, number, parcel)
                if self._lease is None or self._lease.webhook.disabled_at or monotonic() >= ends:
                    return
                lease = self._lease
        if lease.webhook.position < reached:
            async with self._sessions.begin() as session:
                self._lease = await Deliveries(session).pass_over(lease, reached)

    async def _hand_over(self, lease: Lease, number: int, parcel: Parcel) -> Lease | None:
        answer = await self._carry(lease, parcel)
        async with self._sessions.begin() as session:
            if answer.is_good:
                return await Deliveries(session).delivered(lease, number, parcel, answer)
            notified = await Deliveries(session).failed(lease, parcel, answer)
        if notified:
            log.warning("A webhook was switched off", webhook=lease.webhook.id)
            await tell(self._redis, notified)
        return None

    async def _carry(self, lease: Lease, parcel: Parcel) -> Answer:
        headers = signed(lease.webhook, parcel, datetime.now(UTC))
        return await self._courier.carry(lease.webhook.url, parcel.body, headers)
