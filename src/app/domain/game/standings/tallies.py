"""What plays add up to, in their order.

Of two stretches of plays, one after the other, the tally of both follows from their tallies alone. So a worker adds up
a batch by itself, and PostgreSQL joins it to what was there (`services/statements.py`), whoever else is counting.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.days import DAY

ALL_GAMES = "*"
"""All games together are counted under this name, which no game may have."""


class Counted(NamedTuple):
    """A play, as far as counting goes."""

    user_id: int
    game: str
    won: bool
    prize_cents: int


@dataclass(slots=True)
class Tally:
    """Of some plays of one player."""

    games: int = 0
    wins: int = 0
    prize_cents: int = 0
    best_prize_cents: int = 0
    opening_streak: int = 0
    """Wins before the first loss: what goes on a streak that ran before these plays."""
    win_streak: int = 0
    """Wins since the last loss."""
    best_win_streak: int = 0

    def add(self, *, won: bool, prize_cents: int) -> None:
        self.games += 1
        self.prize_cents += prize_cents
        self.best_prize_cents = max(self.best_prize_cents, prize_cents)
        if not won:
            self.win_streak = 0
            return
        self.wins += 1
        self.win_streak += 1
        self.best_win_streak = max(self.best_win_streak, self.win_streak)
        if self.wins == self.games:
            self.opening_streak = self.wins


def add_up(plays: Iterable[Counted]) -> dict[tuple[int, str], Tally]:
    """Plays in their order, by player and game; each of them counts in its game and in all games."""
    tallies: defaultdict[tuple[int, str], Tally] = defaultdict(Tally)
    for play in plays:
        for game in (play.game, ALL_GAMES):
            tallies[play.user_id, game].add(won=play.won, prize_cents=play.prize_cents)
    return dict(tallies)


def streak_of_days(days: int, last_day: date, today: date) -> int:
    """The days in a row on which somebody has played until now, if there were so many up to the last one.

    One that was played yesterday goes on until today is over. `last_day` may be after today: the operator has moved the
    server to a zone where it is still yesterday.
    """
    return days if last_day >= today - DAY else 0
