"""The seeds of rounds, from chains of their group. No two open rounds take from one: each shows its own in the end."""

from secrets import token_bytes
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.game.models import Round, RoundChain
from app.domain.game.rules import OPEN_ROUNDS, TooManyRounds
from app.domain.game.services.clock import now
from app.domain.game.services.proving import place_of
from app.fairdraw.chain import SeedChain
from app.fairdraw.hashing import HASH_BYTES
from app.fairdraw.rounds import CHAIN_ROUNDS, Place, chain_of, fits, place_in

standing = Round.drawn_at.is_(None) & Round.cancelled_at.is_(None)


class Used(NamedTuple):
    chain: RoundChain
    last: int
    """The number of its last round."""
    taken: bool
    """That one is still open."""


async def next_place(session: AsyncSession, group_id: int, secret: bytes) -> tuple[RoundChain, Place]:
    """What the next round of a group commits to. The group is locked. Raises TooManyRounds."""
    used = await _current(session, group_id)
    if sum(one.taken for one in used) >= OPEN_ROUNDS:
        raise TooManyRounds
    for chain, last, _ in [one for one in used if not one.taken]:
        seeds = seeds_of(chain, secret)
        if last < CHAIN_ROUNDS and seeds.seed(0) == chain.genesis:
            return chain, place_in(seeds, last + 1)
        chain.ended_at = await now(session)
    begun = await _begin(session, group_id, secret)
    return begun, place_in(seeds_of(begun, secret), 1)


async def seed_of(session: AsyncSession, held: Round, secret: bytes) -> bytes | None:
    """None when it is not what the round has committed to: the secret is another by now."""
    chain = await session.get_one(RoundChain, held.chain_id)
    seed = seeds_of(chain, secret).seed(held.number)
    return seed if fits(seed, place_of(held)) else None


def seeds_of(chain: RoundChain, secret: bytes) -> SeedChain:
    return chain_of(secret, f"{chain.conversation_id}/{chain.salt.hex()}")


async def _current(session: AsyncSession, group_id: int) -> list[Used]:
    """The chains that give seeds, the oldest first."""
    found = (
        select(RoundChain, func.max(Round.number), func.bool_or(standing))
        .join(Round, Round.chain_id == RoundChain.id)
        .where(RoundChain.conversation_id == group_id, RoundChain.ended_at.is_(None))
        .group_by(RoundChain.id)
        .order_by(RoundChain.id)
    )
    return [Used(*row) for row in await session.execute(found)]


async def _begin(session: AsyncSession, group_id: int, secret: bytes) -> RoundChain:
    chain = RoundChain(conversation_id=group_id, salt=token_bytes(HASH_BYTES), begun_at=await now(session))
    chain.genesis = seeds_of(chain, secret).seed(0)
    session.add(chain)
    await session.flush()
    return chain
