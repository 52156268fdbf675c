"""Rounds as the members of their group see them."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.schemas.cards import PLACES_SHOWN
from app.domain.chat.services.veil import unseen_by
from app.domain.game.models import Round
from app.domain.game.rules import RoundNotDrawn
from app.domain.game.schemas.plays import as_money
from app.domain.game.schemas.rounds import Place, RoundDetails, RoundOut, RoundProof, State
from app.domain.game.services.clock import now
from app.domain.game.services.drawing import standing_picks
from app.domain.game.services.picks import Picks, as_pick
from app.domain.game.services.proving import picks_as_proven, scores_of, transcript
from app.domain.game.services.registry import title_of

by_place = text("""
    SELECT p.place, p.user_id, u.username, p.move, p.player, p.won, p.prize_cents
    FROM picks p JOIN users u ON u.id = p.user_id
    WHERE p.round_id = :round_id AND p.replaced_at IS NULL AND p.place IS NOT NULL
    ORDER BY p.place, p.id LIMIT :limit OFFSET :offset
""")


async def show(session: AsyncSession, rounds: Sequence[Round]) -> list[RoundOut]:
    moment = await now(session)
    return [RoundOut(**fields_of(held, moment)) for held in rounds]


async def show_details(session: AsyncSession, held: Round, reader_id: int) -> RoundDetails:
    mine = await Picks(session=session).of_player(held.id, reader_id)
    return RoundDetails(
        **fields_of(held, await now(session)),
        leaderboard=await leaderboard(session, held.id, reader_id, PLACES_SHOWN, 0),
        my_pick=as_pick(mine, held.conversation_id) if mine else None,
    )


async def leaderboard(session: AsyncSession, round_id: int, reader_id: int, limit: int, offset: int) -> list[Place]:
    """Who won what, once the round is drawn. Nothing is told of whom the reader has a block with."""
    unseen = await unseen_by(session, reader_id)
    rows = await session.execute(by_place, {"round_id": round_id, "limit": limit, "offset": offset})
    return [as_place(row, unseen) for row in rows]


async def proof_of(session: AsyncSession, held: Round) -> RoundProof:
    """Raises RoundNotDrawn."""
    if held.drawn_at is None:
        raise RoundNotDrawn
    picks = await standing_picks(session, held.id)
    proven = await asyncio.to_thread(transcript, held, picks_as_proven(picks), scores_of(picks))
    return msgspec.convert(proven, RoundProof)


def as_place(row: Row[Any], unseen: Collection[int]) -> Place:
    hidden = row.user_id in unseen
    return Place(
        place=row.place,
        user_id=None if hidden else row.user_id,
        username=None if hidden else row.username,
        move=None if hidden else row.move,
        player=None if hidden else row.player.hex(),
        result="win" if row.won else "lose",
        prize=as_money(row.prize_cents),
    )


def state_of(held: Round, moment: datetime) -> State:
    if held.cancelled_at:
        return "cancelled"
    if held.drawn_at:
        return "drawn"
    return "closed" if moment >= held.closes_at else "open"


def fields_of(held: Round, moment: datetime) -> dict[str, Any]:
    return {
        "id": held.id,
        "conversation_id": held.conversation_id,
        "game": held.game,
        "title": title_of(held.game),
        "state": state_of(held, moment),
        "opened_by": held.opened_by,
        "opened_at": held.opened_at,
        "closes_at": held.closes_at,
        "picks": held.picks,
        "genesis": held.genesis.hex(),
        "commitment": held.commitment.hex(),
        "root": held.root.hex() if held.root else None,
        "seed": held.seed.hex() if held.seed else None,
        "outcome": held.outcome,
        "ended_at": held.drawn_at or held.cancelled_at,
        "cancelled_because": held.cancelled_because,
    }
