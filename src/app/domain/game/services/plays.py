"""Scoring and storing plays, and what players ask about them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
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
from app.domain.game.models import Play
from app.domain.game.rules import NoSuchPlay
from app.domain.game.schemas.plays import PlayResult, as_money
from app.domain.game.schemas.proofs import Proof
from app.domain.game.services.counting import Tallied, count_plays
from app.domain.game.services.dealing import Deal, Dealer
from app.domain.game.services.turns import Name, Turn
from app.domain.game.standings.tallies import Counted
from app.errors import AppError, IdempotencyConflict
from app.inbox.batches import Outcome

encode = msgspec.json.Encoder().encode

# Plays that are stored already, or stand twice in the batch, are left out, and so are not counted either.
store = text("""
    INSERT INTO plays (user_id, game, move, outcome, proof, won, prize_cents, idempotency_key, day, played_at)
    SELECT user_id, game, move::jsonb, outcome::jsonb, proof::jsonb, won, prize_cents, idempotency_key, :day, :now
    FROM unnest(:users, :games, :moves, :outcomes, :proofs, :wons, :prizes, :keys) WITH ORDINALITY
         AS attempt (user_id, game, move, outcome, proof, won, prize_cents, idempotency_key, place)
    WHERE EXISTS (SELECT FROM users WHERE users.id = attempt.user_id)
    ORDER BY place
    ON CONFLICT (user_id, idempotency_key) DO NOTHING
    RETURNING *
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
    tallied: Tallied | None = None
    """What the whole batch came to, on one of its plays."""


class Plays(SQLAlchemyAsyncRepositoryService[Play]):
    class Repo(SQLAlchemyAsyncRepository[Play]):
        model_type = Play

    repository_type = Repo

    async def record(
        self, entries: Sequence[bytes], now: datetime, day: date, *, secret: bytes
    ) -> list[Outcome[Scored]]:
        """Score and count a batch of plays in their order, each exactly once, for that day.

        Seeds of luck come from the secret.
        """
        turns = [Turn.read(entry) for entry in entries]
        firsts: dict[Name, Turn] = {}
        for turn in turns:
            firsts.setdefault(turn.name, turn)
        lucky = [turn for turn in firsts.values() if turn.game.is_lucky]
        dealt = await Dealer(self._session, secret).deal(lucky) if lucky else {}
        scorings = {name: one for name, turn in firsts.items() if (one := score(turn, dealt.get(name)))}
        plays = await self._store(list(scorings.values()), now, day)
        if any(isinstance(deal, Deal) and name not in plays for name, deal in dealt.items()):
            raise LookupError("a seed was given to a play that is stored already")  # With the seed, it is rolled back.
        tallied = await count_plays(self._session, [as_counted(scorings[name]) for name in plays], now, day)
        if len(plays) < len(firsts):
            plays |= await self._stored_before(name for name in firsts if name not in plays)
        outcomes = [outcome_of(turn, dealt.get(turn.name), plays.get(turn.name)) for turn in turns]
        return with_what_it_came_to(outcomes, tallied)

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

    @property
    def _session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def _store(self, plays: Sequence["Scoring"], now: datetime, day: date) -> dict[Name, PlayResult]:
        """Those that were not there before."""
        return await self._read(
            store,
            {
                "now": now,
                "day": day,
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


def as_counted(play: Scoring) -> Counted:
    return Counted(play.turn.user_id, play.turn.game.name, play.score.won, play.score.prize_cents)


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


def with_what_it_came_to(outcomes: list[Outcome[Scored]], tallied: Tallied | None) -> list[Outcome[Scored]]:
    """A batch in which something was counted has a play that was stored, and so a fact to tell it with."""
    for place, outcome in enumerate(outcomes):
        if tallied and outcome.fact:
            outcomes[place] = replace(outcome, fact=Scored(outcome.fact.user_id, outcome.fact.frame, tallied))
            break
    return outcomes
