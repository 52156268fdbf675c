"""An attempt, taken out of the inbox."""

from typing import Any, NamedTuple

import msgspec

from app.domain.game.definition import Game, LuckyMove, Move
from app.domain.game.schemas.plays import Attempt
from app.domain.game.services.registry import game_called

Name = tuple[int, str]
"""Of a play, for ever: the player, and the idempotency key."""

decode = msgspec.msgpack.Decoder(Attempt).decode
OF_ITS_PROOF = frozenset(LuckyMove.__struct_fields__)


class Turn(NamedTuple):
    user_id: int
    key: str
    game: Game[Any]
    move: Move

    @classmethod
    def read(cls, entry: bytes) -> "Turn":
        """Raises NoSuchGame."""
        attempt = decode(entry)
        game = game_called(attempt.game)
        return cls(attempt.user_id, attempt.idempotency_key, game, msgspec.msgpack.decode(attempt.move, type=game.move))

    @property
    def name(self) -> Name:
        return self.user_id, self.key


def bare(move: dict[str, Any]) -> dict[str, Any]:
    """A move in plain JSON, without what is part of its proof: as it goes into the entropy."""
    return {field: value for field, value in move.items() if field not in OF_ITS_PROOF}
