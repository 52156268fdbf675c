"""Scoring and counting plays, and what players ask about them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from msgspec import UNSET
from sqlalchemy import ARRAY, BigInteger, Boolean, Row, Text, TextClause, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB

from app.domain.game.definition import Score, no_luck
from app.domain.game.games import number
from app.domain.game.models import Play, Tally
from app.domain.game.rules import NoSuchPlay
from app.domain.game.schemas import CENTS, Attempt, PlayResult, Statistics, as_money
from app.domain.game.services.registry import game_called
from app.errors import IdempotencyConflict
from app.inbox.drain import Outcome

Name = tuple[int, str]
"""Of a play, for ever: the player, and the idempotency key."""

decode_attempt = msgspec.msgpack.Decoder(Attempt).decode
encode = msgspec.json.Encoder().encode

# Plays that are stored already, or stand twice in the batch, do nothing: neither a row nor a count.
store = text("""
    WITH fresh AS (
        INSERT INTO plays (user_id, game, move, outcome, won, prize_cents, idempotency_key, played_at)
        SELECT user_id, game, move::jsonb, outcome::jsonb, won, prize_cents, idempotency_key, :now
        FROM unnest(:users, :games, :moves, :outcomes, :wons, :prizes, :keys) WITH ORDINALITY
             AS attempt (user_id, game, move, outcome, won, prize_cents, idempotency_key, place)
        WHERE EXISTS (SELECT FROM users WHERE users.id = attempt.user_id)
        ORDER BY place
        ON CONFLICT (user_id, idempotency_key) DO NOTHING
        RETURNING *
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
    bindparam("games", type_=ARRAY(Text)),
    bindparam("moves", type_=ARRAY(Text)),
    bindparam("outcomes", type_=ARRAY(Text)),
    bindparam("wons", type_=ARRAY(Boolean)),
    bindparam("prizes", type_=ARRAY(BigInteger)),
    bindparam("keys", type_=ARRAY(Text)),
)

stored_before = text("""
    SELECT p.* FROM unnest(:users, :keys) AS attempt (user_id, idempotency_key)
    JOIN plays p ON p.user_id = attempt.user_id AND p.idempotency_key = attempt.idempotency_key
""").bindparams(bindparam("users", type_=ARRAY(BigInteger)), bindparam("keys", type_=ARRAY(Text)))


class Scored(msgspec.Struct, frozen=True):
    """A stored play, and whose it is: what a worker announces."""

    user_id: int
    frame: bytes


class Turn(NamedTuple):
    attempt: Attempt
    move: dict[str, Any]
    score: Score

    @property
    def name(self) -> Name:
        return self.attempt.user_id, self.attempt.idempotency_key


class Plays(SQLAlchemyAsyncRepositoryService[Play]):
    class Repo(SQLAlchemyAsyncRepository[Play]):
        model_type = Play

    repository_type = Repo

    async def record(self, entries: Sequence[bytes]) -> list[Outcome[Scored]]:
        """Score and count a batch of plays in their order, each exactly once."""
        turns = [take(decode_attempt(entry)) for entry in entries]
        users, keys = [turn.attempt.user_id for turn in turns], [turn.attempt.idempotency_key for turn in turns]
        fresh = {
            "now": datetime.now(UTC),
            "users": users,
            "games": [turn.attempt.game for turn in turns],
            "moves": [as_json(turn.move) for turn in turns],
            "outcomes": [as_json(turn.score.outcome) for turn in turns],
            "wons": [turn.score.won for turn in turns],
            "prizes": [turn.score.prize_cents for turn in turns],
            "keys": keys,
        }
        plays = await self._read(store, fresh)
        if len(plays) < len(turns):
            plays |= await self._read(stored_before, {"users": users, "keys": keys})
        return [outcome_of(turn, plays.get(turn.name)) for turn in turns]

    async def by_key(self, user_id: int, key: str) -> PlayResult:
        """Raises NoSuchPlay."""
        found = await self._read(stored_before, {"users": [user_id], "keys": [key]})
        if not found:
            raise NoSuchPlay
        return found[user_id, key]

    async def history(
        self, user_id: int, limit: int, before: int | None = None, game: str | None = None
    ) -> list[PlayResult]:
        """Somebody's plays, newest first, from before a play's id where one is given."""
        statement = select(*Play.__table__.columns).where(Play.user_id == user_id).order_by(Play.id.desc()).limit(limit)
        if before is not None:
            statement = statement.where(Play.id < before)
        if game is not None:
            statement = statement.where(Play.game == game)
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

    async def _read(self, statement: TextClause, parameters: dict[str, Any]) -> dict[Name, PlayResult]:
        rows = await self.repository.session.execute(statement.columns(move=JSONB, outcome=JSONB), parameters)
        return {(row.user_id, row.idempotency_key): as_result(row) for row in rows}


def take(attempt: Attempt) -> Turn:
    game = game_called(attempt.game)
    move = msgspec.msgpack.decode(attempt.move, type=game.move)
    return Turn(attempt, msgspec.to_builtins(move), game.play(move, no_luck))


def as_result(row: Row[Any]) -> PlayResult:
    return PlayResult(
        id=row.id,
        game=row.game,
        number=row.move["number"] if row.game == number.game.name else UNSET,
        move=row.move,
        outcome=row.outcome,
        result="win" if row.won else "lose",
        prize=as_money(row.prize_cents),
        played_at=row.played_at,
        idempotency_key=row.idempotency_key,
    )


def outcome_of(turn: Turn, play: PlayResult | None) -> Outcome[Scored]:
    if play is None:
        return Outcome(refusal=NoSuchPlay("The player's account is gone."))
    if (play.game, play.move) != (turn.attempt.game, turn.move):
        return Outcome(refusal=IdempotencyConflict())
    frame = encode(play)
    return Outcome(reply=frame, fact=Scored(turn.attempt.user_id, frame))


def as_json(value: object) -> str:
    return encode(value).decode()
