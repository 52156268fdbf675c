"""The SQL of leaderboards. Each comes twice: for the boards of all time, and for those of days and weeks."""

from typing import NamedTuple

from sqlalchemy import ARRAY, BigInteger, TextClause, bindparam, text

from app.domain.accounts.models import in_good_standing
from app.domain.game.standings.boards import Board

ALL_TIME = "tallies b WHERE b.game = :game"
OF_A_PERIOD = "standings b WHERE b.game = :game AND b.period = :period AND b.starts_on = :starts_on"

COLUMNS = "b.user_id, b.prize_cents, b.games, b.wins, b.reached_at"
ORDER = "-prize_cents, reached_at, user_id"
"""Whoever has won the same stands in the order in which they reached it."""

BACKWARDS = "-prize_cents DESC, reached_at DESC, user_id DESC"

SHOWN = f"""
    JOIN users u ON u.id = place.user_id AND {in_good_standing("u")}
    LEFT JOIN privacy p ON p.user_id = u.id
    WHERE (u.id = :reader_id OR coalesce(p.leaderboards, true))
      AND u.id NOT IN (
          SELECT blocked_id FROM blocks WHERE blocker_id = :reader_id
          UNION ALL
          SELECT blocker_id FROM blocks WHERE blocked_id = :reader_id
      )
"""
"""Without whoever does not show to the reader; 0 for what everybody may see."""

FRIENDS = """
    CAST(:reader_id AS bigint) || ARRAY(
        SELECT low_id + high_id - :reader_id FROM friendships
        WHERE :reader_id IN (low_id, high_id) AND accepted_at IS NOT NULL
    )
"""
"""The reader is one of them. An array: to join a table, PostgreSQL would take workers of its own."""

users = bindparam("users", type_=ARRAY(BigInteger))


class Statements(NamedTuple):
    top: TextClause
    """A page of places with their ranks, from the first one on."""
    of_players: TextClause
    """Without ranks, and whether they show or not."""
    around: TextClause
    """Without ranks: so many places above one, and that one with so many below."""
    friends: TextClause
    """A page of the places that the reader and their friends have among themselves, and the reader's, with ranks."""
    heights: TextClause
    """How many have won as much as, or more than, each of some steps, and less than the next."""


def on(source: str) -> Statements:
    beyond = "(-b.prize_cents, b.reached_at, b.user_id) {} (:negative_prize, :reached_at, :user_id)"
    of_players = f"SELECT {COLUMNS} FROM {source} AND b.user_id = ANY(:users)"
    return Statements(
        top=text(f"""
            SELECT place.*, u.username FROM (
                SELECT {COLUMNS}, rank() OVER (ORDER BY -b.prize_cents) AS rank
                FROM {source} ORDER BY {ORDER} LIMIT :limit OFFSET :offset
            ) AS place {SHOWN} ORDER BY {ORDER}
        """),
        of_players=text(f"""
            SELECT place.*, u.username FROM ({of_players}) AS place JOIN users u ON u.id = place.user_id
        """).bindparams(users),
        around=text(f"""
            SELECT place.*, u.username FROM (
                (SELECT {COLUMNS} FROM {source} AND {beyond.format("<")} ORDER BY {BACKWARDS} LIMIT :above)
                UNION ALL
                (SELECT {COLUMNS} FROM {source} AND {beyond.format(">=")} ORDER BY {ORDER} LIMIT :below)
            ) AS place {SHOWN} ORDER BY {ORDER}
        """),
        friends=text(f"""
            SELECT * FROM (
                SELECT *, count(*) OVER () AS players, rank() OVER (ORDER BY -prize_cents) AS rank,
                       row_number() OVER (ORDER BY {ORDER}) AS position
                FROM (
                    SELECT place.*, u.username
                    FROM (SELECT {COLUMNS} FROM {source} AND b.user_id = ANY({FRIENDS})) AS place {SHOWN}
                ) AS shown
            ) AS placed
            WHERE position BETWEEN :offset + 1 AND :offset + :limit OR user_id = :reader_id
            ORDER BY position
        """),
        heights=text(f"""
            SELECT width_bucket(b.prize_cents, :steps) AS step, count(*) AS players FROM {source} GROUP BY step
        """).bindparams(bindparam("steps", type_=ARRAY(BigInteger))),
    )


IN_ALL_TIME, IN_A_PERIOD = on(ALL_TIME), on(OF_A_PERIOD)


def statements_of(board: Board) -> Statements:
    return IN_ALL_TIME if board.starts_on is None else IN_A_PERIOD
