"""Which leaderboards there are: of a day, of a week and of all time, for each game and for all of them.

The days are those of the server's zone (`Settings.day_zone`). A play counts for the day that was there when it was
stored, whatever zone the operator moves to later; weeks are those of ISO 8601, from Monday to Sunday.
"""

from calendar import timegm
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from app.days import DAY, first_instant

Period = Literal["day", "week", "all"]
LENGTHS: dict[Period, timedelta] = {"day": DAY, "week": 7 * DAY}

DEEPEST = 1000
"""How far down one may page. Further down, people are found around somebody."""

KEPT: dict[Period, range] = {"day": range(-2, 2), "week": range(-1, 1)}
"""Periods from the present one whose boards are kept in Redis. A change of zone by two dates finds its own there."""

LET_GO: dict[Period, timedelta] = {"day": 4 * DAY, "week": 14 * DAY}
"""How long after the beginning of its period a board is let go from there."""

WATCHED = 4
"""Leaderboards that one socket may watch."""

WATCHED_PLACES = 10
"""Of a leaderboard, on a socket that watches it."""


class Board(NamedTuple):
    game: str
    period: Period
    starts_on: date | None
    """None for all time."""


def board_on(game: str, period: Period, day: date) -> Board:
    """The board on which a play on that day stands."""
    return Board(game, period, start_of(period, day))


def start_of(period: Period, day: date) -> date | None:
    if period == "week":
        return day - DAY * day.weekday()
    return day if period == "day" else None


def end_of(board: Board, zone: ZoneInfo) -> datetime | None:
    """The first instant after the board's period, in UTC; None for all time, and beyond the last day there is."""
    if board.starts_on is None:
        return None
    try:
        return first_instant(board.starts_on + LENGTHS[board.period], zone)
    except OverflowError:
        return None


def kept_boards(games: Iterable[str], day: date) -> Iterator[Board]:
    """All that may be in Redis and be read there."""
    for game in games:
        yield Board(game, "all", None)
        for period, offsets in KEPT.items():
            for offset in offsets:
                yield board_on(game, period, day + offset * LENGTHS[period])


def is_at_hand(board: Board, day: date) -> bool:
    """Is it one that Redis has: of all time, of the present period, or of one to come?"""
    return board.starts_on is None or board.starts_on > day - LENGTHS[board.period]


def let_go_at(board: Board) -> int:
    """At which midnight of UTC, as a Unix time in seconds; 0 for never."""
    if board.starts_on is None:
        return 0
    return timegm((board.starts_on + LET_GO[board.period]).timetuple())
