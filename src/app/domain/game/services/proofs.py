"""Plays with all that proves them, as a file that any verifier reads."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.game.models import Epoch, Play
from app.domain.game.rules import NoSuchPlay, NothingToProve
from app.domain.game.schemas.proofs import PlaysFile, ProvenPlay
from app.domain.game.services.epochs import Epochs
from app.domain.game.services.turns import bare

epoch_number, n = (cast(Play.proof[field].astext, BigInteger) for field in ("epoch", "n"))


class Proofs:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_epoch(self, user_id: int, game: str, number: int) -> PlaysFile:
        """All plays of somebody's epoch so far. Raises NoSuchEpoch."""
        epoch = await Epochs(session=self._session).numbered(user_id, game, number)
        in_it = select(Play).where(Play.user_id == user_id, Play.game == game, Play.proof.is_not(None))
        plays = await self._session.scalars(in_it.where(epoch_number == number).order_by(n))
        return as_file(epoch, plays.all())

    async def of_play(self, user_id: int, key: str) -> PlaysFile:
        """One play alone. Raises NoSuchPlay, NothingToProve."""
        named = select(Play).where(Play.user_id == user_id, Play.idempotency_key == key)
        play = await self._session.scalar(named)
        if play is None:
            raise NoSuchPlay
        if play.proof is None:
            raise NothingToProve
        epoch = await Epochs(session=self._session).numbered(user_id, play.game, play.proof["epoch"])
        return as_file(epoch, [play])


def as_file(epoch: Epoch, plays: Sequence[Play]) -> PlaysFile:
    return PlaysFile(
        format="fairdraw-plays/1",
        game=epoch.game,
        player=epoch.user_id,
        epoch=epoch.number,
        genesis=epoch.genesis.hex(),
        plays=[
            ProvenPlay(
                **{field: proof[field] for field in ("n", "seed", "nonce", "nonce_by", "entropy")},
                move=bare(play.move),
                outcome=play.outcome,
                prize_cents=play.prize_cents,
            )
            for play in plays
            if (proof := play.proof)
        ],
    )
