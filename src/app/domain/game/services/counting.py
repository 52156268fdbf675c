"""Counting plays, in the transaction that stores them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.game.services.statements import EARNING, NUMBERS, count, give
from app.domain.game.standings.achievements import Achievement, Totals, earned
from app.domain.game.standings.boards import Board, board_on, start_of
from app.domain.game.standings.tallies import ALL_GAMES, Counted, add_up
from app.domain.notices.services.notifications import Kind, Notice, NoticeBody, Notifications, Notified
from app.inbox.streams import partition_of


class Climbers(NamedTuple):
    """Players, and what each of them has won by now, in cents."""

    users: Sequence[int]
    prizes: Sequence[int]


class Tallied(NamedTuple):
    """What counting a batch came to: tell it after the commit (`ladder.climb`, and the notifications)."""

    numbers: Mapping[int, int]
    """How many batches have been counted with it, by partition."""
    climbers: Mapping[Board, Climbers]
    notified: Sequence[Notified]


async def count_plays(session: AsyncSession, plays: Sequence[Counted], now: datetime, day: date) -> Tallied | None:
    """Count plays that have just been stored, in their order, on the day that it is. None where there are none.

    Nobody else counts players of their partitions until the end of the transaction.
    """
    if not plays:
        return None
    tallies = add_up(plays)
    partitions = sorted({partition_of(user_id) for user_id, _ in tallies})
    added = {
        "partitions": partitions,
        "users": [user_id for user_id, _ in tallies],
        "in_games": [game for _, game in tallies],
        **{name: [getattr(tally, name) for tally in tallies.values()] for name in NUMBERS},
        "day": day,
        "week": start_of("week", day),
        "now": now,
    }
    rows = (await session.execute(count, added)).all()
    of_all = next(row for row in rows if (row.period, row.game) == ("all", ALL_GAMES))
    return Tallied(
        dict(zip(partitions, of_all.numbers, strict=True)),
        {board_on(row.game, row.period, day): Climbers(row.users, row.prizes) for row in rows},
        await give_achievements(session, reached_by(of_all), now),
    )


def reached_by(row: Row[Any]) -> list[tuple[int, Achievement]]:
    before = zip(*(getattr(row, f"{name}_before") for name in EARNING), strict=True)
    after = zip(*(getattr(row, name) for name in EARNING), strict=True)
    return [
        (user_id, one)
        for user_id, was, now, new_day in zip(row.users, before, after, row.new_day, strict=True)
        for one in earned(None if new_day else Totals(*was), Totals(*now))
    ]


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
