"""What is stored of Merkle trees: their complete subtrees, which never change."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.lottery.models import TreeNode
from app.fairdraw.tree import Node, Span, fold, nodes_of

LOG = 0
"""The log's tree. Every other is a draw's, by its id."""


class Trees:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, tree: int, completed: Iterable[tuple[Node, bytes]]) -> None:
        rows = [{"tree": tree, "level": node.level, "place": node.place, "hash": hashed} for node, hashed in completed]
        if rows:
            await self._session.execute(insert(TreeNode).on_conflict_do_nothing(), rows)  # Whoever grew it: the same.

    async def find(self, tree: int, nodes: Iterable[Node]) -> dict[Node, bytes]:
        where = tuple_(TreeNode.level, TreeNode.place).in_(list(nodes))
        rows = await self._session.execute(
            select(TreeNode.level, TreeNode.place, TreeNode.hash).where(TreeNode.tree == tree, where)
        )
        return {Node(level, place): hashed for level, place, hashed in rows}

    async def prove(self, tree: int, spans: Sequence[Span]) -> list[bytes]:
        """The hash of each span of leaves: the path of a proof, or a root."""
        hashes = await self.find(tree, {node for span in spans for node in nodes_of(span)})
        return fold_each(spans, hashes)


def fold_each(spans: Sequence[Span], hashes: dict[Node, bytes]) -> list[bytes]:
    return [fold([hashes[node] for node in nodes_of(span)]) for span in spans]
