"""Scoring and counting plays, and what players ask about them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ARRAY, BigInteger, Boolean, Row, Text, bindparam, select, text

from app.domain.game.models import Play, Tally
from app.domain.game.rules import GAME, NoSuchPlay, score
from app.domain.game.schemas import CENTS, Attempt, PlayResult, Statistics, as_money
from app.errors import IdempotencyConflict
from app.inbox.accept import Inbox
from app.inbox.drain import Outcome

encode_attempt = msgspec.msgpack.Encoder().encode
decode_attempt = msgspec.msgpack.Decoder(Attempt).decode
encode = msgspec.json.Encoder().encode

# Plays that are stored already, or stand twice in the batch, do nothing: neither a row nor a count.
store = text("""
    WITH fresh AS (
        INSERT INTO plays (user_id, game, number, won, prize_cents, idempotency_key, played_at)
        SELECT user_id, :game, number, won, prize_cents, idempotency_key, :now
        FROM unnest(:users, :numbers, :wons, :prizes, :keys) WITH ORDINALITY
             AS attempt (user_id, number, won, prize_cents, idempotency_key, place)
        WHERE EXISTS (SELECT FROM users WHERE users.id = attempt.user_id)
        ORDER BY place
        ON CONFLICT (user_id, idempotency_key) DO NOTHING
        RETURNING id, user_id, number, won, prize_cents, idempotency_key, played_at
    ), counted AS (
        INSERT INTO tallies AS t (user_id, games, wins, prize_cents, best_prize_cents, last_played_at)
        SELECT user_id, count(*), count(*) FILTER (WHERE won), sum(prize_cents), max(prize_cents), :now
        FROM fresh GROUP BY user_id
        ON CONFLICT (user_id) DO UPDATE SET
            games = t.games + excluded.games,
            wins = t.wins + excluded.wins,
            prize_cents = t.prize_cents + excluded.prize_cents,
            best_prize_cents = greatest(t.best_prize_cents, excluded.best_prize_cents),
            last_played_at = excluded.last_played_at
    )
    SELECT * FROM fresh
""").bindparams(
    bindparam("users", type_=ARRAY(BigInteger)),
    bindparam("numbers", type_=ARRAY(BigInteger)),
    bindparam("wons", type_=ARRAY(Boolean)),
    bindparam("prizes", type_=ARRAY(BigInteger)),
    bindparam("keys", type_=ARRAY(Text)),
)

stored_before = text("""
    SELECT p.id, p.user_id, p.number, p.won, p.prize_cents, p.idempotency_key, p.played_at
    FROM unnest(:users, :keys) AS attempt (user_id, idempotency_key)
    JOIN plays p ON p.user_id = attempt.user_id AND p.idempotency_key = attempt.idempotency_key
""").bindparams(bindparam("users", type_=ARRAY(BigInteger)), bindparam("keys", type_=ARRAY(Text)))


async def submit(inbox: Inbox, user_id: int, number: int, key: str) -> "asyncio.Future[bytes]":
    """Hand a play over; the future becomes its PlayResult in JSON once it is stored.

    Raises NumberOutOfRange, InboxFull, Unavailable.
    """
    score(number)
    return await inbox.submit("game", user_id, encode_attempt(Attempt(user_id, number, key)))


def new_key() -> str:
    return uuid4().hex


def as_result(row: Row[Any]) -> PlayResult:
    attempt = Attempt(row.user_id, row.number, row.idempotency_key)
    return PlayResult.of(row.id, attempt, row.prize_cents, row.played_at, won=row.won)


class Scored(msgspec.Struct, frozen=True):
    """A stored play, and whose it is: what a worker announces."""

    user_id: int
    frame: bytes


class Plays(SQLAlchemyAsyncRepositoryService[Play]):
    class Repo(SQLAlchemyAsyncRepository[Play]):
        model_type = Play

    repository_type = Repo

    async def record(self, entries: Sequence[bytes]) -> list[Outcome[Scored]]:
        """Score and count a batch of plays in their order, each exactly once."""
        attempts = [decode_attempt(entry) for entry in entries]
        scores = [score(attempt.number) for attempt in attempts]
        users = [attempt.user_id for attempt in attempts]
        keys = [attempt.idempotency_key for attempt in attempts]
        fresh = await self.repository.session.execute(
            store,
            {
                "game": GAME,
                "now": datetime.now(UTC),
                "users": users,
                "numbers": [attempt.number for attempt in attempts],
                "wons": [play.won for play in scores],
                "prizes": [play.prize_cents for play in scores],
                "keys": keys,
            },
        )
        plays = {(row.user_id, row.idempotency_key): as_result(row) for row in fresh}
        if len(plays) < len(attempts):
            before = await self.repository.session.execute(stored_before, {"users": users, "keys": keys})
            plays |= {(row.user_id, row.idempotency_key): as_result(row) for row in before}
        return [outcome_of(attempt, plays.get((attempt.user_id, attempt.idempotency_key))) for attempt in attempts]

    async def by_key(self, user_id: int, key: str) -> PlayResult:
        row = (await self.repository.session.execute(stored_before, {"users": [user_id], "keys": [key]})).one_or_none()
        if row is None:
            raise NoSuchPlay
        return as_result(row)

    async def history(self, user_id: int, limit: int, before: int | None) -> list[PlayResult]:
        """Somebody's plays, newest first, from before a play's id where one is given."""
        columns = select(
            Play.id, Play.user_id, Play.number, Play.won, Play.prize_cents, Play.idempotency_key, Play.played_at
        )
        statement = columns.where(Play.user_id == user_id).order_by(Play.id.desc()).limit(limit)
        if before is not None:
            statement = statement.where(Play.id < before)
        return [as_result(row) for row in await self.repository.session.execute(statement)]

    async def statistics(self, user_id: int) -> Statistics:
        tally = await self.repository.session.get(Tally, user_id)
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
        )


def outcome_of(attempt: Attempt, play: PlayResult | None) -> Outcome[Scored]:
    if play is None:
        return Outcome(refusal=NoSuchPlay("The player's account is gone."))
    if play.number != attempt.number:
        return Outcome(refusal=IdempotencyConflict())
    frame = encode(play)
    return Outcome(reply=frame, fact=Scored(attempt.user_id, frame))
