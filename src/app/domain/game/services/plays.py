"""Scoring and storing plays, and what players ask about them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from msgspec import UNSET
from sqlalchemy import ARRAY, BigInteger, Boolean, Row, Text, TextClause, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB

from app.domain.game.definition import Score, no_luck
from app.domain.game.games import number
from app.domain.game.models import Play
from app.domain.game.rules import NoSuchPlay
from app.domain.game.schemas import Attempt, PlayResult, as_money
from app.domain.game.services.counting import Tallied, count_plays
from app.domain.game.services.registry import game_called
from app.domain.game.standings.tallies import Counted
from app.errors import IdempotencyConflict
from app.inbox.drain import Outcome

Name = tuple[int, str]
"""Of a play, for ever: the player, and the idempotency key."""

decode_attempt = msgspec.msgpack.Decoder(Attempt).decode
encode = msgspec.json.Encoder().encode

# Plays that are stored already, or stand twice in the batch, are left out, and so are not counted either.
store = text("""
    INSERT INTO plays (user_id, game, move, outcome, won, prize_cents, idempotency_key, day, played_at)
    SELECT user_id, game, move::jsonb, outcome::jsonb, won, prize_cents, idempotency_key, :day, :now
    FROM unnest(:users, :games, :moves, :outcomes, :wons, :prizes, :keys) WITH ORDINALITY
         AS attempt (user_id, game, move, outcome, won, prize_cents, idempotency_key, place)
    WHERE EXISTS (SELECT FROM users WHERE users.id = attempt.user_id)
    ORDER BY place
    ON CONFLICT (user_id, idempotency_key) DO NOTHING
    RETURNING *
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


class Recorded(NamedTuple):
    outcomes: list[Outcome[Scored]]
    tallied: Tallied | None
    """None if none of them was new."""


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

    async def record(self, entries: Sequence[bytes], now: datetime, day: date) -> Recorded:
        """Score and count a batch of plays in their order, each exactly once. They count for that day."""
        turns = [take(decode_attempt(entry)) for entry in entries]
        users, keys = [turn.attempt.user_id for turn in turns], [turn.attempt.idempotency_key for turn in turns]
        fresh = {
            "now": now,
            "day": day,
            "users": users,
            "games": [turn.attempt.game for turn in turns],
            "moves": [as_json(turn.move) for turn in turns],
            "outcomes": [as_json(turn.score.outcome) for turn in turns],
            "wons": [turn.score.won for turn in turns],
            "prizes": [turn.score.prize_cents for turn in turns],
            "keys": keys,
        }
        plays = await self._read(store, fresh)
        stored = {turn.name: turn for turn in reversed(turns)}
        tallied = await count_plays(self.repository.session, [as_counted(stored[name]) for name in plays], now, day)
        if len(plays) < len(turns):
            plays |= await self._read(stored_before, {"users": users, "keys": keys})
        return Recorded([outcome_of(turn, plays.get(turn.name)) for turn in turns], tallied)

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

    async def _read(self, statement: TextClause, parameters: dict[str, Any]) -> dict[Name, PlayResult]:
        rows = await self.repository.session.execute(statement.columns(move=JSONB, outcome=JSONB), parameters)
        return {(row.user_id, row.idempotency_key): as_result(row) for row in rows}


def take(attempt: Attempt) -> Turn:
    game = game_called(attempt.game)
    move = msgspec.msgpack.decode(attempt.move, type=game.move)
    return Turn(attempt, msgspec.to_builtins(move), game.play(move, no_luck))


def as_counted(turn: Turn) -> Counted:
    return Counted(turn.attempt.user_id, turn.attempt.game, turn.score.won, turn.score.prize_cents)


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
