"""Counting plays, in the transaction that stores them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.game.services.statements import NUMBERS, count, give
from app.domain.game.standings.achievements import Achievement, Totals, earned
from app.domain.game.standings.boards import Board, board_on
from app.domain.game.standings.tallies import ALL_GAMES, Counted, add_up
from app.domain.notices.services.notifications import Kind, Notice, NoticeBody, Notifications, Notified
from app.inbox.streams import partition_of


class Tallied(NamedTuple):
    """What counting a batch came to: tell it after the commit (`ladder.climb`, and the notifications)."""

    numbers: Mapping[int, int]
    """How many batches have been counted with it, by partition."""
    prizes: Mapping[Board, Mapping[int, int]]
    """What its players have won by now, in cents, on each board that it concerns."""
    notified: Sequence[Notified]


async def count_plays(session: AsyncSession, plays: Sequence[Counted], now: datetime, day: date) -> Tallied | None:
    """Count plays that have just been stored, in their order, on the day that it is. None where there are none.

    Nobody else counts players of their partitions until the end of the transaction.
    """
    if not plays:
        return None
    tallies = add_up(plays)
    users = [user_id for user_id, _ in tallies]
    rows = (
        await session.execute(
            count,
            {
                "partitions": sorted(set(map(partition_of, users))),
                "users": users,
                "in_games": [game for _, game in tallies],
                **{name: [getattr(tally, name) for tally in tallies.values()] for name in NUMBERS},
                "day": day,
                "week": board_on(ALL_GAMES, "week", day).starts_on,
                "now": now,
            },
        )
    ).all()
    prizes: defaultdict[Board, dict[int, int]] = defaultdict(dict)
    for row in rows:
        prizes[board_on(row.game, "day", day)][row.user_id] = row.prize_of_day
        prizes[board_on(row.game, "week", day)][row.user_id] = row.prize_of_week
        prizes[board_on(row.game, "all", day)][row.user_id] = row.prize_cents
    numbers = {partition_of(row.user_id): row.number for row in rows}
    reached = [(row.user_id, one) for row in rows if row.game == ALL_GAMES for one in reached_by(row)]
    return Tallied(numbers, prizes, await give_achievements(session, reached, now))


def reached_by(row: Row[Any]) -> Sequence[Achievement]:
    before = None if row.games_before is None else Totals(*(getattr(row, f"{name}_before") for name in Totals._fields))
    return earned(before, Totals(*(getattr(row, name) for name in Totals._fields)), new_day=row.new_day)


async def give_achievements(
    session: AsyncSession, reached: Sequence[tuple[int, Achievement]], now: datetime
) -> Sequence[Notified]:
    """To those who do not have them yet."""
    if not reached:
        return ()
    titles = {one.name: one.title for _, one in reached}
    given = await session.execute(
        give,
        {"users": [user_id for user_id, _ in reached], "names": [one.name for _, one in reached], "now": now},
    )
    notices = [
        Notice(user_id, f"achievement {name}", Kind.ACHIEVEMENT, NoticeBody(achievement=name, title=titles[name]))
        for user_id, name in given
    ]
    return await Notifications(session=session).notify(notices)
