"""Who deals for a lottery, and which beacon it waits for: decided by those in office, and audited."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ScalarResult, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.audit.services import Audit, By, Subject
from app.domain.lottery.models import Draw, Lottery
from app.domain.lottery.models.dealing import Dealer, DealerCommitment
from app.domain.lottery.rules.dealing import DEALERS, BeaconNotChecked, DealerExists, NoSuchDealer, TooManyDealers
from app.domain.lottery.schemas.dealing import BeaconView, DealerView, DrawSpan, LotteryDealers, NewDealer
from app.errors import NotFound
from app.fairdraw.beacon import can_check
from app.fairdraw.levels import LEVELS, level_of


class Dealers:
    """What is decided counts for draws that open later. To do it again changes nothing, and is not audited again."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, by: By, lottery_name: str, wanted: NewDealer, now: datetime) -> None:
        """Who was removed may come back, as the last.

        Raises NotFound (no such lottery), DealerExists, TooManyDealers.
        """
        lottery = await self._lock(lottery_name)
        key = bytes.fromhex(wanted.public_key)
        dealer = await self._find(lottery, wanted.name)
        if dealer and dealer.public_key != key:
            raise DealerExists
        if dealer and dealer.removed_at is None:
            return
        if len(await serving(self._session, lottery.id)) >= DEALERS:
            raise TooManyDealers
        dealer = dealer or Dealer(lottery_id=lottery.id, name=wanted.name, public_key=key)
        dealer.added_at, dealer.removed_at = now, None
        self._session.add(dealer)
        await self._record(by, "add_dealer", lottery, name=wanted.name, public_key=wanted.public_key)

    async def remove(self, by: By, lottery_name: str, name: str, now: datetime) -> None:
        """Raises NotFound (no such lottery), NoSuchDealer."""
        lottery = await self._lock(lottery_name)
        dealer = await self._find(lottery, name)
        if dealer is None:
            raise NoSuchDealer
        if dealer.removed_at is None:
            dealer.removed_at = now
            await self._record(by, "remove_dealer", lottery, name=name)

    async def declare_beacon(self, by: By, lottery_name: str, margin: int | None) -> None:
        """Draws wait for a round made so many seconds after their close, or with None for no round.

        Raises NotFound (no such lottery), BeaconNotChecked.
        """
        lottery = await self._lock(lottery_name)
        if margin is not None and not can_check():
            raise BeaconNotChecked
        if lottery.beacon_margin != margin:
            lottery.beacon_margin = margin
            await self._record(by, "declare_beacon", lottery, margin=margin)

    async def of_lottery(self, name: str, *, limit: int, offset: int) -> LotteryDealers:
        """The dealers in order of their adding, also those who were removed. Raises NotFound."""
        lottery = await self._session.scalar(select(Lottery).where(Lottery.name == name))
        if lottery is None:
            raise NotFound
        coming = await self._coming(lottery)
        found = await self._session.scalars(
            select(Dealer)
            .where(Dealer.lottery_id == lottery.id)
            .order_by(Dealer.added_at, Dealer.id)
            .limit(limit)
            .offset(offset)
        )
        dealers = found.all()
        level = level_of(
            dealers=bool(await serving(self._session, lottery.id)), beacon=lottery.beacon_margin is not None
        )
        return LotteryDealers(
            lottery=lottery.name,
            coming=coming,
            level=level,
            level_proves=LEVELS[level].proves,
            level_does_not_prove=LEVELS[level].does_not_prove,
            beacon=BeaconView(margin=lottery.beacon_margin) if lottery.beacon_margin is not None else None,
            dealers=[
                DealerView(
                    name=dealer.name,
                    public_key=dealer.public_key.hex(),
                    added_at=dealer.added_at,
                    removed_at=dealer.removed_at,
                    committed=await self._committed(dealer, coming),
                )
                for dealer in dealers
            ],
        )

    async def _lock(self, name: str) -> Lottery:
        """Until the commit no draw of it opens."""
        found: ScalarResult[Lottery] = await self._session.scalars(
            select(Lottery).where(Lottery.name == name).with_for_update(key_share=True)
        )
        lottery = found.one_or_none()
        if lottery is None:
            raise NotFound
        return lottery

    async def _find(self, lottery: Lottery, name: str) -> Dealer | None:
        found: Dealer | None = await self._session.scalar(
            select(Dealer).where(Dealer.lottery_id == lottery.id, Dealer.name == name)
        )
        return found

    async def _coming(self, lottery: Lottery) -> int:
        unopened = Draw.open_id.is_(None) & Draw.drawn_at.is_(None) & Draw.voided_at.is_(None)
        first, last = (
            await self._session.execute(
                select(func.min(Draw.number).filter(unopened), func.max(Draw.number)).where(
                    Draw.lottery_id == lottery.id
                )
            )
        ).one()
        return int(first or (last or 0) + 1)

    async def _committed(self, dealer: Dealer, coming: int) -> list[DrawSpan]:
        """Numbers that follow on each other differ from their rank by the same."""
        number = DealerCommitment.number
        ranked = (
            select(number, (number - func.row_number().over(order_by=number)).label("island"))
            .where(DealerCommitment.dealer_id == dealer.id, number >= coming)
            .subquery()
        )
        first = func.min(ranked.c.number)
        rows = await self._session.execute(
            select(first, func.max(ranked.c.number)).group_by(ranked.c.island).order_by(first)
        )
        return [DrawSpan(first=first, last=last) for first, last in rows]

    async def _record(self, by: By, action: str, lottery: Lottery, **details: str | int | None) -> None:
        await Audit(session=self._session).record(by, action, Subject("lottery", lottery.id), **details)


async def serving(session: AsyncSession, lottery_id: int) -> Sequence[Dealer]:
    """The dealers that the next draw to open waits for, in order of their adding."""
    found: ScalarResult[Dealer] = await session.scalars(
        select(Dealer)
        .where(Dealer.lottery_id == lottery_id, Dealer.removed_at.is_(None))
        .order_by(Dealer.added_at, Dealer.id)
    )
    return found.all()
