"""A move on its way to a worker."""

import asyncio
from typing import Any
from uuid import uuid4

import msgspec

from app.domain.game.definition import Game, Move
from app.domain.game.schemas.plays import Attempt
from app.inbox.accept import Inbox

encode = msgspec.msgpack.Encoder().encode


async def submit(inbox: Inbox, user_id: int, game: Game[Any], move: Move, key: str) -> "asyncio.Future[bytes]":
    """Hand a play over; the future becomes its PlayResult in JSON once it is stored.

    The move is one that was decoded as the game's. Raises InboxFull, Unavailable.
    """
    return await inbox.submit("game", user_id, entry_of(user_id, game, move, key))


def entry_of(user_id: int, game: Game[Any], move: Move, key: str) -> bytes:
    """A play as it lies in the inbox."""
    return encode(Attempt(user_id, game.name, msgspec.Raw(encode(move)), key))


def new_key() -> str:
    return uuid4().hex
