"""Building the ladders of a partition from PostgreSQL: when there are none, and when they have lost something."""

from collections.abc import Collection
from datetime import date
from uuid import uuid4

from redis.asyncio import Redis
from sqlalchemy import ARRAY, Date, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.game.services.ladder import SCRIPTS, board_key, number_key
from app.domain.game.standings.boards import Board, kept_boards, let_go_at
from app.inbox.streams import PARTITIONS

AT_ONCE = 1000
"""Players that are put on a board in one command, or fewer: two milliseconds of Redis's time."""

COMMANDS = 20
"""In one round trip."""

UNFINISHED_SECONDS = 600
"""After this, what somebody has built and never installed goes by itself."""

FILL, INSTALL = ((SCRIPTS / f"{name}.lua").read_text() for name in ("fill", "install"))

numbers = text("SELECT partition, number FROM board_numbers")

# Until the end of the transaction, nobody counts players of the partition.
lock = text("""
    INSERT INTO board_numbers AS n (partition, number) VALUES (:partition, 0)
    ON CONFLICT (partition) DO UPDATE SET number = n.number RETURNING number
""")

# As text that goes to Redis as it is: Python would take ten times as long to take a million rows apart.
everybody = text(f"""
    SELECT game, period, starts_on, string_agg(prize_cents || ',' || user_id, ',') AS scores
    FROM (
        SELECT game, 'all' AS period, NULL::date AS starts_on, user_id, prize_cents
        FROM tallies WHERE user_id % {PARTITIONS} = :partition
        UNION ALL
        SELECT game, period, starts_on, user_id, prize_cents
        FROM standings JOIN unnest(:games, :periods, :days) AS kept (game, period, starts_on)
             USING (game, period, starts_on)
        WHERE user_id % {PARTITIONS} = :partition
    ) AS player
    GROUP BY game, period, starts_on, user_id / {PARTITIONS * AT_ONCE}
""").bindparams(
    bindparam("games", type_=ARRAY(Text)), bindparam("periods", type_=ARRAY(Text)), bindparam("days", type_=ARRAY(Date))
)


async def counted(session: AsyncSession) -> dict[int, int]:
    """How many batches PostgreSQL has counted, by partition; those without any are left out."""
    return {row.partition: row.number for row in await session.execute(numbers)}


async def known(redis: "Redis") -> dict[int, int]:
    """How many batches the ladders know of, by partition; those that are not whole are left out."""
    pipeline = redis.pipeline(transaction=False)  # Not MGET, which a Redis Cluster has for keys of one slot only.
    for partition in range(PARTITIONS):
        pipeline.get(number_key(partition))
    found = await pipeline.execute()
    return {partition: int(number) for partition, number in enumerate(found) if number and number.isdigit()}


async def build(session: AsyncSession, redis: "Redis", partition: int, games: Collection[str], day: date) -> bool:
    """Build a partition's ladders; while that lasts nobody reads them, and plays of its players wait to be counted.

    Whether they were built: not if they are whole by now, or if somebody else has begun to build them since.
    """
    boards = {board: board_key(partition, board) for board in kept_boards(games, day)}
    mark = f"built by {uuid4().hex}"
    number: int = await session.scalar(lock, {"partition": partition})
    if (await known(redis)).get(partition) == number:
        return False
    await redis.set(number_key(partition), mark)
    kept = [board for board in boards if board.starts_on]
    wanted = {
        "partition": partition,
        "games": [board.game for board in kept],
        "periods": [board.period for board in kept],
        "days": [board.starts_on for board in kept],
    }
    rows = await session.stream(everybody, wanted)
    async for part in rows.partitions(COMMANDS):
        pipeline = redis.pipeline(transaction=False)
        for row in part:
            if place := boards.get(Board(row.game, row.period, row.starts_on)):
                pipeline.eval(FILL, 1, unfinished(place, mark), row.scores, UNFINISHED_SECONDS)
        await pipeline.execute()
    places = [key for place in boards.values() for key in (unfinished(place, mark), place)]
    keys = [number_key(partition), *places]
    return bool(await redis.eval(INSTALL, len(keys), *keys, mark, number, *map(let_go_at, boards)))


def unfinished(place: str, mark: str) -> str:
    return f"{place}:{mark}"
