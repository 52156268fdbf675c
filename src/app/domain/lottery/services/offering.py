"""Which lotteries are offered, and on what terms: decided by those in office, and audited."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import cast

import msgspec
from msgspec import UNSET
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.audit.services import Audit, By, Detail, Subject
from app.domain.chat.services.conversations import Conversations
from app.domain.lottery.models import Lottery
from app.domain.lottery.rules import LotteryEnded, LotteryExists, NoSuchGroup, StandingLottery
from app.domain.lottery.rules.audience import group_of
from app.domain.lottery.rules.cadences import cadence_named
from app.domain.lottery.schemas.lotteries import LotteryChange, NewLottery
from app.domain.lottery.services.lotteries import STANDING
from app.errors import NotFound
from app.zones import known_zone


class Offering:
    """Each verb answers the lottery as it is now. To do the same again changes nothing and is not audited again."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def create(self, by: By, wanted: NewLottery, now: datetime) -> Lottery:
        """Its draws open with the next minute, or with the first ballot.

        The same request is answered with the same lottery ever after, whatever has been changed since. Raises
        LotteryExists, StandingLottery, CadenceRefused, UnknownZone, NoSuchGroup.
        """
        if wanted.name in STANDING:
            raise StandingLottery
        if earlier := await self._named(wanted.name):
            return _if_same(earlier, wanted)
        cadence_named(wanted.cadence)
        await self._check(by, zone=wanted.zone, audience=wanted.audience)
        asked = msgspec.structs.asdict(wanted)
        created = insert(Lottery).values(**asked, fingerprint=_fingerprint(wanted), created_at=now)
        lottery: Lottery | None = await self._session.scalar(created.on_conflict_do_nothing().returning(Lottery))
        if lottery is None:  # Somebody else was faster.
            return _if_same(cast("Lottery", await self._named(wanted.name)), wanted)
        await self._record(by, "create_lottery", lottery, asked)
        return lottery

    async def change(self, by: By, name: str, change: LotteryChange) -> Lottery:
        """What is left out stays. Raises NotFound, LotteryEnded, UnknownZone, NoSuchGroup."""
        lottery = await self._locked(name)
        if lottery.ended_at:
            raise LotteryEnded
        asked = msgspec.structs.asdict(change)
        changed = {field: to for field, to in asked.items() if to is not UNSET and to != getattr(lottery, field)}
        await self._check(by, zone=changed.get("zone"), audience=changed.get("audience"))
        for field, to in changed.items():
            setattr(lottery, field, to)
        if changed:
            await self._session.flush()
            await self._record(by, "change_lottery", lottery, changed)
        return lottery

    async def end(self, by: By, name: str, now: datetime) -> Lottery:
        """It takes no more ballots, for good; its open draws are held when they close.

        Raises NotFound, StandingLottery.
        """
        if name in STANDING:
            raise StandingLottery
        lottery = await self._locked(name)
        if lottery.ended_at is None:
            lottery.ended_at = now
            await self._session.flush()
            await self._record(by, "end_lottery", lottery, {})
        return lottery

    async def _check(self, by: By, *, zone: str | None, audience: str | None) -> None:
        if zone is not None:
            known_zone(zone)
        group_id = group_of(audience) if audience else None
        if group_id is not None and not await self._may_name(by, group_id):
            raise NoSuchGroup

    async def _may_name(self, by: By, group_id: int) -> bool:
        """Whoever has an office sees no more of a group by it than others; the operator may name any."""
        conversations = Conversations(session=self._session)
        if not await conversations.exists(id=group_id, kind="group"):
            return False
        return by.actor_id is None or not await conversations.outsiders([(group_id, by.actor_id)])

    async def _named(self, name: str) -> Lottery | None:
        found: Lottery | None = await self._session.scalar(select(Lottery).where(Lottery.name == name))
        return found

    async def _locked(self, name: str) -> Lottery:
        found = select(Lottery).where(Lottery.name == name).with_for_update(key_share=True)
        lottery = await self._session.scalar(found.execution_options(populate_existing=True))
        if lottery is None:
            raise NotFound
        return lottery

    async def _record(self, by: By, action: str, lottery: Lottery, details: Mapping[str, Detail]) -> None:
        about = {"lottery": lottery.name} | {name: value for name, value in details.items() if name != "name"}
        await Audit(session=self._session).record(by, action, Subject("lottery", lottery.id), **about)


def _fingerprint(wanted: NewLottery) -> bytes:
    """Of what differs from the defaults: a field that a later version adds does not change it."""
    return sha256(msgspec.json.encode(wanted, order="deterministic")).digest()


def _if_same(earlier: Lottery, wanted: NewLottery) -> Lottery:
    if earlier.fingerprint != _fingerprint(wanted):
        raise LotteryExists
    return earlier
