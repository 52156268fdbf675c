"""What proves a draw, for everybody: nothing here says whose a ballot is."""

from collections.abc import AsyncIterator

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.lottery.models import Ballot, Draw
from app.domain.lottery.rules import DrawNotClosedYet
from app.domain.lottery.schemas import BallotProof, Inclusion
from app.domain.lottery.services.ballot_trees import BALLOTS_AT_ONCE, BallotTree
from app.domain.lottery.services.log import Kind, Log
from app.domain.lottery.services.receipts import leaf_of
from app.errors import NotFound
from app.fairdraw.hashing import FORMAT, canonical
from app.fairdraw.tree import Span
from app.resources import Sessions

DRAW_RECORDS: tuple[Kind, ...] = ("open", "close", "result")
RECORDS_AT_ONCE = 1000

encode = msgspec.json.Encoder().encode


class Proofs:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def inclusion(self, draw: Draw, seq: int) -> Inclusion:
        """That a ballot is among those that were frozen. Raises DrawNotClosedYet."""
        if draw.close_id is None:
            raise DrawNotClosedYet
        close = await Log(session=self._session).record(draw.lottery_id, draw.number, "close")
        path = await BallotTree(self._session, draw).path(seq)
        return Inclusion(close=dict(close), path=[hashed.hex() for hashed in path])

    async def ballot(self, draw: Draw, seq: int) -> BallotProof:
        """Raises DrawNotClosedYet, NotFound."""
        if draw.close_id is None:
            raise DrawNotClosedYet
        ballot = await self._session.scalar(select(Ballot).where(Ballot.draw_id == draw.id, Ballot.seq == seq))
        if ballot is None:
            raise NotFound
        return BallotProof(seq=seq, leaf=leaf_of(ballot, draw.number).hex(), inclusion=await self.inclusion(draw, seq))


async def transcript(sessions: Sessions, draw: Draw) -> AsyncIterator[bytes]:
    """The whole of a held draw as one file, piece by piece: no transaction waits for whoever reads slowly."""
    async with sessions() as session:
        log = Log(session=session)
        opened, closed, result = [
            canonical(await log.record(draw.lottery_id, draw.number, kind)) for kind in DRAW_RECORDS
        ]
    yield b'{"ballots":['
    for start in range(0, draw.ballots, BALLOTS_AT_ONCE):
        async with sessions() as session:
            span = Span(start, min(start + BALLOTS_AT_ONCE, draw.ballots))
            async for batch in BallotTree(session, draw).leaves(span):
                piece = b",".join(b'"%b"' % leaf.hex().encode() for leaf in batch)
        yield b"," + piece if start else piece
    yield b'],"close":%b,"format":"%b","open":%b,"result":%b}' % (closed, FORMAT.encode(), opened, result)


async def whole_log(sessions: Sessions) -> AsyncIterator[bytes]:
    """All records and the checkpoint of exactly these, piece by piece."""
    async with sessions() as session:
        size = await Log(session=session).size()
        checkpoint = await Log(session=session).checkpoint(size) if size else ""
    yield b'{"checkpoint":%b,"format":"fairdraw-log/1","records":[' % encode(checkpoint)
    for start in range(0, size, RECORDS_AT_ONCE):
        async with sessions() as session:
            records = await Log(session=session).records(start, min(RECORDS_AT_ONCE, size - start))
        piece = b",".join(record.body.encode() for record in records)
        yield b"," + piece if start else piece
    yield b"]}"
