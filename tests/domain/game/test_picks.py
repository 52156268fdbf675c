"""A pick is stored before its round closes, or refused; and each member has one that counts."""

import asyncio

import pytest
from sqlalchemy import text
from tests.domain.game.rounds_of_dice import Table, answers, close_by_the_clock, slip

from app.domain.chat.services.members import Members
from app.domain.game.rules import NoSuchRound, RoundCancelled, RoundClosed
from app.domain.game.schemas.rounds import PickCount
from app.domain.game.services.picks import Picks
from app.errors import IdempotencyConflict
from app.fairdraw.draws import user_tag
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ANN, BEN, EVE = 1, 2, 3


async def test_a_pick_is_answered_with_the_tag_that_it_is_proven_under(table: Table) -> None:
    held = await table.begin()
    [picked] = answers(await table.pick(slip(held, BEN, chance=20)))
    assert (picked["type"], picked["round_id"], picked["conversation_id"]) == ("picked", held, table.group)
    assert (picked["move"], picked["idempotency_key"]) == ({"side": "over", "chance": 20}, "k")
    assert user_tag(bytes.fromhex(picked["salt"]), BEN).hex() == picked["player"]


async def test_sent_again_it_is_the_same_pick_within_a_batch_and_after_it(table: Table) -> None:
    held = await table.begin()
    once, twice = answers(await table.pick(slip(held, BEN), slip(held, BEN)))
    [later] = answers(await table.pick(slip(held, BEN)))
    assert once == twice == later
    assert answers(await table.pick(slip(held, BEN, chance=20))) == [IdempotencyConflict]
    assert (await table.read(held)).picks == 1


async def test_the_last_pick_under_a_new_key_counts_also_when_an_earlier_one_is_sent_again(
    table: Table, sessions: Sessions
) -> None:
    held = await table.begin()
    first, _ = answers(await table.pick(slip(held, BEN, "a"), slip(held, BEN, "b", chance=20)))
    await table.pick(slip(held, BEN, "c", chance=4))
    assert answers(await table.pick(slip(held, BEN, "a"))) == [first]
    async with sessions() as session:
        counting = await Picks(session=session).of_player(held, BEN)
        rows = await session.scalar(text("SELECT count(*) FROM picks WHERE replaced_at IS NOT NULL"))
    assert counting
    assert (counting.move["chance"], rows, (await table.read(held)).picks) == (4, 2, 1)


async def test_what_is_announced_is_how_many_have_picked_and_nothing_of_what(table: Table) -> None:
    held = await table.begin()
    outcomes = await table.pick(slip(held, BEN), slip(held, ANN), slip(held, BEN, "again"))
    assert [outcome.fact for outcome in outcomes] == [PickCount(table.group, held, 2)] * 3


async def test_after_the_close_a_pick_is_refused_and_one_that_was_stored_is_answered(table: Table) -> None:
    held = await table.begin()
    before = answers(await table.pick(slip(held, BEN)))
    for over in (table.let_close, table.freeze, table.draw):
        await over(held)
        late = await table.pick(slip(held, ANN), slip(held, BEN, "new"), slip(held, BEN))
        assert answers(late) == [RoundClosed, RoundClosed, *before]
    assert (await table.read(held)).picks == 1


async def test_a_round_that_was_called_off_takes_no_picks(table: Table) -> None:
    held = await table.begin()
    await table.cancel(held)
    assert answers(await table.pick(slip(held, BEN))) == [RoundCancelled]


async def test_outsiders_and_those_who_left_or_are_suspended_are_told_of_no_round(
    table: Table, sessions: Sessions
) -> None:
    held = await table.begin()
    assert answers(await table.pick(slip(held, EVE), slip(99, BEN), slip(held, 99))) == [NoSuchRound] * 3
    async with sessions.begin() as session:
        await session.execute(text("UPDATE users SET suspended_until = 'infinity' WHERE id = 2"))
    assert answers(await table.pick(slip(held, BEN))) == [NoSuchRound]
    async with sessions.begin() as session:
        await session.execute(text("UPDATE users SET suspended_until = NULL"))
        await Members(session=session).leave(table.group, BEN)
    assert answers(await table.pick(slip(held, BEN))) == [NoSuchRound]


async def test_a_batch_may_hold_picks_of_several_rounds(table: Table) -> None:
    one, other = await table.begin("one"), await table.begin("other")
    outcomes = await table.pick(slip(one, ANN), slip(other, ANN), slip(one, BEN))
    assert [answer["round_id"] for answer in answers(outcomes)] == [one, other, one]
    assert [(await table.read(held)).picks for held in (one, other)] == [2, 1]


async def test_a_pick_that_holds_the_round_is_in_it_and_one_that_comes_meanwhile_is_not(
    table: Table, sessions: Sessions
) -> None:
    """The close waits for the batch that is being stored; the next batch waits for the close, and is too late."""
    held = await table.begin()
    async with sessions.begin() as session:
        await Picks(session=session).record([slip(held, BEN)])
        await close_by_the_clock(session, held)
        await table.freeze(held)
        assert (await table.read(held)).closed_at is None, "the round was taken from under a batch"
        later = asyncio.create_task(table.pick(slip(held, ANN)))
        await asyncio.sleep(0.1)
        assert not later.done(), "it was not held up by the batch before it"
    assert answers(await later) == [RoundClosed]
    await table.freeze(held)
    assert (await table.read(held)).picks == 1
