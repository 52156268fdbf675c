"""The shapes of leaderboards and achievements, over HTTP and on `/ws`."""

from datetime import date, datetime
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from app.domain.game.schemas.plays import GameName, Money
from app.domain.game.standings.boards import WATCHED, Board, Period, end_of
from app.domain.game.standings.tallies import ALL_GAMES


class AchievementView(Struct):
    name: str
    title: str
    text: str
    earned_at: Annotated[datetime | None, Meta(description="Null while you have not earned it.")]


class BoardPlace(Struct):
    """Somebody on a leaderboard. Who has won the same has the same rank: 1, 2, 2, 4."""

    rank: int
    user_id: int
    username: str
    total_prize: Money
    games: int
    wins: int
    reached_at: Annotated[
        datetime, Meta(description="When the prize became so much. Of equals, the first stands first.")
    ]


class BoardView(Struct):
    """Which leaderboard it is."""

    game: Annotated[GameName | None, Meta(description="Null for all games.")]
    period: Period
    starts_on: Annotated[date | None, Meta(description="The day, or the Monday of the week. Null for all time.")]
    ends_at: Annotated[datetime | None, Meta(description="The first moment after it.")]

    @classmethod
    def of(cls, board: Board, zone: ZoneInfo) -> Self:
        game = None if board.game == ALL_GAMES else board.game
        return cls(game, board.period, board.starts_on, end_of(board, zone))


class LeaderboardView(Struct):
    """Who may not be shown to you is left out of `places`; the ranks of the others stay what they are."""

    board: BoardView
    players: Annotated[int, Meta(description="How many people have a place.")]
    me: Annotated[BoardPlace | None, Meta(description="Null if you have not played.")]
    places: list[BoardPlace]


class LeaderboardFrame(Struct, tag="leaderboard"):
    """The first places of a board that the socket watches: after `watch_leaderboards`, and when they change."""

    board: BoardView
    places: list[BoardPlace]


class OwnPlaceFrame(Struct, tag="leaderboard_place"):
    """Your own place on it, in the same way. `players` may be older than it is."""

    board: BoardView
    players: int
    me: BoardPlace | None


class WatchedBoard(Struct, forbid_unknown_fields=True, kw_only=True):
    period: Period
    game: GameName | None = None


class WatchLeaderboards(Struct, tag="watch_leaderboards", forbid_unknown_fields=True):
    """Which leaderboards to hear of; replaces those that this socket watched before."""

    boards: Annotated[list[WatchedBoard], Meta(max_length=WATCHED)]
