"""Epochs: chains of seeds, begun by the player whom they are for. Nobody else can begin one unseen."""

from datetime import UTC, datetime
from functools import lru_cache
from secrets import token_bytes

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.domain.game.models import Epoch
from app.domain.game.rules import EPOCH_PLAYS, SALT_BYTES, EpochOutOfTurn, EpochUnused, NoSuchEpoch
from app.domain.game.schemas.proofs import EpochView, NextSeed
from app.fairdraw.chain import SeedChain, before, tail_of

CHAINS_KEPT = 1024
"""In the memory of a process: those of the players who play most. One takes as many hashes as it is long."""


@lru_cache(CHAINS_KEPT)
def chain_of(secret: bytes, user_id: int, game: str, number: int, salt: bytes, length: int) -> SeedChain:
    return SeedChain(tail_of(secret, f"game/{game}/{user_id}/{number}/{salt.hex()}"), length)


def chain_under(secret: bytes, epoch: Epoch) -> SeedChain:
    return chain_of(secret, epoch.user_id, epoch.game, epoch.number, epoch.salt, epoch.length)


def new_epoch(secret: bytes, user_id: int, game: str, number: int) -> Epoch:
    epoch = Epoch(
        user_id=user_id,
        game=game,
        number=number,
        salt=token_bytes(SALT_BYTES),
        length=EPOCH_PLAYS,
        played=0,
        begun_at=datetime.now(UTC),
    )
    epoch.genesis = epoch.commitment = chain_under(secret, epoch).seed(0)
    return epoch


def next_seed(secret: bytes, epoch: Epoch) -> bytes | None:
    """The seed that the epoch has committed to next; None if this secret is not the one that it was made with."""
    n = epoch.played + 1
    seed = chain_under(secret, epoch).seed(n)
    return seed if before(n, seed) == epoch.commitment else None


def view_of(epoch: Epoch) -> EpochView:
    following = NextSeed(epoch.number, epoch.played + 1, epoch.commitment.hex())
    return EpochView(
        game=epoch.game,
        epoch=epoch.number,
        genesis=epoch.genesis.hex(),
        length=epoch.length,
        played=epoch.played,
        next=None if epoch.ended_at else following,
        begun_at=epoch.begun_at,
        ended_at=epoch.ended_at,
    )


class Epochs(SQLAlchemyAsyncRepositoryService[Epoch]):
    class Repo(SQLAlchemyAsyncRepository[Epoch]):
        model_type = Epoch

    repository_type = Repo

    async def begin(self, user_id: int, game: str, number: int, secret: bytes) -> EpochView:
        """Begin somebody's epoch of this number, and end the one before. One that was begun already is left as it is.

        Raises EpochOutOfTurn, and EpochUnused while the one before serves and was not played in.
        """
        session = self.repository.session
        mine = select(Epoch).where(Epoch.user_id == user_id, Epoch.game == game)
        last = await session.scalar(mine.order_by(Epoch.number.desc()).limit(1).with_for_update())
        if number > (last.number if last else 0) + 1:
            raise EpochOutOfTurn
        if last and number > last.number and last.ended_at is None:
            if not last.played and next_seed(secret, last):
                raise EpochUnused
            last.ended_at = datetime.now(UTC)
            await session.flush()
        fresh = new_epoch(secret, user_id, game, number)
        values = {column.name: getattr(fresh, column.name) for column in Epoch.__table__.columns}
        await session.execute(insert(Epoch).values(values).on_conflict_do_nothing())
        return view_of(await self.numbered(user_id, game, number))

    async def numbered(self, user_id: int, game: str, number: int) -> Epoch:
        """Raises NoSuchEpoch."""
        epoch: Epoch | None = await self.repository.session.get(Epoch, (user_id, game, number))
        if epoch is None:
            raise NoSuchEpoch
        return epoch

    async def list_of(self, user_id: int, limit: int, offset: int, game: str | None = None) -> list[EpochView]:
        """Newest first, game by game."""
        mine = select(Epoch).where(Epoch.user_id == user_id)
        if game is not None:
            mine = mine.where(Epoch.game == game)
        page = mine.order_by(Epoch.game, Epoch.number.desc()).limit(limit).offset(offset)
        return [view_of(epoch) for epoch in await self.repository.session.scalars(page)]
