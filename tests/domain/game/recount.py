"""What the plays in the database add up to, counted in another way than the server does."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import text

from app.resources import Sessions


class Row(NamedTuple):
    user_id: int
    game: str
    won: bool
    prize_cents: int
    day: date
    played_at: Any


async def stored(sessions: Sessions) -> list[Row]:
    async with sessions() as session:
        rows = await session.execute(
            text("SELECT user_id, game, won, prize_cents, day, played_at FROM plays ORDER BY id")
        )
        return [Row(*row) for row in rows]


def runs_of_wins(plays: Sequence[Row]) -> list[int]:
    """One number for each stretch between losses, 0 where two stand side by side."""
    marks = "".join("w" if play.won else " " for play in plays)
    return [len(run) for run in marks.split(" ")]


def runs_of_days(plays: Sequence[Row]) -> list[int]:
    """Only a day after all days before it counts: what a change of zone brings back has been counted."""
    days: list[date] = []
    for play in plays:
        if not days or play.day > days[-1]:
            days.append(play.day)
    numbered = groupby(enumerate(days), key=lambda pair: pair[1] - timedelta(days=pair[0]))
    return [len(list(run)) for _, run in numbered]


def reached_at(plays: Sequence[Row]) -> Any:  # noqa: ANN401  a time
    return max((play.played_at for play in plays if play.prize_cents), default=plays[0].played_at)


def totals(plays: Sequence[Row]) -> tuple[int, int, int]:
    return len(plays), sum(play.won for play in plays), sum(play.prize_cents for play in plays)


def tallies(plays: Sequence[Row]) -> dict[tuple[int, str], tuple[Any, ...]]:
    by_name: defaultdict[tuple[int, str], list[Row]] = defaultdict(list)
    for play in plays:
        by_name[play.user_id, play.game].append(play)
        by_name[play.user_id, "*"].append(play)
    return {
        name: (
            *totals(some),
            max(play.prize_cents for play in some),
            runs_of_wins(some)[0],
            runs_of_wins(some)[-1],
            max(runs_of_wins(some)),
            runs_of_days(some)[-1],
            max(runs_of_days(some)),
            max(play.day for play in some),
            reached_at(some),
            max(play.played_at for play in some),
        )
        for name, some in by_name.items()
    }


def standings(plays: Sequence[Row]) -> dict[tuple[int, str, date, str], tuple[Any, ...]]:
    by_name: defaultdict[tuple[int, str, date, str], list[Row]] = defaultdict(list)
    for play in plays:
        for game in (play.game, "*"):
            by_name[play.user_id, "day", play.day, game].append(play)
            by_name[play.user_id, "week", date.fromisocalendar(*play.day.isocalendar()[:2], 1), game].append(play)
    return {name: (*totals(some), reached_at(some)) for name, some in by_name.items()}


async def counted_tallies(sessions: Sessions) -> dict[tuple[int, str], tuple[Any, ...]]:
    async with sessions() as session:
        rows = await session.execute(
            text("""
                SELECT user_id, game, games, wins, prize_cents, best_prize_cents, opening_streak, win_streak,
                       best_win_streak, day_streak, best_day_streak, last_day, reached_at, last_played_at
                FROM tallies
            """)
        )
        return {(row[0], row[1]): tuple(row[2:]) for row in rows}


async def counted_standings(sessions: Sessions) -> dict[tuple[int, str, date, str], tuple[Any, ...]]:
    async with sessions() as session:
        rows = await session.execute(
            text("SELECT user_id, period, starts_on, game, games, wins, prize_cents, reached_at FROM standings")
        )
        return {(row[0], row[1], row[2], row[3]): tuple(row[4:]) for row in rows}


async def assert_all_is_counted(sessions: Sessions) -> None:
    plays = await stored(sessions)
    assert await counted_tallies(sessions) == tallies(plays)
    assert await counted_standings(sessions) == standings(plays)
