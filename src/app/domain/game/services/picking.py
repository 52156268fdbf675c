"""A pick on its way to a worker."""

import asyncio
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.game.definition import Game, LuckyMove, Move
from app.domain.game.rules import NoNonceInRounds
from app.domain.game.schemas.rounds import Slip
from app.domain.game.services.registry import game_called
from app.domain.game.services.rounds import Rounds
from app.inbox.accept import Inbox

encode = msgspec.msgpack.Encoder().encode


async def game_of(session: AsyncSession, round_id: int, player_id: int) -> Game[Any]:
    """What is played in a round, and so what a move in it is. Raises NoSuchRound, NoSuchGame."""
    return game_called((await Rounds(session=session).of_member(round_id, player_id)).game)


async def submit(inbox: Inbox, round_id: int, user_id: int, move: Move, key: str) -> "asyncio.Future[bytes]":
    """Hand a pick over; the future becomes its PickOut in JSON once it is stored.

    All picks of a round go through one partition, so that they are counted without a race. The move is one that was
    decoded as the game's. Raises NoNonceInRounds, InboxFull, Unavailable.
    """
    if isinstance(move, LuckyMove) and move.nonce is not None:
        raise NoNonceInRounds
    return await inbox.submit("game", round_id, encode(Slip(round_id, user_id, msgspec.Raw(encode(move)), key)))
