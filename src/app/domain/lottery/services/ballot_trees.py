"""The tree of a draw's ballots: grown once, when the draw is closed, and proved from afterwards.

A million ballots go through a batch at a time, and of their tree only the nodes over whole tiles are stored. What lies
below is found again from the tile's ballots, which never change.
"""

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.lottery.models import Ballot, Draw
from app.domain.lottery.services.trees import Trees, fold_each
from app.fairdraw import draws
from app.fairdraw.tree import Frontier, Node, Span, inclusion, leaf_hash, nodes_of

TILE_LEVEL = 8
TILE = 1 << TILE_LEVEL

BALLOTS_AT_ONCE = 2000


class BallotTree:
    def __init__(self, session: AsyncSession, draw: Draw) -> None:
        self._session = session
        self._draw = draw
        self._trees = Trees(session)

    async def grow(self) -> bytes:
        """Keep the tree of a frozen draw's ballots; answers its root."""
        frontier, completed = Frontier(), []
        async for batch in self.leaves(Span(0, self._draw.ballots)):
            for leaf in batch:
                completed += [found for found in frontier.append(leaf_hash(leaf)) if found[0].level >= TILE_LEVEL]
        await self._trees.keep(self._draw.id, completed)
        return frontier.root

    async def path(self, seq: int) -> list[bytes]:
        """The proof that a ballot is in the tree. Raises IndexError."""
        spans = inclusion(seq, self._draw.ballots)
        wanted = {node for span in spans for node in nodes_of(span)}
        stored = {node for node in wanted if node.level >= TILE_LEVEL}
        hashes = await self._trees.find(self._draw.id, stored)
        for tile in {node.place >> (TILE_LEVEL - node.level) for node in wanted - stored}:
            hashes |= await self._within(tile)
        return fold_each(spans, hashes)

    async def leaves(self, span: Span) -> AsyncIterator[list[bytes]]:
        """Those of the span, in order of seq, a batch at a time."""
        statement = (
            select(Ballot.seq, Ballot.user_tag, Ballot.nonce, Ballot.id)
            .where(Ballot.draw_id == self._draw.id, Ballot.seq >= span.start, Ballot.seq < span.end)
            .order_by(Ballot.seq)
            .execution_options(yield_per=BALLOTS_AT_ONCE)
        )
        rows = await self._session.stream(statement)
        async for batch in rows.partitions():
            yield [self._leaf(seq, tagged, nonce, ballot_id) for seq, tagged, nonce, ballot_id in batch]

    def _leaf(self, seq: int, user_tag: bytes, nonce: bytes, ballot_id: UUID) -> bytes:
        return draws.leaf(self._draw.number, seq, user_tag, nonce, ballot_id)

    async def _within(self, tile: int) -> dict[Node, bytes]:
        """The nodes below a tile's own."""
        frontier, found = Frontier(), {}
        async for batch in self.leaves(Span(tile * TILE, min((tile + 1) * TILE, self._draw.ballots))):
            for leaf in batch:
                for (level, place), hashed in frontier.append(leaf_hash(leaf)):
                    found[Node(level, place + (tile << (TILE_LEVEL - level)))] = hashed
        return found
