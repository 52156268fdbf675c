"""The seed chains of lotteries. Their seeds are never stored: they follow from the draw secret, which is not here."""

from datetime import datetime
from functools import lru_cache

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ScalarResult, func, select, update

from app.domain.lottery.models import Chain, Draw, Lottery
from app.domain.lottery.rules import CHAIN_LENGTH, SeedsDoNotMatchError
from app.domain.lottery.services.log import Log, key_of
from app.fairdraw.chain import SeedChain, tail_of
from app.fairdraw.draws import genesis_record, rekey_record
from app.settings import Settings


@lru_cache(maxsize=64)
def seeds(secret: bytes, lottery: str, generation: int, last: int) -> SeedChain:
    """A tenth of a second for a hundred thousand seeds, so each process does it once."""
    return SeedChain(tail_of(secret, f"lottery/{lottery}/{generation}"), last)


class Chains(SQLAlchemyAsyncRepositoryService[Chain]):
    class Repo(SQLAlchemyAsyncRepository[Chain]):
        model_type = Chain

    repository_type = Repo

    async def newest(self, lottery: Lottery) -> Chain | None:
        chain: Chain | None = await self.repository.session.scalar(
            select(Chain).where(Chain.lottery_id == lottery.id).order_by(Chain.generation.desc()).limit(1)
        )
        return chain

    async def of_draw(self, draw: Draw) -> Chain:
        """The one that the draw was opened under."""
        found: ScalarResult[Chain] = await self.repository.session.scalars(
            select(Chain)
            .where(Chain.lottery_id == draw.lottery_id, Chain.first <= draw.number)
            .order_by(Chain.generation.desc())
            .limit(1)
        )
        return found.one()

    async def begin(self, lottery: Lottery, settings: Settings, now: datetime) -> Chain:
        """The first chain of a lottery, in the log. Draws of a lottery that is older than its chain stay without."""
        session = self.repository.session
        drawn: int | None = await session.scalar(
            select(func.max(Draw.number)).where(Draw.lottery_id == lottery.id, Draw.drawn_at.is_not(None))
        )
        first = (drawn or 0) + 1
        left = (Draw.lottery_id == lottery.id) & (Draw.number < first) & Draw.drawn_at.is_(None)
        await session.execute(update(Draw).where(left, Draw.voided_at.is_(None)).values(voided_at=now))
        last = first + CHAIN_LENGTH
        seed = seeds(settings.seed_secret, lottery.name, 1, last).seed(0)
        record = genesis_record(lottery.name, first, last, seed)
        await Log(session=session).append(key_of(settings), "genesis", lottery.id, first, record)
        return await self._add(lottery, 1, first, last, seed, now)

    async def renew(self, lottery: Lottery, first: int, reason: str, settings: Settings, now: datetime) -> Chain:
        """A new chain from draw `first` on: the old one has come to its end, or its secret is gone."""
        session = self.repository.session
        newest = await self.newest(lottery)
        generation = (newest.generation if newest else 0) + 1
        last = first + CHAIN_LENGTH
        seed = seeds(settings.seed_secret, lottery.name, generation, last).commitment(first)
        record = rekey_record(lottery.name, first, last, seed, reason)
        await Log(session=session).append(key_of(settings), "rekey", lottery.id, first, record)
        return await self._add(lottery, generation, first, last, seed, now)

    async def _add(
        self, lottery: Lottery, generation: int, first: int, last: int, commitment: bytes, now: datetime
    ) -> Chain:
        return await self.create(
            Chain(
                lottery_id=lottery.id,
                generation=generation,
                first=first,
                last=last,
                commitment=commitment,
                began_at=now,
            )
        )


def seeds_of(chain: Chain, lottery: str, settings: Settings) -> SeedChain:
    """Raises SeedsDoNotMatchError when the secret is not the one that the log is committed to."""
    found = seeds(settings.seed_secret, lottery, chain.generation, chain.last)
    committed = found.seed(0) if chain.generation == 1 else found.commitment(chain.first)
    if committed != chain.commitment:
        raise SeedsDoNotMatchError
    return found
