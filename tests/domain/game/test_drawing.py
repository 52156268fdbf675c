"""How a round ends: once, from picks that were frozen first, with the same luck for all; or visibly not at all."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.domain.game.rounds_of_dice import Table, answers, slip

from app.domain.chat.services.groups import Groups
from app.domain.chat.services.members import Members
from app.domain.game.rules import RoundNotDrawn
from app.domain.game.services import due, proving, showing
from app.domain.game.services.drawing import draw
from app.domain.game.services.rounds import Rounds
from app.fairdraw.rounds import DoesNotVerifyError, fits
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ANN, BEN = 1, 2

people, chances = st.sampled_from([ANN, BEN]), st.sampled_from([1, 20, 50, 80])
sides = st.sampled_from(["over", "under"])


async def proof(table: Table, round_id: int) -> dict[str, Any]:
    async with table.sessions() as session:
        shown = await showing.proof_of(session, await Rounds(session=session).of_member(round_id, ANN))
    transcript: dict[str, Any] = msgspec.to_builtins(shown)
    return transcript


async def add_members(sessions: Sessions, number: int) -> None:
    """Users 4, 5 and so on, if they are not there yet."""
    async with sessions.begin() as session:
        people = "SELECT 'player-' || n, '-' FROM generate_series(1, :number) AS n ON CONFLICT DO NOTHING"
        await session.execute(text(f"INSERT INTO users (username, password_hash) {people}"), {"number": number})
        members = "SELECT 1, id, 'member' FROM users WHERE id > 3 ON CONFLICT DO NOTHING"
        await session.execute(text(f"INSERT INTO members (conversation_id, user_id, role) {members}"))


async def test_everybody_has_the_same_luck_and_the_group_hears_once_who_won_what(table: Table) -> None:
    held = await table.begin()
    await table.pick(slip(held, ANN, side="over", chance=50), slip(held, BEN, side="under", chance=50))
    act = await table.end(held)
    assert act
    [_, told] = await table.told()
    assert (act.messages, told.kind, told.sender_id) == ([told], "round_drawn", ANN)
    card = (await table.cards())[-1]
    drawn = await table.read(held)
    assert card.outcome == drawn.outcome
    assert drawn.outcome is not None
    winner = ANN if drawn.outcome["roll"] >= 50 else BEN
    assert [(one.place, one.user_id, one.prize) for one in card.top] == [(1, winner, 2.0)]
    assert drawn.seed
    assert drawn.root
    assert (card.state, card.picks, card.seed, card.root) == ("drawn", 2, drawn.seed.hex(), drawn.root.hex())


async def test_its_transcript_verifies_and_shows_the_seed_that_was_committed_to(table: Table) -> None:
    held = await table.begin()
    mine, _ = answers(await table.pick(slip(held, ANN), slip(held, BEN, chance=80)))
    async with table.sessions() as session:
        with pytest.raises(RoundNotDrawn):
            await showing.proof_of(session, await Rounds(session=session).of_member(held, ANN))
    await table.end(held)
    transcript = await proof(table, held)
    proving.check(transcript)
    assert mine["player"] in [pick["player"] for pick in transcript["picks"]]
    assert transcript["open"]["seed_commit"] == (await table.cards())[0].commitment
    transcript["result"]["prizes"][0] += 1
    with pytest.raises(DoesNotVerifyError):
        proving.check(transcript)


# All is drawn before the test runs: hypothesis may end a draw by what also ends the loop that async tests share.
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    picks=st.lists(
        st.tuples(
            st.sampled_from([ANN, BEN, 4, 5]), st.sampled_from(["over", "under"]), st.sampled_from([1, 20, 50, 80])
        ),
        max_size=12,
    ),
    part=st.sampled_from(["open", "close", "result"]),
    place=st.integers(0, 20),
    other=st.sampled_from(["", 1, None, "00" * 32]),
)
async def test_whatever_is_picked_the_transcript_verifies_and_no_change_of_it_does(
    table: Table,
    sessions: Sessions,
    picks: list[tuple[int, str, int]],
    part: str,
    place: int,
    other: Any,  # noqa: ANN401  whatever JSON holds
) -> None:
    async with sessions.begin() as session:
        await session.execute(text("TRUNCATE rounds, picks, round_chains"))
    await add_members(sessions, 2)
    held = await table.begin()
    await table.pick(
        *(slip(held, who, f"k{n}", side=side, chance=chance) for n, (who, side, chance) in enumerate(picks))
    )
    await table.end(held)
    transcript = await proof(table, held)
    proving.check(transcript)
    assert len(transcript["picks"]) == len({who for who, _, _ in picks})
    drawn = await table.read(held)
    for pick, prize in zip(transcript["picks"], transcript["result"]["prizes"], strict=True):
        move, roll = pick["move"], (drawn.outcome or {})["roll"]
        won = roll < move["chance"] if move["side"] == "under" else roll >= 100 - move["chance"]
        assert prize == (10_000 // move["chance"] if won else 0)
    fields = sorted(transcript[part])
    field = fields[place % len(fields)]
    transcript[part][field] = "another" if transcript[part][field] == other else other
    with pytest.raises(DoesNotVerifyError):
        proving.check(transcript)


async def test_any_number_of_workers_end_a_round_once(table: Table) -> None:
    held = await table.begin()
    await table.pick(slip(held, ANN), slip(held, BEN))
    await table.let_close(held)

    async def work() -> object:
        await table.freeze(held)
        return await table.draw(held)

    acts = [await asyncio.gather(*(work() for _ in range(8))) for _ in range(2)]
    assert len([act for turn in acts for act in turn if act]) == 1
    assert [one.kind for one in await table.told()] == ["round_opened", "round_drawn"]


async def test_a_round_is_not_ended_before_its_time_nor_drawn_before_it_is_frozen(table: Table) -> None:
    held = await table.begin()
    await table.freeze(held)
    assert await table.draw(held) is None
    await table.let_close(held)
    assert await table.draw(held) is None
    assert (await table.read(held)).closed_at is None
    await table.freeze(held)
    frozen = await table.read(held)
    assert (frozen.closed_at is not None, frozen.root is not None, frozen.seed, frozen.drawn_at) == (
        True,
        True,
        None,
        None,
    )


async def test_a_round_without_picks_has_a_result_without_winners(table: Table) -> None:
    held = await table.begin()
    assert await table.end(held)
    card = (await table.cards())[-1]
    assert (card.state, card.picks, card.outcome, card.top) == ("drawn", 0, {}, [])
    proving.check(await proof(table, held))


async def test_who_left_after_they_picked_has_their_place_and_a_round_goes_on_without_who_began_it(
    table: Table, sessions: Sessions
) -> None:
    held = await table.begin()
    await table.pick(slip(held, ANN), slip(held, BEN))
    async with sessions.begin() as session:
        await Members(session=session).leave(table.group, ANN)
    assert await table.end(held)
    assert (await table.cards())[-1].picks == 2


async def test_picks_that_were_changed_after_they_were_frozen_are_not_drawn_from(
    table: Table, sessions: Sessions
) -> None:
    held = await table.begin()
    await table.pick(slip(held, ANN), slip(held, BEN))
    await table.let_close(held)
    await table.freeze(held)
    async with sessions.begin() as session:
        await session.execute(text("""UPDATE picks SET move = '{"side": "over", "chance": 1}' WHERE user_id = 2"""))
    assert await table.draw(held)
    called_off = await table.read(held)
    assert (called_off.cancelled_because, called_off.drawn_at) == ("picks changed", None)
    assert (await table.cards())[-1].state == "cancelled"


async def test_a_secret_that_was_lost_calls_the_round_off_and_the_next_chain_is_another(table: Table) -> None:
    held = await table.begin()
    await table.pick(slip(held, ANN))
    other = table.with_secret(b"\x08" * 32)
    await other.end(held)
    called_off = await table.read(held)
    assert (called_off.cancelled_because, called_off.seed, called_off.drawn_at) == ("seed lost", None, None)
    following = await other.read(await other.begin("next"))
    assert following.genesis != called_off.genesis
    await other.end(following.id)
    ended = await other.read(following.id)
    assert ended.seed
    assert fits(ended.seed, proving.place_of(ended))


async def test_a_group_that_is_no_more_has_its_rounds_called_off_and_then_forgotten(
    table: Table, sessions: Sessions
) -> None:
    held = await table.begin()
    await table.pick(slip(held, ANN))
    async with sessions.begin() as session:
        await Groups(session=session).end(table.group, ANN)
        assert await due.forget(session) is False
    async with sessions() as session:
        assert await due.to_end(session) == [held]
        assert await due.to_end(session, within=timedelta(seconds=10)) == []
    assert await table.draw(held) is None
    assert (await table.read(held)).cancelled_because == "group ended"
    async with sessions.begin() as session:
        assert await due.to_end(session) == []
        await due.forget(session)
        assert await session.scalar(text("SELECT count(*) FROM rounds")) == 0
        assert await session.scalar(text("SELECT count(*) FROM picks")) == 0
        assert await session.scalar(text("SELECT count(*) FROM round_chains")) == 0


async def test_what_is_due_is_found_when_it_is_and_how_long_it_is_until_then_is_known(
    table: Table, sessions: Sessions
) -> None:
    moments = timedelta(seconds=10)
    async with sessions() as session:
        assert await due.until_next(session, moments) is None
    soon, late = await table.begin("soon", closes_in=20), await table.begin("late", closes_in=600)
    async with sessions() as session:
        wait = await due.until_next(session, moments)
        assert wait is not None
        assert 15 < wait <= 21
        assert await due.to_end(session) == []
    await table.let_close(soon)
    async with sessions() as session:
        assert await due.to_end(session, within=moments) == [soon]
        assert (await due.until_next(session, moments) or 0) <= 0
    async with sessions.begin() as session:
        await session.execute(
            text("UPDATE rounds SET closes_at = closes_at - interval '1 hour' WHERE id = :id"), {"id": soon}
        )
    async with sessions() as session:
        assert await due.to_end(session, within=moments) == [], "the minute's look comes for it"
        assert await due.to_end(session) == [soon]
        assert (await due.until_next(session, moments) or 0) > 500
    await table.cancel(late)


async def test_a_leaderboard_says_nothing_of_whom_its_reader_has_a_block_with(table: Table, sessions: Sessions) -> None:
    held = await table.begin()
    await table.pick(slip(held, ANN, side="over"), slip(held, BEN, side="over"))
    await table.end(held)
    async with sessions.begin() as session:
        await session.execute(text("INSERT INTO blocks (blocker_id, blocked_id) VALUES (1, 2)"))
    for reader, other in ((ANN, BEN), (BEN, ANN)):
        async with sessions() as session:
            places = await showing.leaderboard(session, held, reader, 10, 0)
        assert [one.place for one in places] == [1, 1]
        assert {one.user_id for one in places} == {reader, None}
        assert {one.prize for one in places} == {places[0].prize}
        hidden = next(one for one in places if one.user_id is None)
        assert (hidden.username, hidden.move, hidden.player) == (None, None, None)
        assert other not in {one.user_id for one in places}


async def test_a_page_of_places_follows_on_the_page_before(table: Table, sessions: Sessions) -> None:
    held = await table.begin()
    await add_members(sessions, 30)
    await table.pick(*(slip(held, user, chance=(20, 50, 80)[user % 3]) for user in [ANN, BEN, *range(4, 34)]))
    await table.end(held)
    async with sessions() as session:
        everybody = await showing.leaderboard(session, held, ANN, 100, 0)
        pages = [await showing.leaderboard(session, held, ANN, 10, offset) for offset in (0, 10, 20, 30)]
    assert [one for page in pages for one in page] == everybody
    prizes = [one.prize for one in everybody]
    assert prizes == sorted(prizes, reverse=True)
    assert [one.place for one in everybody] == [1 + sum(other > prize for other in prizes) for prize in prizes]


async def test_an_ended_round_stays_as_it_is_whoever_draws_it_again(table: Table, sessions: Sessions) -> None:
    held = await table.begin()
    await table.pick(slip(held, ANN))
    await table.end(held)
    before = await proof(table, held)
    async with sessions.begin() as session:
        assert await draw(session, held, b"\x09" * 32) is None
    assert await proof(table, held) == before
