"""What can be earned, each by everybody once. To add one, add a line.

Who has reached it already is given a new one on their first play of a day.
"""

from typing import Literal, NamedTuple


class Totals(NamedTuple):
    """Of one player over all games. None of them ever falls, so what was earned stays earned."""

    games: int
    wins: int
    best_prize_cents: int
    best_win_streak: int
    best_day_streak: int


Counter = Literal["games", "wins", "best_prize_cents", "best_win_streak", "best_day_streak"]


class Achievement(NamedTuple):
    name: str
    """In answers and rows, for ever."""
    title: str
    text: str
    counter: Counter
    least: int

    def is_reached_by(self, totals: Totals) -> bool:
        reached: int = getattr(totals, self.counter)
        return reached >= self.least


ACHIEVEMENTS = (
    Achievement("first_play", "Beginner", "Play for the first time.", "games", 1),
    Achievement("first_win", "First win", "Win for the first time.", "wins", 1),
    Achievement("five_wins", "On a roll", "Win five times in a row.", "best_win_streak", 5),
    Achievement("ten_wins", "Unstoppable", "Win ten times in a row.", "best_win_streak", 10),
    Achievement("hundred_plays", "Regular", "Play a hundred times.", "games", 100),
    Achievement("thousand_plays", "Devoted", "Play a thousand times.", "games", 1000),
    Achievement("week_of_days", "Every day", "Play on seven days in a row.", "best_day_streak", 7),
    Achievement("month_of_days", "Every day of a month", "Play on thirty days in a row.", "best_day_streak", 30),
    Achievement("jackpot", "Jackpot", "Win 5,000 or more in one play.", "best_prize_cents", 500_000),
)


def earned(before: Totals | None, now: Totals) -> list[Achievement]:
    """What may have been earned by what has come since `before`: with each play what it reached.

    None for somebody's first play of a day: all that they have reached, since achievements may have been added.
    """
    return [one for one in ACHIEVEMENTS if one.is_reached_by(now) and not (before and one.is_reached_by(before))]
