"""The SQL of counting: hot, and therefore written by hand."""

from sqlalchemy import ARRAY, BigInteger, Date, DateTime, Text, bindparam, text

from app.domain.game.standings.achievements import Totals

NUMBERS = (
    "games",
    "wins",
    "prize_cents",
    "best_prize_cents",
    "opening_streak",
    "win_streak",
    "best_win_streak",
)
"""Of a `Tally`, by the names of its fields and of their columns."""

EARNING = Totals._fields
"""Of those, what achievements are earned by."""

DAYS = """
    CASE WHEN excluded.last_day > t.last_day + 1 THEN 1
         WHEN excluded.last_day = t.last_day + 1 THEN t.day_streak + 1
         ELSE t.day_streak END
"""
"""A day that lies before the last one, after a change of zone, is not counted again."""

REACHED_AT = """
    CASE WHEN excluded.prize_cents = 0 THEN {0}.reached_at
         WHEN {0}.prize_cents = 0 THEN excluded.reached_at
         ELSE greatest({0}.reached_at, excluded.reached_at) END
"""
"""Of the last play that won something, or else of the first play. Clocks may go back between two batches."""

# The answer has a row for each board, with all its players; those of all time with what achievements are earned by.
# The number comes first: it locks the partition, so that numbers stand in the order of commits, and whoever else counts
# players of it waits here, with nothing in hand. What a batch adds up to is then joined to what there is of each player
# by the row, whose newest version PostgreSQL takes.
count = text(f"""
    WITH numbered AS (
        INSERT INTO board_numbers AS n (partition, number)
        SELECT partition, 1 FROM unnest(:partitions) AS touched (partition) ORDER BY partition
        ON CONFLICT (partition) DO UPDATE SET number = n.number + 1
        RETURNING partition, number
    ), batch AS MATERIALIZED (
        SELECT added.*
        FROM unnest(:users, :in_games, {", ".join(f":{name}" for name in NUMBERS)})
             AS added (user_id, game, {", ".join(NUMBERS)}),
             (SELECT count(*) FROM numbered) AS locked
        ORDER BY user_id, game
    ), tallied AS (
        INSERT INTO tallies AS t (user_id, game, {", ".join(NUMBERS)},
                                  day_streak, best_day_streak, last_day, reached_at, last_played_at)
        SELECT batch.*, 1, 1, :day, :now, :now FROM batch
        ON CONFLICT (user_id, game) DO UPDATE SET
            games = t.games + excluded.games,
            wins = t.wins + excluded.wins,
            prize_cents = t.prize_cents + excluded.prize_cents,
            best_prize_cents = greatest(t.best_prize_cents, excluded.best_prize_cents),
            opening_streak = t.opening_streak + CASE WHEN t.wins = t.games THEN excluded.opening_streak ELSE 0 END,
            win_streak = excluded.win_streak + CASE WHEN excluded.wins = excluded.games THEN t.win_streak ELSE 0 END,
            best_win_streak = greatest(
                t.best_win_streak, t.win_streak + excluded.opening_streak, excluded.best_win_streak
            ),
            day_streak = {DAYS},
            best_day_streak = greatest(t.best_day_streak, {DAYS}),
            last_day = greatest(t.last_day, excluded.last_day),
            reached_at = {REACHED_AT.format("t")},
            last_played_at = greatest(t.last_played_at, excluded.last_played_at)
        RETURNING user_id, game, prize_cents, {", ".join(f"old.{one} AS {one}_before, new.{one}" for one in EARNING)},
                  old.last_day IS DISTINCT FROM new.last_day AS new_day
    ), placed AS (
        INSERT INTO standings AS s (user_id, period, starts_on, game, games, wins, prize_cents, reached_at)
        SELECT user_id, period, starts_on, game, games, wins, prize_cents, :now
        FROM batch, (VALUES ('day', :day), ('week', :week)) AS spans (period, starts_on)
        ORDER BY user_id, period, game
        ON CONFLICT (user_id, period, starts_on, game) DO UPDATE SET
            games = s.games + excluded.games,
            wins = s.wins + excluded.wins,
            prize_cents = s.prize_cents + excluded.prize_cents,
            reached_at = {REACHED_AT.format("s")}
        RETURNING user_id, game, period, prize_cents
    )
    SELECT 'all' AS period, game, (SELECT array_agg(number ORDER BY partition) FROM numbered) AS numbers,
           array_agg(user_id) AS users, array_agg(prize_cents) AS prizes,
           {", ".join(f"array_agg({one}_before) AS {one}_before, array_agg({one}) AS {one}" for one in EARNING)},
           array_agg(new_day) AS new_day
    FROM tallied GROUP BY game
    UNION ALL
    SELECT period, game, NULL, array_agg(user_id), array_agg(prize_cents){", NULL" * (2 * len(EARNING) + 1)}
    FROM placed GROUP BY period, game
""").bindparams(
    *[bindparam(name, type_=ARRAY(BigInteger)) for name in ("partitions", "users", *NUMBERS)],
    bindparam("in_games", type_=ARRAY(Text)),
    bindparam("day", type_=Date),
    bindparam("week", type_=Date),
    bindparam("now", type_=DateTime(timezone=True)),
)

give = text("""
    INSERT INTO achievements (user_id, name, earned_at)
    SELECT user_id, name, :now FROM unnest(:users, :names) AS earned (user_id, name) ORDER BY user_id, name
    ON CONFLICT DO NOTHING RETURNING user_id, name
""").bindparams(bindparam("users", type_=ARRAY(BigInteger)), bindparam("names", type_=ARRAY(Text)))
