"""Tallies for each game and for all of them, with streaks; standings of days and weeks; achievements.

All are recounts of the plays. The days of old plays are those of the daily lottery's zone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

COUNTED = """
    counted AS (
        SELECT p.user_id, counts.game, p.id, p.won, p.prize_cents, p.day, p.played_at
        FROM plays p CROSS JOIN LATERAL (VALUES (p.game), ('*')) AS counts (game)
    )
"""
REACHED_AT = "coalesce(max(played_at) FILTER (WHERE prize_cents > 0), (array_agg(played_at ORDER BY id))[1])"


def upgrade() -> None:
    op.add_column("plays", sa.Column("day", sa.Date()))
    op.execute("""
        UPDATE plays SET day = (
            played_at AT TIME ZONE coalesce((SELECT zone FROM lotteries WHERE name = 'daily'), 'UTC')
        )::date
    """)
    op.alter_column("plays", "day", nullable=False)
    op.drop_table("tallies")
    create_tables()
    recount()
    op.add_column("privacy", sa.Column("leaderboards", sa.Boolean(), server_default="true", nullable=False))
    op.alter_column("privacy", "leaderboards", server_default=None)


def create_tables() -> None:
    op.create_table(
        "tallies",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("game", sa.Text(), nullable=False),
        *whole(
            "games",
            "wins",
            "prize_cents",
            "best_prize_cents",
            "opening_streak",
            "win_streak",
            "best_win_streak",
            "day_streak",
            "best_day_streak",
        ),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_played_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_tallies_user_id"),
        sa.PrimaryKeyConstraint("user_id", "game", name="pk_tallies"),
    )
    op.create_table(
        "standings",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("game", sa.Text(), nullable=False),
        *whole("games", "wins", "prize_cents"),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_standings_user_id"),
        sa.PrimaryKeyConstraint("user_id", "period", "starts_on", "game", name="pk_standings"),
    )
    op.create_table(
        "board_numbers",
        sa.Column("partition", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("partition", name="pk_board_numbers"),
    )
    op.create_table(
        "achievements",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("earned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_achievements_user_id"),
        sa.PrimaryKeyConstraint("user_id", "name", name="pk_achievements"),
    )


def whole(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def recount() -> None:
    """Each stretch of plays begins with a loss, but the first; so its wins are a streak."""
    op.execute(f"""
        INSERT INTO tallies
        WITH {COUNTED}, numbered AS (
            SELECT user_id, game, won,
                   count(*) FILTER (WHERE NOT won) OVER (PARTITION BY user_id, game ORDER BY id) AS losses
            FROM counted
        ), stretches AS (
            SELECT user_id, game, losses, count(*) FILTER (WHERE won) AS wins
            FROM numbered GROUP BY user_id, game, losses
        ), won AS (
            SELECT user_id, game, coalesce(max(wins) FILTER (WHERE losses = 0), 0) AS opening_streak,
                   (array_agg(wins ORDER BY losses DESC))[1] AS win_streak, max(wins) AS best_win_streak
            FROM stretches GROUP BY user_id, game
        ), days AS (
            SELECT user_id, game, day,
                   day - (row_number() OVER (PARTITION BY user_id, game ORDER BY day))::int AS before
            FROM (SELECT DISTINCT user_id, game, day FROM counted) AS played
        ), series AS (
            SELECT user_id, game, count(*) AS days, max(day) AS last_day FROM days GROUP BY user_id, game, before
        ), came AS (
            SELECT user_id, game, (array_agg(days ORDER BY last_day DESC))[1] AS day_streak,
                   max(days) AS best_day_streak, max(last_day) AS last_day
            FROM series GROUP BY user_id, game
        ), totals AS (
            SELECT user_id, game, count(*) AS games, count(*) FILTER (WHERE won) AS wins,
                   sum(prize_cents) AS prize_cents, max(prize_cents) AS best_prize_cents,
                   {REACHED_AT} AS reached_at, max(played_at) AS last_played_at
            FROM counted GROUP BY user_id, game
        )
        SELECT user_id, game, games, wins, prize_cents, best_prize_cents, opening_streak, win_streak, best_win_streak,
               day_streak, best_day_streak, last_day, reached_at, last_played_at
        FROM totals JOIN won USING (user_id, game) JOIN came USING (user_id, game)
    """)
    op.execute(f"""
        INSERT INTO standings
        WITH {COUNTED}
        SELECT user_id, period, starts_on, game, count(*), count(*) FILTER (WHERE won), sum(prize_cents), {REACHED_AT}
        FROM counted
        CROSS JOIN LATERAL (VALUES ('day', day), ('week', date_trunc('week', day)::date)) AS spans (period, starts_on)
        GROUP BY user_id, period, starts_on, game
    """)
    op.create_index("ix_tallies_board", "tallies", ["game", sa.text("(-prize_cents)"), "reached_at", "user_id"])
    op.create_index(
        "ix_standings_board",
        "standings",
        ["game", "period", "starts_on", sa.text("(-prize_cents)"), "reached_at", "user_id"],
    )


def downgrade() -> None:
    op.drop_column("privacy", "leaderboards")
    op.drop_table("achievements")
    op.drop_table("board_numbers")
    op.drop_table("standings")
    op.execute("DELETE FROM tallies WHERE game <> '*'")
    op.drop_index("ix_tallies_board", "tallies")
    op.drop_constraint("pk_tallies", "tallies")
    for column in (
        "game",
        "opening_streak",
        "win_streak",
        "best_win_streak",
        "day_streak",
        "best_day_streak",
        "last_day",
        "reached_at",
    ):
        op.drop_column("tallies", column)
    op.create_primary_key("pk_tallies", "tallies", ["user_id"])
    op.drop_column("plays", "day")
