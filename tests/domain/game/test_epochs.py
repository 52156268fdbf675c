"""Epochs are begun by the player, one after the other, and what they commit to never changes."""

import asyncio

import pytest
from sqlalchemy import text
from tests.conftest import Newcomer
from tests.domain.game.conftest import SECRET, Begin, Record, dice

from app.domain.game.rules import EPOCH_PLAYS, EpochOutOfTurn, EpochUnused, NoSuchEpoch
from app.domain.game.services.epochs import Epochs, chain_under
from app.domain.game.services.proofs import Proofs
from app.resources import Sessions

pytestmark = pytest.mark.anyio


async def test_an_epoch_that_was_begun_is_answered_as_it_is(newcomer: Newcomer, begin: Begin, record: Record) -> None:
    alice = await newcomer("alice")
    genesis = await begin(alice, 1)
    await record(dice(alice, "k"))
    assert await begin(alice, 1) == genesis


async def test_an_epoch_that_was_begun_twice_at_once_is_one(
    newcomer: Newcomer, begin: Begin, sessions: Sessions
) -> None:
    alice = await newcomer("alice")
    assert len(set(await asyncio.gather(*[begin(alice, 1) for _ in range(8)]))) == 1
    async with sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM epochs")) == 1


async def test_epochs_are_begun_in_their_order_and_when_the_one_before_was_played_in(
    newcomer: Newcomer, begin: Begin, record: Record, sessions: Sessions
) -> None:
    alice = await newcomer("alice")
    with pytest.raises(EpochOutOfTurn):
        await begin(alice, 2)
    await begin(alice, 1)
    with pytest.raises(EpochUnused):
        await begin(alice, 2)
    await record(dice(alice, "k"))
    await begin(alice, 2)
    async with sessions() as session:
        second, first = await Epochs(session=session).list_of(alice, 10, 0, "dice")
    assert (first.epoch, first.played, first.next) == (1, 1, None)
    assert first.ended_at is not None
    assert (second.epoch, second.played, second.length, second.ended_at) == (2, 0, EPOCH_PLAYS, None)
    assert second.next is not None
    assert (second.next.epoch, second.next.n, second.next.commitment) == (2, 1, second.genesis)


async def test_the_commitment_that_is_shown_is_the_one_that_the_next_play_answers(
    newcomer: Newcomer, begin: Begin, record: Record, sessions: Sessions
) -> None:
    alice = await newcomer("alice")
    await begin(alice, 1)
    for n in (1, 2, 3):
        async with sessions() as session:
            (shown,) = await Epochs(session=session).list_of(alice, 10, 0, "dice")
        (outcome,) = await record(dice(alice, f"k{n}"))
        assert shown.next is not None
        assert shown.next.commitment.encode() in outcome.reply
        assert shown.next.n == n


async def test_an_unused_epoch_whose_seeds_are_lost_may_be_left(newcomer: Newcomer, sessions: Sessions) -> None:
    alice = await newcomer("alice")
    for number, secret in ((1, SECRET), (2, b"\x08" * 32)):
        async with sessions.begin() as session:
            await Epochs(session=session).begin(alice, "dice", number, secret)


async def test_an_epoch_begun_anew_over_an_older_copy_of_the_database_has_other_seeds(
    newcomer: Newcomer, begin: Begin, sessions: Sessions
) -> None:
    alice = await newcomer("alice")
    genesis = await begin(alice, 1)
    async with sessions.begin() as session:
        await session.execute(text("DELETE FROM epochs"))
    assert await begin(alice, 1) != genesis


async def test_players_have_chains_of_their_own(newcomer: Newcomer, begin: Begin) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    assert await begin(alice, 1) != await begin(bob, 1)


async def test_nobody_has_an_epoch_that_they_have_not_begun(
    newcomer: Newcomer, begin: Begin, sessions: Sessions
) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    await begin(alice, 1)
    async with sessions() as session:
        with pytest.raises(NoSuchEpoch):
            await Proofs(session).of_epoch(bob, "dice", 1)


async def test_neither_a_seed_to_come_nor_the_secret_is_in_the_database(
    newcomer: Newcomer, begin: Begin, record: Record, sessions: Sessions
) -> None:
    """Everything of the epoch hashes to what was shown already."""
    alice = await newcomer("alice")
    await begin(alice, 1)
    await record(dice(alice, "k"))
    async with sessions() as session:
        chain = chain_under(SECRET, await Epochs(session=session).numbered(alice, "dice", 1))
    to_come = [chain.seed(n).hex() for n in range(2, EPOCH_PLAYS + 1)]
    async with sessions() as session:
        rows = await session.scalars(text("SELECT p::text FROM plays p UNION ALL SELECT e::text FROM epochs e"))
        stored = "".join(rows)
    assert chain.seed(1).hex() in stored
    assert not [seed for seed in [*to_come, SECRET.hex()] if seed in stored]
