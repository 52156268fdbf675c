"""Giving a seed to each play that needs luck, inside the transaction that stores the play.

So a seed is given with the play it belongs to or not at all, whatever dies in between; and nobody hears of it before
the commit.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, cast

import msgspec
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.game.definition import Luck, LuckyMove
from app.domain.game.models import Epoch, Play
from app.domain.game.rules import NoEpoch, OtherEpoch, SeedsLost
from app.domain.game.schemas.proofs import NextSeed, Proof
from app.domain.game.services.epochs import new_epoch, next_seed
from app.domain.game.services.turns import Name, Turn, bare
from app.errors import AppError
from app.fairdraw.hashing import HASH_BYTES
from app.fairdraw.plays import entropy, luck_from

Place = tuple[int, str]
"""A player in a game."""


class Deal(NamedTuple):
    luck: Luck
    proof: Proof


class Dealer:
    def __init__(self, session: AsyncSession, secret: bytes) -> None:
        self._session = session
        self._secret = secret
        self._current: dict[Place, Epoch] = {}

    async def deal(self, turns: Sequence[Turn]) -> Mapping[Name, Deal | AppError]:
        """A seed for each play, in their order, or why there is none. Plays that are stored already get nothing.

        The players' epochs stay locked until the transaction ends.
        """
        await self._lock({(turn.user_id, turn.game.name) for turn in turns})
        stored = await self._stored({turn.name for turn in turns})
        dealt: dict[Name, Deal | AppError] = {}
        for turn in turns:
            if turn.name not in stored and turn.name not in dealt:
                try:
                    dealt[turn.name] = await self._deal_one(turn)
                except AppError as refusal:
                    dealt[turn.name] = refusal
        await self._session.flush()
        return dealt

    async def _lock(self, places: Iterable[Place]) -> None:
        current = select(Epoch).where(tuple_(Epoch.user_id, Epoch.game).in_(places), Epoch.ended_at.is_(None))
        # In one order, so that two transactions never wait for each other.
        locked = await self._session.scalars(current.order_by(Epoch.user_id, Epoch.game).with_for_update())
        self._current = {(epoch.user_id, epoch.game): epoch for epoch in locked}

    async def _stored(self, names: Iterable[Name]) -> set[Name]:
        """Looked up under the lock, so nobody stores one of them any more."""
        found = select(Play.user_id, Play.idempotency_key).where(tuple_(Play.user_id, Play.idempotency_key).in_(names))
        return {(row.user_id, row.idempotency_key) for row in await self._session.execute(found)}

    async def _deal_one(self, turn: Turn) -> Deal:
        """Raises NoEpoch, OtherEpoch, SeedsLost."""
        move, epoch = cast("LuckyMove", turn.move), self._current.get((turn.user_id, turn.game.name))
        if epoch is None:
            raise NoEpoch
        if move.epoch not in {None, epoch.number}:
            raise OtherEpoch
        seed = next_seed(self._secret, epoch)
        if seed is None:
            raise SeedsLost
        nonce = bytes.fromhex(move.nonce) if move.nonce else secrets.token_bytes(HASH_BYTES)
        commitment, n = epoch.commitment, epoch.played + 1
        drawn = entropy(
            game=epoch.game,
            player=epoch.user_id,
            epoch=epoch.number,
            n=n,
            seed=seed,
            nonce=nonce,
            by_player=move.nonce is not None,
            move=bare(msgspec.to_builtins(move)),
        )
        proof = Proof(
            epoch=epoch.number,
            n=n,
            commitment=commitment.hex(),
            seed=seed.hex(),
            nonce=nonce.hex(),
            nonce_by="player" if move.nonce else "server",
            entropy=drawn.hex(),
            next=await self._advance(epoch, seed),
        )
        return Deal(luck_from(drawn), proof)

    async def _advance(self, epoch: Epoch, seed: bytes) -> NextSeed:
        """The seed is given. What is committed to next: with an epoch's last seed, the genesis of the one after."""
        epoch.played, epoch.commitment = epoch.played + 1, seed
        if epoch.played < epoch.length:
            return NextSeed(epoch.number, epoch.played + 1, seed.hex())
        epoch.ended_at = datetime.now(UTC)
        await self._session.flush()  # There is one current epoch at a time.
        following = new_epoch(self._secret, epoch.user_id, epoch.game, epoch.number + 1)
        self._session.add(following)
        self._current[epoch.user_id, epoch.game] = following
        return NextSeed(following.number, 1, following.genesis.hex())
