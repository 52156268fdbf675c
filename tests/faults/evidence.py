"""What the servers hold: the database's side of the evidence, and what still waits in the inboxes."""

from collections.abc import Collection, Sequence
from typing import cast, get_args

from sqlalchemy import text
from tests.faults.checker import BallotRow, MessageRow, PlayRow, Tally

from app.inbox import streams
from app.inbox.streams import Kind
from app.resources import Resources, Sessions


async def messages_of(sessions: Sessions, conversations: Collection[int]) -> list[MessageRow]:
    async with sessions() as session:
        rows = await session.execute(
            text("""
                SELECT conversation_id, seq, sender_id, client_id, content FROM messages
                WHERE conversation_id = ANY(:conversations)
            """),
            {"conversations": list(conversations)},
        )
        return [MessageRow(*row) for row in rows]


async def last_numbers(sessions: Sessions, conversations: Collection[int]) -> dict[int, int]:
    async with sessions() as session:
        rows = await session.execute(
            text("SELECT id, last_seq FROM conversations WHERE id = ANY(:conversations)"),
            {"conversations": list(conversations)},
        )
        return {row.id: row.last_seq for row in rows}


async def plays_of(sessions: Sessions, users: Collection[int]) -> list[PlayRow]:
    async with sessions() as session:
        rows = await session.execute(
            text("""
                SELECT id, user_id, idempotency_key, (move ->> 'number')::bigint, won, prize_cents
                FROM plays WHERE user_id = ANY(:users)
            """),
            {"users": list(users)},
        )
        return [PlayRow(*row) for row in rows]


async def ballots_of(sessions: Sessions, users: Collection[int]) -> list[BallotRow]:
    async with sessions() as session:
        rows = await session.execute(
            text("""
                SELECT s.user_id, s.idempotency_key, draws.number, ballots.seq
                FROM ballot_submissions AS s JOIN draws ON draws.id = s.draw_id
                JOIN ballots ON ballots.draw_id = s.draw_id
                    AND ballots.user_id = s.user_id AND ballots.seq BETWEEN s.first_seq AND s.first_seq + s.count - 1
                WHERE s.user_id = ANY(:users)
            """),
            {"users": list(users)},
        )
        return [BallotRow(*row) for row in rows]


async def tallies_of(sessions: Sessions, users: Collection[int]) -> dict[int, Tally]:
    async with sessions() as session:
        rows = await session.execute(
            text("""
                SELECT user_id, games, wins, prize_cents, best_prize_cents FROM tallies
                WHERE user_id = ANY(:users) AND game = '*'
            """),
            {"users": list(users)},
        )
        return {row[0]: Tally(*row[1:]) for row in rows}


async def backlog(resources: Resources) -> int:
    """How many entries wait in all inboxes together. Raises RedisError while Redis is away."""
    pipeline = resources.redis.pipeline(transaction=False)
    for kind in get_args(Kind):
        for partition in range(streams.PARTITIONS):
            pipeline.xlen(streams.stream(kind, partition))
    return sum(cast("Sequence[int]", await pipeline.execute()))
