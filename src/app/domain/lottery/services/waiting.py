"""What a draw waits for: dealers before it opens, dealers and a round of the beacon once it is closed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.domain.lottery.models import Draw, Lottery
from app.domain.lottery.models.dealing import BeaconSignature, Dealer, DealerCommitment
from app.domain.lottery.rules.dealing import PATIENCE
from app.fairdraw.levels import Level

unfinished = and_(Draw.drawn_at.is_(None), Draw.voided_at.is_(None))
closed = and_(unfinished, Draw.close_id.is_not(None))

serving = and_(Dealer.lottery_id == Draw.lottery_id, Dealer.removed_at.is_(None))
dealt = and_(DealerCommitment.dealer_id == Dealer.id, DealerCommitment.number == Draw.number)
secret_missing = and_(
    Dealer.lottery_id == Draw.lottery_id, DealerCommitment.place.is_not(None), DealerCommitment.secret.is_(None)
)
round_missing = and_(
    Draw.beacon_round.is_not(None), ~exists(select(BeaconSignature).where(BeaconSignature.round == Draw.beacon_round))
)


def waits_for_sources() -> ColumnElement[bool]:
    """A closed draw that cannot be held yet, through no fault of this server."""
    dealers = exists(select(Dealer.id).join(DealerCommitment, dealt).where(secret_missing).correlate(Draw))
    return closed & (dealers | round_missing)


def level_in_sql() -> ColumnElement[Level | None]:
    """Of a draw that is joined with its lottery: what its open record says, or would say if it were written now."""
    dealers = exists(select(Dealer.id).where(serving).correlate(Draw))
    now = case((Lottery.beacon_margin.is_not(None), 2), (dealers, 1), else_=0)
    return case((Draw.open_id.is_not(None), Draw.level), (Draw.drawn_at.is_(None), now))


class Waiting:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_draws(self, draws: Sequence[Draw]) -> defaultdict[int, list[str]]:
        """By the draws' ids: `dealer alice`, `beacon round 1000`. One whose turn has not come waits for nothing."""
        waiting: defaultdict[int, list[str]] = defaultdict(list)
        under_way = [draw for draw in draws if not (draw.drawn_at or draw.voided_at)]
        if unopened := [draw.id for draw in under_way if draw.open_id is None]:
            await self._add_commitments(waiting, unopened)
        if undrawn := [draw.id for draw in under_way if draw.close_id is not None]:
            await self._add_secrets_and_rounds(waiting, undrawn)
        return waiting

    async def _add_commitments(self, waiting: defaultdict[int, list[str]], draw_ids: list[int]) -> None:
        commitments = (
            select(Draw.id, Dealer.name)
            .join(Dealer, serving)
            .where(Draw.id.in_(draw_ids), Draw.open_id.is_(None), unfinished)
            .where(~exists(select(DealerCommitment.number).where(dealt).correlate(Draw, Dealer)), ~comes_later())
            .order_by(Dealer.added_at, Dealer.id)
        )
        for draw_id, name in await self._session.execute(commitments):
            waiting[draw_id].append(f"dealer {name}")

    async def _add_secrets_and_rounds(self, waiting: defaultdict[int, list[str]], draw_ids: list[int]) -> None:
        secrets = (
            select(Draw.id, Dealer.name)
            .join(Dealer, Dealer.lottery_id == Draw.lottery_id)
            .join(DealerCommitment, dealt)
            .where(Draw.id.in_(draw_ids), closed, secret_missing)
            .order_by(DealerCommitment.place)
        )
        for draw_id, name in await self._session.execute(secrets):
            waiting[draw_id].append(f"dealer {name}")
        rounds = select(Draw.id, Draw.beacon_round).where(Draw.id.in_(draw_ids), closed, round_missing)
        for draw_id, number in await self._session.execute(rounds):
            waiting[draw_id].append(f"beacon round {number}")

    async def for_too_long(self, now: datetime) -> dict[int, list[str]]:
        """By the draws' ids, what those wait for that should have been held a while ago."""
        late = select(Draw).where(Draw.closes_at <= now - PATIENCE, unfinished)
        waiting = await self.of_draws((await self._session.scalars(late)).all())
        return {draw_id: awaited for draw_id, awaited in waiting.items() if awaited}


def comes_later() -> ColumnElement[bool]:
    """Has another draw of its lottery to be closed before?"""
    earlier = aliased(Draw)
    return exists(
        select(earlier.id)
        .where(earlier.lottery_id == Draw.lottery_id, earlier.number < Draw.number, earlier.close_id.is_(None))
        .where(earlier.drawn_at.is_(None), earlier.voided_at.is_(None))
        .correlate(Draw)
    )
