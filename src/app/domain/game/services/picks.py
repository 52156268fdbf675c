"""Storing what is picked in rounds, in batches, and each before its round closes or not at all."""

from collections.abc import Mapping, Sequence
from secrets import token_bytes
from typing import Any, cast

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CursorResult,
    DateTime,
    Executable,
    LargeBinary,
    Row,
    Text,
    bindparam,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.game.models import Pick
from app.domain.game.rules import NoSuchRound
from app.domain.game.schemas.rounds import PickCount, PickOut, Slip
from app.domain.game.services.clock import now
from app.domain.game.services.registry import game_called
from app.domain.game.services.sheets import Held, Known, Made, Sheet
from app.errors import AppError
from app.fairdraw.draws import user_tag
from app.fairdraw.hashing import HASH_BYTES
from app.inbox.batches import Outcome

MOMENT = DateTime(timezone=True)
BIGINTS, TEXTS, BYTES = ARRAY(BigInteger), ARRAY(Text), ARRAY(LargeBinary)
encode = msgspec.json.Encoder(order="deterministic").encode

# Before anything is asked about them, and in one order: who closes a round waits for the batch, or the batch for them.
# What is past its time is left to who closes it, and takes nothing, however many picks still come.
lock_rounds = text("""
    SELECT id FROM rounds WHERE id = ANY(:rounds) AND closes_at > clock_timestamp() ORDER BY id FOR UPDATE
""").bindparams(bindparam("rounds", type_=BIGINTS))

read_rounds = text("""
    SELECT id AS round_id, conversation_id, game, closes_at, picks,
           closed_at IS NOT NULL AS closed, cancelled_at IS NOT NULL AS cancelled
    FROM rounds WHERE id = ANY(:rounds)
""").bindparams(bindparam("rounds", type_=BIGINTS))

# A slip without a row here is an outsider's. All is looked up by key, in subqueries that PostgreSQL does not turn into
# joins: it would read all members of a group, and all picks of a round, for every batch.
survey = (
    text("""
    SELECT slip.place, earlier.move, earlier.player, earlier.salt, earlier.picked_at,
           (SELECT count(*) FROM picks WHERE round_id = slip.round_id AND user_id = slip.user_id) AS made
    FROM unnest(:rounds, :users, :keys) WITH ORDINALITY AS slip (round_id, user_id, idempotency_key, place)
    LEFT JOIN LATERAL (
        SELECT * FROM picks
        WHERE round_id = slip.round_id AND user_id = slip.user_id AND idempotency_key = slip.idempotency_key LIMIT 1
    ) AS earlier ON true
    WHERE (SELECT u.deactivated_at IS NULL AND coalesce(u.suspended_until <= now(), true)
           FROM users u WHERE u.id = slip.user_id)
      AND (SELECT m.left_at IS NULL FROM members m
           WHERE m.user_id = slip.user_id
             AND m.conversation_id = (SELECT r.conversation_id FROM rounds r WHERE r.id = slip.round_id))
""")
    .bindparams(bindparam("rounds", type_=BIGINTS), bindparam("users", type_=BIGINTS), bindparam("keys", type_=TEXTS))
    .columns(move=JSONB, picked_at=MOMENT)
)

replace_standing = text("""
    UPDATE picks SET replaced_at = :now
    FROM unnest(:rounds, :users) AS fresh (round_id, user_id)
    WHERE picks.round_id = fresh.round_id AND picks.user_id = fresh.user_id AND replaced_at IS NULL
""").bindparams(bindparam("rounds", type_=BIGINTS), bindparam("users", type_=BIGINTS), bindparam("now", type_=MOMENT))

insert_picks = text("""
    INSERT INTO picks (round_id, user_id, idempotency_key, move, player, salt, picked_at, replaced_at)
    SELECT round_id, user_id, idempotency_key, move::jsonb, player, salt, :now, CASE WHEN NOT counts THEN :now END
    FROM unnest(:rounds, :users, :keys, :moves, :players, :salts, :counting) WITH ORDINALITY
         AS fresh (round_id, user_id, idempotency_key, move, player, salt, counts, place)
    ORDER BY place
""").bindparams(
    bindparam("rounds", type_=BIGINTS),
    bindparam("users", type_=BIGINTS),
    bindparam("keys", type_=TEXTS),
    bindparam("moves", type_=TEXTS),
    bindparam("players", type_=BYTES),
    bindparam("salts", type_=BYTES),
    bindparam("counting", type_=ARRAY(Boolean)),
    bindparam("now", type_=MOMENT),
)

count_players = text("""
    UPDATE rounds SET picks = picks + added.players
    FROM unnest(:rounds, :players) AS added (id, players) WHERE rounds.id = added.id
""").bindparams(bindparam("rounds", type_=BIGINTS), bindparam("players", type_=BIGINTS))


class Picks(SQLAlchemyAsyncRepositoryService[Pick]):
    class Repo(SQLAlchemyAsyncRepository[Pick]):
        model_type = Pick

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def record(self, slips: Sequence[Slip]) -> list[Outcome[PickCount]]:
        """Store picks in their order. The last of a player counts; one sent again is answered as the first time.

        Whether a round still takes picks is decided by the database's clock, under the lock on the round: none is
        stored after the close, and none that was stored is left out of it.
        """
        rounds = await self._lock(slips)
        sheet = Sheet(await now(self.session), salted)
        known = await self._survey(slips, rounds)
        results = [made_or_refused(sheet, slip, known.get(place)) for place, slip in enumerate(slips, start=1)]
        await self._write(sheet)
        return [outcome_of(sheet, rounds, one) for one in results]

    async def _lock(self, slips: Sequence[Slip]) -> dict[int, Held]:
        """The rounds as they are. What is not locked takes no picks, whatever a clock says that was set back."""
        ids = {"rounds": list({slip.round_id for slip in slips})}
        locked = set((await self._execute(lock_rounds, ids)).scalars())
        return {
            row.round_id: Held(
                round_id=row.round_id,
                conversation_id=row.conversation_id,
                game=row.game,
                closes_at=row.closes_at,
                closed=row.closed or row.round_id not in locked,
                cancelled=row.cancelled,
                picks=row.picks,
            )
            for row in await self._execute(read_rounds, ids)
        }

    async def _survey(self, slips: Sequence[Slip], rounds: Mapping[int, Held]) -> dict[int, Known]:
        """What is known of each slip, by place from 1."""
        keys = {
            "rounds": [slip.round_id for slip in slips],
            "users": [slip.user_id for slip in slips],
            "keys": [slip.idempotency_key for slip in slips],
        }
        known = {}
        for row in await self._execute(survey, keys):
            slip = slips[row.place - 1]
            earlier = None if row.move is None else as_made(slip, row)
            known[row.place] = Known(rounds[slip.round_id], row.made, earlier)
        return known

    async def _write(self, sheet: Sheet) -> None:
        if not sheet.fresh:
            return
        standing, fresh = sheet.standing, sheet.fresh
        picks = {
            "now": sheet.now,
            "rounds": [one.round_id for one in fresh],
            "users": [one.user_id for one in fresh],
        }
        await self._execute(replace_standing, picks)
        written = {
            "keys": [one.idempotency_key for one in fresh],
            "moves": [encode(one.move).decode() for one in fresh],
            "players": [one.player for one in fresh],
            "salts": [one.salt for one in fresh],
            "counting": [id(one) in standing for one in fresh],
        }
        await self._execute(insert_picks, picks | written)
        added = {"rounds": list(sheet.added), "players": list(sheet.added.values())}
        await self._execute(count_players, added)

    async def _execute(self, statement: Executable, parameters: dict[str, Any]) -> CursorResult[Any]:
        return cast("CursorResult[Any]", await self.session.execute(statement, parameters))

    async def of_player(self, round_id: int, user_id: int) -> Pick | None:
        """The one that counts."""
        mine = (Pick.round_id == round_id, Pick.user_id == user_id, Pick.replaced_at.is_(None))
        return await self.session.scalar(select(Pick).where(*mine))


def salted(user_id: int) -> tuple[bytes, bytes]:
    salt = token_bytes(HASH_BYTES)
    return salt, user_tag(salt, user_id)


def made_or_refused(sheet: Sheet, slip: Slip, known: Known | None) -> Made | AppError:
    try:
        if known is None:
            raise NoSuchRound
        return sheet.take(slip, move_of(slip, known.held.game), known)
    except AppError as refusal:
        return refusal


def move_of(slip: Slip, game: str) -> dict[str, Any]:
    move: dict[str, Any] = msgspec.to_builtins(msgspec.msgpack.decode(slip.move, type=game_called(game).move))
    return move


def as_made(slip: Slip, row: Row[Any]) -> Made:
    return Made(slip.round_id, slip.user_id, slip.idempotency_key, row.move, row.player, row.salt, row.picked_at)


def outcome_of(sheet: Sheet, rounds: Mapping[int, Held], made: Made | AppError) -> Outcome[PickCount]:
    if isinstance(made, AppError):
        return Outcome(refusal=made)
    held = rounds[made.round_id]
    count = PickCount(held.conversation_id, held.round_id, sheet.picks(held))
    return Outcome(reply=encode(as_pick(made, held.conversation_id)), fact=count)


def as_pick(made: Made | Pick, conversation_id: int) -> PickOut:
    """As its player sees it."""
    return PickOut(
        round_id=made.round_id,
        conversation_id=conversation_id,
        move=dict(made.move),
        idempotency_key=made.idempotency_key,
        picked_at=made.picked_at,
        player=made.player.hex(),
        salt=made.salt.hex() if made.salt else None,
    )
