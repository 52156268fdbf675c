"""Sending pushes, and tidying up behind them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated

import structlog
from taskiq import Context, TaskiqDepends, async_shared_broker

from app.domain.notices.couriers import Courier
from app.domain.notices.parcels import Parcel
from app.domain.notices.rules.push import Verdict
from app.domain.notices.services.devices import Devices
from app.domain.notices.services.pushes import Pushes
from app.domain.notices.vapid import Vapid
from app.outages import is_outage
from app.outbound.posting import open_outbound
from app.resources import Resources, Sessions, running

DELIVER_PUSHES = "notices.deliver_pushes"
"""Also to be run every minute: that makes good a lost bell, and takes what is due again."""

AT_ONCE = 16
"""Pushes that one worker process has under way. They share its connections to PostgreSQL with the drains."""

log = structlog.get_logger()


class Pusher:
    """One per worker process, where pushes are on: sends what is due whenever the bell has rung.

    The bell's task only wakes it, so that slow push services take no task's place.
    """

    def __init__(self, sessions: Sessions, courier: Courier) -> None:
        self._sessions = sessions
        self._courier = courier
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def run(self) -> None:
        """For as long as the worker lives. An outage leaves what is due to the next bell."""
        while True:
            await self._rung.wait()
            self._rung.clear()
            try:
                await deliver_due(self._sessions, self._courier)
            except Exception as error:
                if not is_outage(error):
                    log.exception("A round of pushes failed")


@asynccontextmanager
async def open_pusher(resources: Resources) -> AsyncIterator[Pusher | None]:
    """None without a VAPID key: then nothing is pushed, and what waits is dropped in time."""
    settings, vapid = resources.settings, Vapid.of(resources.settings)
    if vapid is None:
        yield None
        return
    async with open_outbound(inside=settings.push_private_hosts) as outbound:
        pusher = Pusher(resources.sessions, Courier(outbound, vapid))
        async with running(pusher.run()):
            yield pusher


@async_shared_broker.task(DELIVER_PUSHES)
async def deliver_pushes(context: Annotated[Context, TaskiqDepends()]) -> None:
    """Any number may run at once."""
    pusher: Pusher | None = context.state.pusher
    if pusher:
        pusher.ring()


@async_shared_broker.task("notices.tidy")
async def tidy(context: Annotated[Context, TaskiqDepends()]) -> None:
    """Take away what nobody can need any more: devices whose login has ended, pushes and unlisted notices of old."""
    resources: Resources = context.state.resources
    await tidy_up(resources.sessions)


async def tidy_up(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await Devices(session=session).remove_ended()
        await Pushes(session=session).tidy()


async def deliver_due(sessions: Sessions, courier: Courier, now: datetime | None = None) -> int:
    """Send what is due, a few at once, until nothing is. How many were sent. `now` is for those who hold the clock."""
    sent = 0
    while True:
        async with sessions.begin() as session:
            parcels, looked_at = await Pushes(session=session).take(AT_ONCE, now or datetime.now(UTC))
        outcomes = await asyncio.gather(
            *(deliver(sessions, courier, parcel, now) for parcel in parcels), return_exceptions=True
        )
        for outcome in outcomes:  # All have ended by now: what one could not write down is not the others' trouble.
            if isinstance(outcome, BaseException):
                raise outcome
            sent += outcome
        if not looked_at:
            return sent


async def deliver(sessions: Sessions, courier: Courier, parcel: Parcel, now: datetime | None) -> bool:
    """Send one and write down at once what became of it."""
    receipt = await courier.carry(parcel, now or datetime.now(UTC))
    async with sessions.begin() as session:
        given_up = await Pushes(session=session).settle(parcel, receipt, now or datetime.now(UTC))
    if receipt.verdict is not Verdict.SENT:
        log.info(
            "Push given up" if given_up else "Device gone" if receipt.verdict is Verdict.GONE else "Push put off",
            notification=parcel.notification_id,
            device=parcel.subscription_id,
            attempt=parcel.attempt,
            problem=receipt.problem,
        )
    return receipt.verdict is Verdict.SENT
