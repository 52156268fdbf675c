"""Scoring and counting plays, and what players ask about them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from msgspec import UNSET
from sqlalchemy import ARRAY, BigInteger, Boolean, Row, Text, TextClause, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.game.definition import Score, no_luck
from app.domain.game.games import number
from app.domain.game.models import Play, Tally
from app.domain.game.rules import NoSuchPlay
from app.domain.game.schemas.plays import CENTS, PlayResult, Statistics, as_money
from app.domain.game.schemas.proofs import Proof
from app.domain.game.services.dealing import Deal, Dealer
from app.domain.game.services.turns import Name, Turn
from app.errors import AppError, IdempotencyConflict
from app.inbox.drain import Outcome

encode = msgspec.json.Encoder().encode

# Plays that are stored already, or stand twice in the batch, do nothing: neither a row nor a count.
store = text("""
    WITH fresh AS (
        INSERT INTO plays (user_id, game, move, outcome, proof, won, prize_cents, idempotency_key, played_at)
        SELECT user_id, game, move::jsonb, outcome::jsonb, proof::jsonb, won, prize_cents, idempotency_key, :now
        FROM unnest(:users, :games, :moves, :outcomes, :proofs, :wons, :prizes, :keys) WITH ORDINALITY
             AS attempt (user_id, game, move, outcome, proof, won, prize_cents, idempotency_key, place)
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
    bindparam("proofs", type_=ARRAY(Text)),
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


class Plays(SQLAlchemyAsyncRepositoryService[Play]):
    class Repo(SQLAlchemyAsyncRepository[Play]):
        model_type = Play

    repository_type = Repo

    async def record(self, entries: Sequence[bytes], *, secret: bytes) -> list[Outcome[Scored]]:
        """Score and count a batch of plays in their order, each exactly once. Seeds of luck come from the secret."""
        turns = [Turn.read(entry) for entry in entries]
        firsts: dict[Name, Turn] = {}
        for turn in turns:
            firsts.setdefault(turn.name, turn)
        lucky = [turn for turn in firsts.values() if turn.game.is_lucky]
        dealt = await Dealer(self._session, secret).deal(lucky) if lucky else {}
        plays = await self._store([one for turn in firsts.values() if (one := score(turn, dealt.get(turn.name)))])
        if any(isinstance(deal, Deal) and name not in plays for name, deal in dealt.items()):
            raise LookupError("a seed was given to a play that is stored already")  # With the seed, it is rolled back.
        if len(plays) < len(firsts):
            plays |= await self._stored_before(name for name in firsts if name not in plays)
        return [outcome_of(turn, dealt.get(turn.name), plays.get(turn.name)) for turn in turns]

    async def by_key(self, user_id: int, key: str) -> PlayResult:
        """Raises NoSuchPlay."""
        found = await self._stored_before([(user_id, key)])
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

    @property
    def _session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def _store(self, plays: Sequence["Scoring"]) -> dict[Name, PlayResult]:
        """Those that were not there before."""
        return await self._read(
            store,
            {
                "now": datetime.now(UTC),
                "users": [play.turn.user_id for play in plays],
                "games": [play.turn.game.name for play in plays],
                "moves": [encode(play.turn.move).decode() for play in plays],
                "outcomes": [encode(play.score.outcome).decode() for play in plays],
                "proofs": [encode(play.proof).decode() if play.proof else None for play in plays],
                "wons": [play.score.won for play in plays],
                "prizes": [play.score.prize_cents for play in plays],
                "keys": [play.turn.key for play in plays],
            },
        )

    async def _stored_before(self, names: Iterable[Name]) -> dict[Name, PlayResult]:
        wanted = list(names)
        return await self._read(
            stored_before, {"users": [user_id for user_id, _ in wanted], "keys": [key for _, key in wanted]}
        )

    async def _read(self, statement: TextClause, parameters: dict[str, Any]) -> dict[Name, PlayResult]:
        rows = await self._session.execute(statement.columns(move=JSONB, outcome=JSONB, proof=JSONB), parameters)
        return {(row.user_id, row.idempotency_key): as_result(row) for row in rows}


class Scoring(NamedTuple):
    """A play that is to be stored."""

    turn: Turn
    score: Score
    proof: Proof | None


def score(turn: Turn, deal: Deal | AppError | None) -> Scoring | None:
    """None for a play that needs luck and was given none: it is refused, or stored already."""
    if not turn.game.is_lucky:
        return Scoring(turn, turn.game.play(turn.move, no_luck), None)
    return Scoring(turn, turn.game.play(turn.move, deal.luck), deal.proof) if isinstance(deal, Deal) else None


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
        proof=msgspec.convert(row.proof, Proof) if row.proof else UNSET,
    )


def outcome_of(turn: Turn, deal: Deal | AppError | None, play: PlayResult | None) -> Outcome[Scored]:
    if isinstance(deal, AppError):
        return Outcome(refusal=deal)
    if play is None:
        return Outcome(refusal=NoSuchPlay("The player's account is gone."))
    if (play.game, play.move) != (turn.game.name, msgspec.to_builtins(turn.move)):
        return Outcome(refusal=IdempotencyConflict())
    frame = encode(play)
    return Outcome(reply=frame, fact=Scored(turn.user_id, frame))
