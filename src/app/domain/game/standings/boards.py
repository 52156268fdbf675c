"""Which leaderboards there are: of a day, of a week and of all time, for each game and for all of them.

The days are those of the server's zone (`Settings.day_zone`). A play counts for the day that was there when it was
stored, whatever zone the operator moves to later; weeks are those of ISO 8601, from Monday to Sunday.
"""

from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from app.days import DAY, first_instant

Period = Literal["day", "week", "all"]
LENGTHS: dict[str, timedelta] = {"day": DAY, "week": 7 * DAY}

DEEPEST = 1000
"""How far down one may page. Further down, people are found around somebody."""

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
