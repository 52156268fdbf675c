"""Ladders: all players of a board in the order of what they have won, in Redis, so that a rank is found at once.

PostgreSQL would have to count everybody above. It has the last word: a ladder is derived from it, and is either what it
says or is not read. Each partition of players has its own, with a number that says how many batches it knows of; every
batch has one in PostgreSQL (`board_numbers`). What a batch came to is taken in after its commit by the ladder that
stands right before it, and by no other. A ladder that is lost, or stays behind, is built anew (`building.py`).
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from importlib.resources import files
from typing import NamedTuple

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError

from app.domain.game.services.counting import Climbers, Tallied
from app.domain.game.standings.boards import Board, let_go_at
from app.inbox.scripts import Script
from app.inbox.streams import PARTITIONS, partition_of

SCRIPTS = files("app.domain.game.services")
CLIMB = (SCRIPTS / "climb.lua").read_text()

encode = msgspec.json.Encoder().encode

PATIENCE_SECONDS = 0.25
"""For a look at the ladders, before PostgreSQL is asked instead."""


class Heights(NamedTuple):
    players: int
    above: Mapping[int, int]
    """How many players have won more, by what was asked for."""


def number_key(partition: int) -> str:
    """How many batches the ladders of a partition know of, or the mark of whoever builds them."""
    return f"ladder:{{game:{partition}}}"


def board_key(partition: int, board: Board) -> str:
    return f"{number_key(partition)}:{board.game}:{board.period}:{board.starts_on or ''}"


def climb(pipeline: "Pipeline", tallied: Tallied) -> None:
    """Queue what counting came to. Late, twice, or out of turn it does nothing."""
    for partition, number in tallied.numbers.items():
        keys = [number_key(partition), *(board_key(partition, board) for board in tallied.climbers)]
        boards = [(let_go_at(board), scores_of(climbers, partition)) for board, climbers in tallied.climbers.items()]
        pipeline.eval(CLIMB, len(keys), *keys, number, encode(boards))


def scores_of(climbers: Climbers, partition: int) -> list[int]:
    """As ZADD takes them: what somebody has won, and who it is, one after the other."""
    return [
        part
        for user_id, prize in zip(*climbers, strict=True)
        if partition_of(user_id) == partition
        for part in (prize, user_id)
    ]


class Ladder:
    """One per API process."""

    def __init__(self, redis: "Redis") -> None:
        self._survey = Script(redis, SCRIPTS / "survey.lua", patience=PATIENCE_SECONDS)

    async def heights(self, board: Board, prizes: Collection[int]) -> Heights | None:
        """How many players a board has, and how many of them have won more than each of these, in cents.

        None when Redis is away or some ladder is not whole: ask PostgreSQL.
        """
        asked = list(dict.fromkeys(prizes))
        try:
            surveyed: Sequence[Sequence[int] | None] = await asyncio.gather(
                *(
                    self._survey([number_key(partition), board_key(partition, board)], *asked)
                    for partition in range(PARTITIONS)
                )
            )
        except (RedisError, OSError):
            return None
        whole = [counts for counts in surveyed if counts]
        if len(whole) < PARTITIONS:
            return None
        players, *above = map(sum, zip(*whole, strict=True))
        return Heights(players, dict(zip(asked, above, strict=True)))
