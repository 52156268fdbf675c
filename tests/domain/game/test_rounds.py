"""Beginning a round, and calling it off: told to the group once, each with a seed that was committed to."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from tests.conftest import Newcomer
from tests.domain.game.rounds_of_dice import Table, slip

from app.domain.chat.roles import NotAllowedHere, Role
from app.domain.chat.rules import NotAGroup, NotAMember
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.groups import Groups
from app.domain.chat.services.standing import appoint
from app.domain.game.rules import (
    OPEN_ROUNDS,
    NoSuchGame,
    NoSuchRound,
    NothingLeftToLuck,
    RoundClosed,
    RoundEndRefused,
    TooManyRounds,
)
from app.domain.game.services import proving
from app.domain.game.services.rounds import Rounds
from app.errors import AppError, IdempotencyConflict
from app.fairdraw.rounds import CHAIN_ROUNDS, fits
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ANN, BEN, EVE = 1, 2, 3


async def test_a_round_is_told_to_the_group_with_what_it_commits_to(table: Table) -> None:
    held, act = await table.open()
    [message] = await table.told()
    assert act.messages == [message]
    assert (message.kind, message.message, message.sender_id) == ("round_opened", "dice", ANN)
    assert message.card is not None
    card = (await table.cards())[0]
    assert (card.round_id, card.state, card.picks, card.closes_at) == (held.id, "open", 0, held.closes_at)
    assert card.commitment == held.commitment.hex()
    assert (card.root, card.seed, card.outcome, card.top) == (None, None, None, [])
    seed = await table.seed_of(held)
    assert seed
    assert fits(seed, proving.place_of(held))


async def test_the_same_key_is_the_same_round_and_told_once_also_when_it_has_closed(table: Table) -> None:
    held, _ = await table.open()
    await table.end(held.id)
    again, act = await table.open()
    assert (again.id, act.messages) == (held.id, [])
    with pytest.raises(IdempotencyConflict):
        await table.open(closes_in=61)


async def test_who_begins_the_same_round_many_times_at_once_begins_one(table: Table) -> None:
    begun = await asyncio.gather(*(table.begin() for _ in range(5)))
    assert len(set(begun)) == len(await table.told()) == 1


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"game": "chess"}, NoSuchGame),
        ({"game": "number"}, NothingLeftToLuck),
        ({"closes_in": None}, RoundEndRefused),
        ({"closes_at": datetime.now(UTC) + timedelta(days=1)}, RoundEndRefused),
        ({"closes_in": None, "closes_at": datetime.now(UTC) - timedelta(days=1)}, RoundEndRefused),
        ({"closes_in": None, "closes_at": datetime.now(UTC) + timedelta(days=8)}, RoundEndRefused),
        ({"conversation_id": 99}, NotAMember),
    ],
)
async def test_what_cannot_be_a_round_is_refused_and_told_to_nobody(
    table: Table, asked: dict[str, Any], error: type[AppError]
) -> None:
    with pytest.raises(error):
        await table.open(**asked)
    assert await table.told() == []


async def test_members_and_outsiders_begin_no_rounds_and_admins_do(table: Table, sessions: Sessions) -> None:
    with pytest.raises(NotAllowedHere):
        await table.open(by=BEN)
    with pytest.raises(NotAMember):
        await table.open(by=EVE)
    held = await table.begin()
    for who, error in ((BEN, NotAllowedHere), (EVE, NoSuchRound)):
        with pytest.raises(error):
            await table.cancel(held, by=who)
    async with sessions.begin() as session:
        await appoint(session, table.group, ANN, BEN, Role.ADMIN)
    await table.cancel(held, by=BEN)
    assert await table.begin("other", by=BEN)


async def test_two_people_alone_hold_no_rounds(table: Table, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        direct, _ = await Conversations(session=session).open_direct(ANN, BEN)
    with pytest.raises(NotAGroup):
        await table.open(conversation_id=direct.id)


async def test_so_many_rounds_are_open_at_once_each_with_a_seed_of_another_chain(table: Table) -> None:
    begun = [await table.read(await table.begin(f"r{n}")) for n in range(OPEN_ROUNDS)]
    assert len({held.genesis for held in begun}) == OPEN_ROUNDS
    with pytest.raises(TooManyRounds):
        await table.open("one more")
    await table.cancel(begun[2].id)
    next_one = await table.read(await table.begin("one more"))
    assert (next_one.chain_id, next_one.number) == (begun[2].chain_id, 2)


async def test_no_open_round_commits_to_the_seed_of_another_that_is_open(table: Table) -> None:
    """Who knows a commitment that is another round's seed knows that round's result before it closes."""
    for turn in range(3):
        begun = [await table.read(await table.begin(f"{turn}-{n}")) for n in range(OPEN_ROUNDS)]
        seeds = {await table.seed_of(held) for held in begun}
        assert not seeds & {held.commitment for held in begun}
        for held in begun:
            await table.cancel(held.id)


async def test_each_round_of_a_chain_commits_by_the_seed_that_the_one_before_it_has_shown(table: Table) -> None:
    before = None
    for n in range(4):
        held = await table.read(await table.begin(f"r{n}"))
        assert before is None or (held.commitment, held.genesis) == (before.seed, before.genesis)
        await (table.cancel(held.id) if n % 2 else table.end(held.id))
        before = await table.read(held.id)


async def test_when_a_chain_is_used_up_or_ended_another_begins(table: Table, sessions: Sessions) -> None:
    held = await table.read(await table.begin())
    await table.cancel(held.id)
    async with sessions.begin() as session:
        await session.execute(text("UPDATE rounds SET number = :last"), {"last": CHAIN_ROUNDS})
    for name in ("used up", "ended"):
        following = await table.read(await table.begin(name))
        assert following.number == 1
        assert following.genesis == following.commitment != held.genesis
        await table.pick(slip(following.id, ANN))
        await table.end(following.id)
        held = await table.read(following.id)
        assert held.drawn_at
        async with sessions.begin() as session:
            await session.execute(text("UPDATE round_chains SET ended_at = now() WHERE ended_at IS NULL"))


async def test_a_round_that_is_called_off_shows_its_seed_and_is_told_once(table: Table) -> None:
    held, _ = await table.open()
    await table.pick(slip(held.id, BEN))
    called_off, act = await table.cancel(held.id)
    again, nothing = await table.cancel(held.id)
    assert (len(act.messages), nothing.messages, again.cancelled_at) == (1, [], called_off.cancelled_at)
    card = (await table.cards())[-1]
    assert (card.state, card.picks, card.outcome, card.top) == ("cancelled", 1, None, [])
    assert called_off.seed
    assert card.seed == called_off.seed.hex()
    assert fits(called_off.seed, proving.place_of(held))
    assert await table.end(held.id) is None


async def test_a_round_that_is_over_cannot_be_called_off(table: Table) -> None:
    for n, over in enumerate((table.let_close, table.end)):
        held = await table.begin(f"r{n}")
        await over(held)
        with pytest.raises(RoundClosed):
            await table.cancel(held)


async def test_a_group_that_is_no_more_has_no_rounds_for_anybody(table: Table, sessions: Sessions) -> None:
    held = await table.begin()
    async with sessions.begin() as session:
        await Groups(session=session).end(table.group, ANN)
    with pytest.raises(NoSuchRound):
        await table.cancel(held)
    async with sessions() as session:
        with pytest.raises(NoSuchRound):
            await Rounds(session=session).of_member(held, ANN)
        with pytest.raises(NotAMember):
            await Rounds(session=session).of_group(table.group, ANN, None, 10)


async def test_the_rounds_of_a_group_are_listed_newest_first_and_page_by_page(
    table: Table, newcomer: Newcomer, sessions: Sessions
) -> None:
    begun = []
    for n in range(4):
        begun.append(await table.begin(f"r{n}"))
        await table.cancel(begun[-1])
    async with sessions() as session:
        rounds = Rounds(session=session)
        first = await rounds.of_group(table.group, BEN, None, 3)
        rest = await rounds.of_group(table.group, BEN, first[-1].id, 3)
        with pytest.raises(NotAMember):
            await rounds.of_group(table.group, EVE, None, 3)
    assert [held.id for held in [*first, *rest]] == begun[::-1]
