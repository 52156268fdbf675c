"""Reading leaderboards: the first places, the places around somebody, and friends among themselves.

A place is everybody's, also of those who do not show: who is suspended or gone, who has chosen not to be listed, and
who has a block with the reader. They are left out, and the ranks of the others stay what they are. Friends among
themselves count only those who show: in so small a circle a gap would tell who it is.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import Any, NamedTuple

from sqlalchemy import Row, TextClause
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.game.schemas.plays import as_money
from app.domain.game.schemas.standings import BoardPlace
from app.domain.game.services.board_statements import statements_of
from app.domain.game.services.ladder import Heights, Ladder
from app.domain.game.standings.boards import Board, is_at_hand


class Reading(NamedTuple):
    """What is read of a board."""

    players: int
    me: BoardPlace | None
    places: Sequence[BoardPlace]


class Leaderboard:
    """One board, as of now. Ranks come from the ladders where those are whole; else PostgreSQL counts."""

    def __init__(self, session: AsyncSession, ladder: Ladder, board: Board, today: date) -> None:
        self._session = session
        self._ladder = ladder if is_at_hand(board, today) else None
        self._board = board
        self._statements = statements_of(board)

    async def top(self, reader_id: int, limit: int, offset: int) -> Reading:
        places = await self.first_places(reader_id, limit, offset)
        [me], players = await self.places_of([reader_id])
        return Reading(players, me, places)

    async def around(self, reader_id: int, limit: int) -> Reading:
        """So many places with the reader in the middle; none if they have not played."""
        mine = await self._players([reader_id])
        if reader_id not in mine:
            return Reading((await self._heights([])).players, None, ())
        me = mine[reader_id]
        above = limit // 2
        parameters = {"reader_id": reader_id, "above": above, "below": limit - above}
        from_me = {"negative_prize": -me.prize_cents, "reached_at": me.reached_at, "user_id": reader_id}
        rows = await self._read(self._statements.around, parameters | from_me)
        players, higher = await self._heights([me.prize_cents, *(row.prize_cents for row in rows)])
        places = [place_of(row, higher[row.prize_cents] + 1) for row in rows]
        return Reading(players, place_of(me, higher[me.prize_cents] + 1), places)

    async def among_friends(self, reader_id: int, limit: int, offset: int) -> Reading:
        parameters = {"reader_id": reader_id, "limit": limit, "offset": offset}
        rows = await self._read(self._statements.friends, parameters)
        me = next((place_of(row, row.rank) for row in rows if row.user_id == reader_id), None)
        page = [place_of(row, row.rank) for row in rows if offset < row.position <= offset + limit]
        return Reading(rows[0].players if rows else 0, me, page)

    async def first_places(self, reader_id: int, limit: int, offset: int = 0) -> list[BoardPlace]:
        parameters = {"reader_id": reader_id, "limit": limit, "offset": offset}
        return [place_of(row, row.rank) for row in await self._read(self._statements.top, parameters)]

    async def places_of(self, user_ids: Sequence[int]) -> tuple[list[BoardPlace | None], int]:
        """The place of each of these, None for who has not played; and how many players there are."""
        found = await self._players(user_ids)
        players, higher = await self._heights([row.prize_cents for row in found.values()])
        rows = map(found.get, user_ids)
        return [place_of(row, higher[row.prize_cents] + 1) if row else None for row in rows], players

    async def _players(self, user_ids: Sequence[int]) -> dict[int, Row[Any]]:
        return {row.user_id: row for row in await self._read(self._statements.of_players, {"users": user_ids})}

    async def _heights(self, prizes: Collection[int]) -> Heights:
        found = await self._ladder.heights(self._board, prizes) if self._ladder else None
        return found or await self._count(sorted(set(prizes)))

    async def _count(self, prizes: Sequence[int]) -> Heights:
        """What a ladder would have known: all players are counted, which takes long where they are many."""
        steps = {"steps": [prize + 1 for prize in prizes] or [0]}
        by_step = {row.step: row.players for row in await self._read(self._statements.heights, steps)}
        at_least = list(accumulate(by_step.get(step, 0) for step in range(len(prizes) + 1)[::-1]))[::-1]
        return Heights(sum(by_step.values()), dict(zip(prizes, at_least[1:], strict=True)))

    async def _read(self, statement: TextClause, parameters: Mapping[str, Any]) -> Sequence[Row[Any]]:
        return (await self._session.execute(statement, {**self._board._asdict(), **parameters})).all()


def place_of(row: Row[Any], rank: int) -> BoardPlace:
    return BoardPlace(rank, row.user_id, row.username, as_money(row.prize_cents), row.games, row.wins, row.reached_at)
