"""What plays add up to: those of somebody, and what they have earned with them; those of a day."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.game.models import EarnedAchievement, Standing, Tally
from app.domain.game.schemas.plays import CENTS, Statistics, as_money
from app.domain.game.schemas.standings import AchievementView
from app.domain.game.standings.achievements import ACHIEVEMENTS
from app.domain.game.standings.tallies import ALL_GAMES, streak_of_days

PLAYERS_COUNTED = 10_000
"""Of a day. Its figures are lower bounds beyond that."""


class OfDay(NamedTuple):
    players: int
    plays: int


async def statistics(session: AsyncSession, user_id: int, game: str, today: date) -> Statistics:
    tally = await session.get(Tally, (user_id, game))
    if tally is None:
        return Statistics(0, 0, 0, 0.0, 0.0, 0.0, 0.0, None)
    return Statistics(
        total_games=tally.games,
        wins=tally.wins,
        losses=tally.games - tally.wins,
        win_rate=round(100 * tally.wins / tally.games, 2),
        total_prize=as_money(tally.prize_cents),
        average_prize=round(tally.prize_cents / tally.games) / CENTS,
        best_prize=as_money(tally.best_prize_cents),
        last_played=tally.last_played_at,
        win_streak=tally.win_streak,
        best_win_streak=tally.best_win_streak,
        day_streak=streak_of_days(tally.day_streak, tally.last_day, today),
        best_day_streak=tally.best_day_streak,
    )


async def achievements(session: AsyncSession, user_id: int) -> list[AchievementView]:
    """All there are, in their order, each with the time when somebody earned it."""
    rows = await session.scalars(select(EarnedAchievement).where(EarnedAchievement.user_id == user_id))
    earned = {row.name: row.earned_at for row in rows}
    return [AchievementView(one.name, one.title, one.text, earned.get(one.name)) for one in ACHIEVEMENTS]


async def of_day(session: AsyncSession, day: date) -> OfDay:
    """Who has played on a day, and how often, in all games. Counts up to `PLAYERS_COUNTED` players."""
    on_day = (Standing.game == ALL_GAMES, Standing.period == "day", Standing.starts_on == day)
    players = select(Standing.games).where(*on_day).limit(PLAYERS_COUNTED).subquery()
    counted = select(func.count(), func.coalesce(func.sum(players.c.games), 0)).select_from(players)
    return OfDay(*map(int, (await session.execute(counted)).one()))
