"""Each play that needs luck is given a seed of its own, once, in order, and with the play or not at all."""

import asyncio

import msgspec
import pytest
from sqlalchemy import text
from tests.conftest import Newcomer
from tests.domain.game.conftest import NOON, SECRET, Begin, Record, answers, dice, refusals
from tests.fairdraw.checked import check

from app.domain.game.games.number import NumberMove
from app.domain.game.games.number import game as number_game
from app.domain.game.rules import EPOCH_PLAYS, NoEpoch, OtherEpoch, SeedsLost
from app.domain.game.services.plays import Plays
from app.domain.game.services.proofs import Proofs
from app.domain.game.services.submitting import entry_of
from app.errors import IdempotencyConflict
from app.resources import Sessions

pytestmark = pytest.mark.anyio

NONCE = "ab" * 32


async def places(sessions: Sessions, user_id: int) -> list[tuple[int, int]]:
    """Epoch and n of somebody's plays, in the order in which they are stored."""
    async with sessions() as session:
        rows = await session.execute(
            text(
                "SELECT proof->'epoch', proof->'n' FROM plays WHERE user_id = :user AND proof IS NOT NULL ORDER BY id"
            ),
            {"user": user_id},
        )
        return [(int(epoch), int(n)) for epoch, n in rows]


async def all_check(sessions: Sessions, user_id: int, epoch: int, genesis: str) -> bool:
    async with sessions() as session:
        file = await Proofs(session).of_epoch(user_id, "dice", epoch)
    return check(msgspec.to_builtins(file), genesis)


async def test_seeds_are_given_in_the_order_of_the_plays(
    newcomer: Newcomer, sessions: Sessions, record: Record, begin: Begin
) -> None:
    alice, bob = await newcomer("alice"), await newcomer("bob")
    genesis = await begin(alice, 1)
    await begin(bob, 1)
    batch = [dice(alice, "a"), dice(bob, "b"), dice(alice, "c", 1, NONCE), dice(alice, "d", chance=1)]

    results = answers(await record(*batch))

    assert [result["proof"]["n"] for result in results] == [1, 1, 2, 3]
    assert results[0]["proof"]["commitment"] == genesis
    assert results[0]["proof"]["next"] == {"epoch": 1, "n": 2, "commitment": results[2]["proof"]["commitment"]}
    assert [result["proof"]["nonce_by"] for result in results] == ["server", "server", "player", "server"]
    assert results[2]["proof"]["nonce"] == NONCE
    assert await all_check(sessions, alice, 1, genesis)


async def test_a_play_sent_again_keeps_its_seed_and_takes_no_other(
    newcomer: Newcomer, sessions: Sessions, record: Record, begin: Begin
) -> None:
    alice = await newcomer("alice")
    await begin(alice, 1)
    first, twin = await record(dice(alice, "k"), dice(alice, "k"))
    (later,) = await record(dice(alice, "k"))
    (after,) = answers(await record(dice(alice, "other")))
    assert first.reply == twin.reply == later.reply
    assert after["proof"]["n"] == 2
    assert await places(sessions, alice) == [(1, 1), (1, 2)]


async def test_the_same_key_with_another_move_nonce_or_game_is_a_conflict(
    newcomer: Newcomer, sessions: Sessions, record: Record, begin: Begin
) -> None:
    alice = await newcomer("alice")
    await begin(alice, 1)
    number = entry_of(alice, number_game, NumberMove(number=842), "k")
    others = [dice(alice, "k", chance=10), dice(alice, "k", 1, NONCE), number]
    assert refusals(await record(dice(alice, "k"), *others)) == [None, *[IdempotencyConflict] * 3]
    assert refusals(await record(*others)) == [IdempotencyConflict] * 3
    assert await places(sessions, alice) == [(1, 1)]


async def test_a_key_that_another_game_takes_first_costs_no_seed(
    newcomer: Newcomer, sessions: Sessions, record: Record, begin: Begin
) -> None:
    alice = await newcomer("alice")
    await begin(alice, 1)
    number = entry_of(alice, number_game, NumberMove(number=842), "k")
    assert refusals(await record(number, dice(alice, "k"), dice(alice, "l"))) == [None, IdempotencyConflict, None]
    assert await places(sessions, alice) == [(1, 1)]


async def test_without_an_epoch_nothing_is_played(newcomer: Newcomer, sessions: Sessions, record: Record) -> None:
    alice = await newcomer("alice")
    outcomes = await record(dice(alice, "a"), dice(alice, "b", 1, NONCE), dice(99, "c"))
    assert refusals(outcomes) == [NoEpoch] * 3
    assert await places(sessions, alice) == []


async def test_a_nonce_counts_in_the_epoch_that_it_was_chosen_for(
    newcomer: Newcomer, sessions: Sessions, record: Record, begin: Begin
) -> None:
    alice = await newcomer("alice")
    await begin(alice, 1)
    assert refusals(await record(dice(alice, "a", 2, NONCE))) == [OtherEpoch]
    assert refusals(await record(dice(alice, "a", 1, NONCE))) == [None], "nothing was stored under this key"


async def test_when_the_secret_is_lost_nothing_is_played_until_the_next_epoch(
    newcomer: Newcomer, sessions: Sessions, record: Record, begin: Begin
) -> None:
    alice, other = await newcomer("alice"), b"\x08" * 32
    genesis = await begin(alice, 1)
    await record(dice(alice, "before"))
    assert refusals(await record(dice(alice, "a"), secret=other)) == [SeedsLost]

    await begin(alice, 2, other)
    (result,) = answers(await record(dice(alice, "a"), secret=other))

    assert (result["proof"]["epoch"], result["proof"]["n"]) == (2, 1)
    assert await all_check(sessions, alice, 1, genesis), "what was played before stays proven"


async def test_with_the_last_seed_of_an_epoch_comes_the_genesis_of_the_next(
    newcomer: Newcomer, sessions: Sessions, record: Record, begin: Begin
) -> None:
    alice = await newcomer("alice")
    genesis = await begin(alice, 1)
    results = answers(await record(*[dice(alice, f"k{n}") for n in range(EPOCH_PLAYS + 2)]))
    last, after = results[EPOCH_PLAYS - 1], results[EPOCH_PLAYS]
    assert last["proof"]["next"]["epoch"] == 2
    assert last["proof"]["next"]["n"] == 1
    assert after["proof"]["commitment"] == last["proof"]["next"]["commitment"]
    assert await places(sessions, alice) == [(1, n) for n in range(1, EPOCH_PLAYS + 1)] + [(2, 1), (2, 2)]
    assert await all_check(sessions, alice, 1, genesis)
    assert await all_check(sessions, alice, 2, last["proof"]["next"]["commitment"])


async def test_a_transaction_that_fails_gives_its_seed_to_nobody(
    newcomer: Newcomer, sessions: Sessions, record: Record, begin: Begin
) -> None:
    alice = await newcomer("alice")
    await begin(alice, 1)
    async with sessions() as session:
        await Plays(session=session).record([dice(alice, "lost")], NOON, NOON.date(), secret=SECRET)
        await session.rollback()
    (result,) = answers(await record(dice(alice, "stored")))
    assert result["proof"]["n"] == 1


async def test_two_workers_at_once_give_no_seed_twice(
    newcomer: Newcomer, sessions: Sessions, record: Record, begin: Begin
) -> None:
    """As when one was thought dead: the player's epoch is locked until the commit."""
    alice = await newcomer("alice")
    genesis = await begin(alice, 1)
    await asyncio.gather(*[record(dice(alice, f"{worker}-1"), dice(alice, f"{worker}-2")) for worker in range(8)])
    assert sorted(await places(sessions, alice)) == [(1, n) for n in range(1, 17)]
    assert await all_check(sessions, alice, 1, genesis)
