"""Leaderboards and achievements over HTTP."""

from datetime import UTC, date, datetime
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from litestar import Controller, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from app.days import today
from app.domain.accounts.guards import ActorRequest
from app.domain.game.controllers.plays import InGame
from app.domain.game.rules import NoSuchGame
from app.domain.game.schemas.standings import AchievementView, BoardView, LeaderboardView
from app.domain.game.services.ladder import Ladder
from app.domain.game.services.leaderboards import Leaderboard, Reading
from app.domain.game.services.registry import counted_as
from app.domain.game.services.statistics import achievements
from app.domain.game.standings.boards import DEEPEST, Board, Period, board_on
from app.pages import Limit
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

Depth = Annotated[int, QueryParameter(ge=0, le=DEEPEST, description="How many places to skip.")]
Day = Annotated[
    date | None, QueryParameter(description="Of the day, or of the week, with this date; else the present.")
]


class Asked(NamedTuple):
    """A board, as of today in the server's zone."""

    board: Board
    today: date
    zone: ZoneInfo

    def show(self, found: Reading) -> LeaderboardView:
        return LeaderboardView(BoardView.of(self.board, self.zone), found.players, found.me, list(found.places))


def which_board(
    settings: NamedDependency[Settings], period: FromQuery[Period] = "all", game: InGame = None, on: Day = None
) -> Asked:
    """Raises NoSuchGame."""
    zone = settings.zone_of_days
    day = today(datetime.now(UTC), zone)
    return Asked(board_on(counted_as(game), period, on or day), day, zone)


class LeaderboardController(Controller):
    path = "/api/game/leaderboard"
    tags = ("Game",)
    dependencies = {"asked": Provide(which_board, sync_to_thread=False)}  # noqa: RUF012  Litestar's own form.

    @get("", opt=refuses(NoSuchGame))
    async def read_leaderboard(
        self,
        asked: NamedDependency[Asked],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        ladder: NamedDependency[Ladder],
        limit: Limit = 10,
        offset: Depth = 0,
    ) -> LeaderboardView:
        """Who has won most: today, this week or of all time, in a game or in all of them; and where you stand.

        `limit` and `offset` count places: people who are not shown to you have theirs all the same. Further down than
        the first thousand, look around somebody.
        """
        async with sessions() as session:
            return asked.show(await board_of(session, ladder, asked).top(request.user.id, limit, offset))

    @get("/around-me", opt=refuses(NoSuchGame))
    async def read_leaderboard_around_me(
        self,
        asked: NamedDependency[Asked],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        ladder: NamedDependency[Ladder],
        limit: Limit = 11,
    ) -> LeaderboardView:
        """So many places with yours in the middle. None if you have not played."""
        async with sessions() as session:
            return asked.show(await board_of(session, ladder, asked).around(request.user.id, limit))

    @get("/friends", opt=refuses(NoSuchGame))
    async def read_leaderboard_of_friends(
        self,
        asked: NamedDependency[Asked],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        ladder: NamedDependency[Ladder],
        limit: Limit = 50,
        offset: Depth = 0,
    ) -> LeaderboardView:
        """You and your friends among yourselves. `players` and ranks count those who are shown, and nobody else."""
        async with sessions() as session:
            return asked.show(await board_of(session, ladder, asked).among_friends(request.user.id, limit, offset))


def board_of(session: AsyncSession, ladder: Ladder, asked: Asked) -> Leaderboard:
    return Leaderboard(session, ladder, asked.board, asked.today)


class AchievementController(Controller):
    path = "/api/game/achievements"
    tags = ("Game",)

    @get("")
    async def list_achievements(
        self, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> list[AchievementView]:
        """All achievements, and when you earned those that you have."""
        async with sessions() as session:
            return await achievements(session, request.user.id)
