"""One draw from its open record to its result. docs/fairdraw-format.md says what is written when, and why.

Each method is a step, and a transaction of its own: what has been committed is seen whole, and a step that has been
made is not made again, whoever tries.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.lottery.models import Ballot, Chain, Draw, Lottery, Winner
from app.domain.lottery.rules import DrawHeld
from app.domain.lottery.services.ballot_trees import BallotTree
from app.domain.lottery.services.beacons import Beacons
from app.domain.lottery.services.chains import Chains, seeds_of
from app.domain.lottery.services.dealings import Dealings
from app.domain.lottery.services.log import Kind, Log, key_of
from app.fairdraw import draws
from app.fairdraw.beacon import round_after
from app.fairdraw.draws import Beacon
from app.fairdraw.hashing import Record
from app.fairdraw.levels import level_of
from app.settings import Settings

EXHAUSTED = "the chain has come to its end"


class Holding:
    def __init__(self, session: AsyncSession, settings: Settings) -> None:
        self._session = session
        self._settings = settings

    async def open_next(self, lottery_id: int, now: datetime) -> Draw | None:
        """Write the open record of the next draw, if the one before is closed: with it a seed becomes known.

        It waits for every dealer's commitment. Raises SeedsDoNotMatchError.
        """
        lottery = await self._lock_lottery(lottery_id)
        chains = Chains(session=self._session)
        chain = await chains.newest(lottery) or await chains.begin(lottery, self._settings, now)
        draw = await self._next(lottery_id)
        if draw is None or await self._is_held_back(draw, Draw.close_id.is_(None)):
            return None
        dealers = await Dealings(self._session).take_up(draw)
        if dealers is None:
            return None
        if draw.number > chain.last:
            if await self._is_held_back(draw, Draw.drawn_at.is_(None)):
                return None
            chain = await chains.renew(lottery, draw.number, EXHAUSTED, self._settings, now)
        beacon = self._beacon(lottery, draw, now)
        record = self._open_record(lottery, draw, chain, dealers, beacon)
        draw.open_id = draws.open_id(record)
        draw.level = level_of(dealers=bool(dealers), beacon=beacon is not None)
        draw.beacon_round = beacon.round if beacon else None
        await self._log("open", draw, record)
        return draw

    async def freeze(self, draw_id: int, now: datetime) -> Draw:
        """After this, no ballot gets in, whatever the clock of a process may say. Short, for submitters wait for it."""
        draw = await self._lock(draw_id)
        draw.frozen_at = draw.frozen_at or now
        await self._session.flush()
        return draw

    async def close(self, draw_id: int) -> str | None:
        """Commit to the ballots of a frozen draw: the checkpoint that says so, or None if it was done before."""
        draw = await self._session.get_one(Draw, draw_id)
        if draw.close_id or draw.voided_at:
            return None
        root = await BallotTree(self._session, draw).grow()
        draw = await self._lock(draw_id)
        if draw.close_id or draw.voided_at or draw.open_id is None:  # Another worker was faster, with the same tree.
            return None
        record = draws.close_record(draw.number, draw.open_id, draw.ballots, root)
        draw.root, draw.close_id = root, draws.close_id(record)
        return await self._log("close", draw, record)

    async def settle(self, draw_id: int, now: datetime) -> bool:
        """Reveal the seed, and with it the winners. False when the draw has been held, is void, or lacks a source."""
        draw = await self._lock(draw_id)
        if draw.drawn_at or draw.voided_at or draw.close_id is None:
            return False
        secrets = await Dealings(self._session).secrets(draw)
        beacon = await Beacons(self._session).of_draw(draw) if draw.beacon_round is not None else None
        if secrets is None or (draw.beacon_round is not None and beacon is None):
            return False
        lottery = await self._session.get_one(Lottery, draw.lottery_id)
        chain = await Chains(session=self._session).of_draw(draw)
        seed = seeds_of(chain, lottery.name, self._settings).seed(draw.number)
        entropy = draws.entropy(draw.close_id, seed, secrets, beacon)
        seqs = draws.pick(entropy, draw.number, draw.prizes, draw.ballots)
        await self._award(draw, seqs)
        draw.drawn_at = now
        await self._log("result", draw, draws.result_record(draw.number, draw.close_id, seed, seqs, secrets, beacon))
        return True

    async def void(self, draw_id: int, reason: str, now: datetime) -> bool:
        """Declare that a draw has no result and never will. False when that was done before. Raises DrawHeld."""
        draw = await self._lock(draw_id)
        if draw.drawn_at:
            raise DrawHeld
        if draw.voided_at:
            return False
        draw.frozen_at, draw.voided_at = draw.frozen_at or now, now
        lottery = await self._session.get_one(Lottery, draw.lottery_id)
        await self._log("void", draw, draws.void_record(lottery.name, draw.number, draw.open_id, draw.close_id, reason))
        return True

    async def rekey(self, lottery_id: int, reason: str, now: datetime) -> int:
        """The secret is gone: what was committed to with it is void, and a new chain begins. Answers its first draw."""
        lottery = await self._lock_lottery(lottery_id)
        unfinished = await self._session.scalars(
            select(Draw.id)
            .where(Draw.lottery_id == lottery_id, Draw.open_id.is_not(None), Draw.drawn_at.is_(None))
            .order_by(Draw.number)
        )
        for draw_id in unfinished.all():
            await self.void(draw_id, reason, now)
        draw = await self._next(lottery_id)
        last = await self._session.scalar(select(func.max(Draw.number)).where(Draw.lottery_id == lottery_id))
        first = draw.number if draw else (last or 0) + 1
        await Chains(session=self._session).renew(lottery, first, reason, self._settings, now)
        return first

    async def _lock_lottery(self, lottery_id: int) -> Lottery:
        locked = await self._session.scalars(
            select(Lottery).where(Lottery.id == lottery_id).with_for_update(key_share=True)
        )
        return locked.one()

    async def _lock(self, draw_id: int) -> Draw:
        locked = await self._session.scalars(
            select(Draw).where(Draw.id == draw_id).with_for_update().execution_options(populate_existing=True)
        )
        return locked.one()

    async def _next(self, lottery_id: int) -> Draw | None:
        """The first that has neither an open record nor anything after it."""
        unopened = (Draw.open_id.is_(None), Draw.drawn_at.is_(None), Draw.voided_at.is_(None))
        draw: Draw | None = await self._session.scalar(
            select(Draw).where(Draw.lottery_id == lottery_id, *unopened).order_by(Draw.number).limit(1)
        )
        return draw

    async def _is_held_back(self, draw: Draw, unfinished: ColumnElement[bool]) -> bool:
        """Is there an opened draw that has to be finished first?"""
        before = (Draw.lottery_id == draw.lottery_id, Draw.number < draw.number, Draw.open_id.is_not(None))
        found: bool | None = await self._session.scalar(
            select(exists().where(*before, Draw.voided_at.is_(None), unfinished))
        )
        return bool(found)

    def _beacon(self, lottery: Lottery, draw: Draw, now: datetime) -> Beacon | None:
        """A round that is made after the close: of a draw that is opened late, the close is even later."""
        if lottery.beacon_margin is None:
            return None
        return round_after(max(draw.closes_at, now), lottery.beacon_margin)

    def _open_record(
        self, lottery: Lottery, draw: Draw, chain: Chain, dealers: Sequence[bytes], beacon: Beacon | None
    ) -> Record:
        return draws.open_record(
            lottery=lottery.name,
            number=draw.number,
            day=draw.date,
            zone=draw.zone,
            opens_at=draw.opens_at,
            closes_at=draw.closes_at,
            prizes=draw.prizes,
            commitment=seeds_of(chain, lottery.name, self._settings).commitment(draw.number),
            dealers=dealers,
            beacon=beacon,
        )

    async def _award(self, draw: Draw, seqs: Sequence[int]) -> None:
        picked = await self._session.execute(
            select(Ballot.seq, Ballot.id).where(Ballot.draw_id == draw.id, Ballot.seq.in_(seqs))
        )
        ballot_ids = {seq: ballot_id for seq, ballot_id in picked}  # noqa: C416 - mypy takes no Row for a tuple.
        self._session.add_all(
            Winner(draw_id=draw.id, prize=prize, ballot_id=ballot_ids[seq]) for prize, seq in enumerate(seqs)
        )

    async def _log(self, kind: Kind, draw: Draw, record: Record) -> str:
        log = Log(session=self._session)
        return await log.append(key_of(self._settings), kind, draw.lottery_id, draw.number, record)
