"""How a round ends: its picks are frozen, and only then is the seed shown and the luck of all found.

Two transactions. Each takes the round with a lock and looks again, so that any number of workers end a round once, and
one that dies leaves the rest to the next.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ARRAY, BigInteger, Boolean, Text, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.schemas.cards import PLACES_SHOWN, Placing
from app.domain.chat.services.acts import Acting, Happening
from app.domain.chat.services.conversations import Conversations
from app.domain.game.models import Pick, Round
from app.domain.game.rules import places
from app.domain.game.schemas.plays import as_money
from app.domain.game.schemas.rounds import Reason
from app.domain.game.services.chains import seed_of, standing
from app.domain.game.services.clock import now
from app.domain.game.services.proving import check, closing, picks_as_proven, score, transcript
from app.domain.game.services.registry import GAMES
from app.domain.game.services.rounds import Rounds
from app.domain.game.services.telling import card_of
from app.fairdraw import rounds as fair
from app.fairdraw.plays import luck_from

BIGINTS = ARRAY(BigInteger)
encode = msgspec.json.Encoder(order="deterministic").encode

write_scores = text("""
    UPDATE picks SET won = scored.won, prize_cents = scored.prize, outcome = scored.outcome::jsonb, place = scored.place
    FROM unnest(:ids, :wons, :prizes, :outcomes, :places) AS scored (id, won, prize, outcome, place)
    WHERE picks.id = scored.id
""").bindparams(
    bindparam("ids", type_=BIGINTS),
    bindparam("wons", type_=ARRAY(Boolean)),
    bindparam("prizes", type_=BIGINTS),
    bindparam("outcomes", type_=ARRAY(Text)),
    bindparam("places", type_=BIGINTS),
)


async def freeze(session: AsyncSession, round_id: int) -> None:
    """Fix what was picked, by the root of its tree. Nothing, if that is done, not due, or somebody else's just now."""
    held = await take(session, round_id, Round.closed_at.is_(None))
    moment = await now(session)
    if held and held.closes_at <= moment:
        picks = await standing_picks(session, round_id)
        held.closed_at, held.picks, held.root = moment, len(picks), fair.root_of(picks_as_proven(picks))
        await session.flush()


async def draw(session: AsyncSession, round_id: int, secret: bytes) -> Happening | None:
    """Show the seed, find the luck of all, and tell the group. What cannot be drawn, ever, is called off.

    Announce what it answers after the commit. None when there is nothing to do, or nobody to tell. The group is locked
    last: many picks take a moment, in which people talk on.
    """
    held = await take(session, round_id)
    if held is None:
        return None
    seed = await seed_of(session, held, secret)
    if (await Conversations(session=session).get(held.conversation_id)).ended_at:
        await Rounds(session=session).call_off(held, None, "group ended", seed)
        return None
    if held.root is None:
        return None
    picks = await standing_picks(session, round_id)
    reason = why_not(held, picks, seed)
    top = [] if reason else await settle(session, held, picks, seed or b"")
    acting = await Acting.begin(session, held.conversation_id, held.opened_by)
    if reason:
        await Rounds(session=session).call_off(held, acting, reason, seed)
    else:
        acting.tell("round_drawn", content=held.game, card=card_of(held, "drawn", top))
    return await acting.finish()


def why_not(held: Round, picks: Sequence[Pick], seed: bytes | None) -> Reason | None:
    if held.game not in GAMES:
        return "game gone"
    if fair.root_of(picks_as_proven(picks)) != held.root:
        return "picks changed"
    return "seed lost" if seed is None else None


async def settle(session: AsyncSession, held: Round, picks: Sequence[Pick], seed: bytes) -> list[Placing]:
    """Score every pick with the same luck; answers who won the most. What would not verify is not written."""
    held.drawn_at, held.seed = await now(session), seed
    scores = await asyncio.to_thread(score_all, held, picks)  # Ten thousand take a second, which others do not wait.
    prizes = [one.prize_cents for one in scores]
    ranking = places(prizes)
    held.outcome = dict(fair.in_common([one.outcome for one in scores]))
    written = {
        "ids": [pick.id for pick in picks],
        "wons": [one.won for one in scores],
        "prizes": prizes,
        "outcomes": [encode(one.outcome).decode() for one in scores],
        "places": ranking,
    }
    await session.execute(write_scores, written)
    await session.flush()
    ranked = sorted(zip(ranking, picks, prizes, strict=True), key=lambda one: (one[0], one[1].id))
    return [Placing(place, pick.user_id, as_money(prize)) for place, pick, prize in ranked[:PLACES_SHOWN] if prize]


def score_all(held: Round, picks: Sequence[Pick]) -> list[fair.Scored]:
    drawn = fair.entropy_of(closing(held), held.seed or b"")
    scores = [score(held.game, pick.move, luck_from(drawn)) for pick in picks]
    check(transcript(held, picks_as_proven(picks), scores))
    return scores


async def take(session: AsyncSession, round_id: int, *also: Any) -> Round | None:  # noqa: ANN401  SQLAlchemy's clauses
    """A round that has not ended, locked. None while another worker, or a batch of picks, has it."""
    found = select(Round).where(Round.id == round_id, standing, *also).with_for_update(skip_locked=True)
    return await session.scalar(found, execution_options={"populate_existing": True})


async def standing_picks(session: AsyncSession, round_id: int) -> Sequence[Pick]:
    """Those that count, in the order in which they are proven."""
    found = select(Pick).where(Pick.round_id == round_id, Pick.replaced_at.is_(None)).order_by(Pick.player)
    return (await session.scalars(found)).all()
