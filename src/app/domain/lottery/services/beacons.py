"""Rounds of the public beacon that draws wait for. What is stored was checked: whoever brings it needs no trust."""

from asyncio import Semaphore
from collections.abc import Sequence
from datetime import datetime

import structlog
from anyio import BrokenWorkerProcess, fail_after, to_process
from sqlalchemy import ScalarResult, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.lottery.models import Draw
from app.domain.lottery.models.dealing import BeaconSignature
from app.domain.lottery.rules import DrawNotClosedYet
from app.domain.lottery.rules.dealing import (
    BeaconNotChecked,
    BeaconSignatureWrong,
    RoundNotAwaited,
    TooManyBeaconChecks,
)
from app.fairdraw.beacon import can_check, is_signed, round_at
from app.fairdraw.draws import BeaconRound

ROUNDS_AT_ONCE = 100
"""That are fetched in one minute, if so many are missing."""

CHECK_SECONDS = 30.0
"""A check takes a third of a second, and two the first time."""
CHECKS_WAITING = 4
"""More than these are refused: each takes a core, and whoever hands in the right signature ends it for all."""

log = structlog.get_logger()


class BeaconCheck:
    """One per process: checks of signatures, one at a time, in a process of their own."""

    def __init__(self) -> None:
        self._turn = Semaphore(1)
        self._room = CHECKS_WAITING

    async def check(self, number: int, signature: bytes) -> None:
        """Outside of transactions, for it may wait.

        Raises BeaconSignatureWrong, BeaconNotChecked, TooManyBeaconChecks.
        """
        if not can_check():
            raise BeaconNotChecked
        if self._room <= 0:
            raise TooManyBeaconChecks
        self._room -= 1
        try:
            async with self._turn:
                with fail_after(CHECK_SECONDS):
                    holds = await to_process.run_sync(is_signed, number, signature, cancellable=True)
        except (TimeoutError, BrokenWorkerProcess) as error:
            log.warning("A signature of the beacon could not be checked", round=number, error=repr(error))
            raise TooManyBeaconChecks from error
        finally:
            self._room += 1
        if not holds:
            raise BeaconSignatureWrong


class Beacons:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def is_news(self, draw: Draw, given: BeaconRound) -> bool:
        """Has it to be checked, and kept? Not if it was before.

        Raises DrawNotClosedYet, RoundNotAwaited, and BeaconSignatureWrong where another, the only right one, is known.
        """
        if draw.open_id and draw.beacon_round != given.round:
            raise RoundNotAwaited
        if draw.close_id is None:
            raise DrawNotClosedYet
        known = await self._session.get(BeaconSignature, given.round)
        if known and known.signature != given.signature:
            raise BeaconSignatureWrong
        return known is None

    async def keep(self, checked: BeaconRound, now: datetime) -> None:
        kept = insert(BeaconSignature).values(round=checked.round, signature=checked.signature, came_at=now)
        await self._session.execute(kept.on_conflict_do_nothing())

    async def of_draw(self, draw: Draw) -> BeaconRound | None:
        """The round that it declares; None while that has not come in."""
        known = await self._session.get(BeaconSignature, draw.beacon_round)
        return BeaconRound(known.round, known.signature) if known else None

    async def missing(self, now: datetime) -> Sequence[int]:
        """The rounds that are made by now and that closed draws wait for, the earliest first."""
        known = select(BeaconSignature.round).where(BeaconSignature.round == Draw.beacon_round).exists()
        found: ScalarResult[int] = await self._session.scalars(
            select(Draw.beacon_round)
            .where(Draw.close_id.is_not(None), Draw.drawn_at.is_(None), Draw.voided_at.is_(None))
            .where(Draw.beacon_round <= round_at(now), ~known)
            .distinct()
            .order_by(Draw.beacon_round)
            .limit(ROUNDS_AT_ONCE)
        )
        return found.all()
