"""Draws with dealers: from what they commit to before a draw opens, to what comes of it."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs
from tests.domain.lottery.table import Table, hand_of

from app.domain.audit.services import Audit, Subject
from app.domain.lottery.rules import DrawNotClosedYet
from app.domain.lottery.rules.dealing import (
    DEALERS,
    DRAWS_AHEAD,
    CommitmentNotSigned,
    CommittedOtherwise,
    DealerExists,
    DrawOpened,
    DrawTooFarAhead,
    NoSuchDealer,
    NotDealt,
    SecretDoesNotFit,
    TooManyDealers,
)
from app.domain.lottery.schemas.dealing import DrawSpan
from app.domain.lottery.services.holding import Holding
from app.domain.lottery.services.log import Log
from app.fairdraw.dealing import Hand
from app.fairdraw.draws import close_id, entropy, open_id, pick
from app.fairdraw.hashing import Record, digest

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def table(world: "World") -> Table:
    """The first draw was opened before there were dealers."""
    await world.reconcile()
    return Table(world)


async def record(table: Table, number: int, kind: str) -> Record:
    draw = (await table.world.draws(table.lottery))[number - 1]
    async with table.world.resources.sessions() as session:
        return await Log(session=session).record(draw.lottery_id, number, kind)  # type: ignore[arg-type]  # a Kind


async def close(table: Table, number: int) -> None:
    """At its midnight; the next draw opens, if nothing is missing."""
    table.world.now = (await table.draw(number)).closes_at
    await table.world.reconcile()


async def test_a_draw_at_level_1_from_its_commitments_to_its_winner(table: Table) -> None:
    for name in ("alice", "bob"):
        await table.seat(name)
        await table.commit(name, 2)
    await table.world.submit(table.world.today + timedelta(days=1), count=20)
    await close(table, 1)

    opened = await record(table, 2, "open")
    assert opened["dealers"] == [table.hands[name].commitment(2).hex() for name in ("alice", "bob")]
    assert ((await table.draw(2)).level, (await table.draw(2)).waiting_for) == (1, [])

    await close(table, 2)
    assert (await table.draw(2)).waiting_for == ["dealer alice", "dealer bob"]
    await table.reveal("bob", 2)
    assert (await table.draw(2)).waiting_for == ["dealer alice"]
    await table.reveal("alice", 2)
    table.world.wait(minutes=1)
    [held] = await table.world.reconcile()

    assert (held.number, held.state, held.level, held.waiting_for) == (2, "drawn", 1, [])
    result = await record(table, 2, "result")
    secrets = [table.hands[name].secret(2) for name in ("alice", "bob")]
    assert result["dealers"] == [secret.hex() for secret in secrets]
    closed = close_id(await record(table, 2, "close"))
    assert result["winners"] == pick(entropy(closed, bytes.fromhex(result["seed"]), secrets), 2, 1, 20)
    assert [one.state for one in await table.dealings(2)] == ["revealed", "revealed"]


async def test_the_open_record_waits_for_every_dealer_and_ballots_do_not(table: Table) -> None:
    await table.seat("alice")
    await table.seat("bob")
    await table.commit("alice", 2)
    assert (await table.draw(2)).waiting_for == [], "its turn has not come: draw 1 is open"
    await close(table, 1)
    waiting = await table.draw(2)
    assert (waiting.open_id, waiting.level, waiting.waiting_for) == (None, 1, ["dealer bob"])
    assert (await table.draw(3)).waiting_for == []
    assert [one.state for one in await table.dealings(2)] == ["committed", "awaited"]
    assert (await table.world.submit()).draw.waiting_for == ["dealer bob"]
    await table.commit("bob", 2)
    table.world.wait(minutes=1)
    await table.world.reconcile()
    assert open_id(await record(table, 2, "open")).hex() == (await table.draw(2)).open_id


async def test_a_draw_that_was_never_opened_waits_beyond_its_close_without_an_attempt(table: Table) -> None:
    await table.seat("alice")
    await table.world.submit(table.world.today + timedelta(days=1))
    await close(table, 1)
    await close(table, 2)
    for _ in range(12):
        table.world.wait(minutes=1)
        assert await table.world.reconcile() == []
    second = (await table.world.draws())[1]
    assert (second.attempts, second.open_id, second.close_id) == (0, None, None)
    await table.commit("alice", 2)
    table.world.wait(minutes=1)
    await table.world.reconcile()
    await table.reveal("alice", 2)
    table.world.wait(minutes=1)
    assert [held.number for held in await table.world.reconcile()] == [2]


async def test_a_dealer_who_refuses_stalls_one_draw_and_no_other(table: Table) -> None:
    await table.seat("alice")
    for number in (2, 3):
        await table.commit("alice", number)
    await close(table, 1)
    await close(table, 2)
    await close(table, 3)
    await table.reveal("alice", 3)
    for _ in range(12):
        table.world.wait(minutes=1)
        await table.world.reconcile()
    second, third, *_ = (await table.world.draws())[1:]
    assert (second.drawn_at, second.attempts) == (None, 1), "it was closed, and then waited"
    assert third.drawn_at
    await table.reveal("alice", 2)
    assert [held.number for held in await table.world.reconcile()] == [2]


async def test_an_operator_hears_once_of_a_draw_that_waits_for_an_hour(table: Table) -> None:
    await table.seat("alice")
    await table.commit("alice", 2)
    await close(table, 1)
    await close(table, 2)
    with capture_logs() as logs:
        for _ in range(4):
            table.world.wait(minutes=30)
            await table.world.reconcile()
    [alert] = [entry for entry in logs if entry["log_level"] == "error"]
    assert (alert["period"], alert["reason"]) == ("2026-11-21", "dealer_missing")


async def test_a_stalled_draw_may_be_declared_void(table: Table) -> None:
    await table.seat("alice")
    await table.commit("alice", 2)
    await close(table, 1)
    await close(table, 2)
    second = (await table.world.draws())[1]
    async with table.world.resources.sessions.begin() as session:
        await Holding(session, table.world.resources.settings).void(second.id, "alice is gone", table.world.now)
    void = await table.draw(2)
    assert (void.state, void.level, void.waiting_for) == ("void", 1, [])
    await table.reveal("alice", 2)
    table.world.wait(minutes=1)
    assert await table.world.reconcile() == []


async def test_draws_open_without_a_dealer_who_was_removed_and_the_open_one_still_needs_them(table: Table) -> None:
    await table.seat("alice")
    await table.seat("bob")
    for name in ("alice", "bob"):
        await table.commit(name, 2)
    await close(table, 1)
    await table.unseat("alice")
    await table.commit("bob", 3)
    await close(table, 2)
    assert (await record(table, 3, "open"))["dealers"] == [table.hands["bob"].commitment(3).hex()]
    await table.reveal("bob", 2)
    assert (await table.draw(2)).waiting_for == ["dealer alice"]
    await table.reveal("alice", 2)
    table.world.wait(minutes=1)
    assert [held.number for held in await table.world.reconcile()] == [2]
    await table.unseat("bob")
    assert (await table.draw(4)).level == 0


# Commitments


async def test_a_commitment_may_come_again_and_never_another(table: Table) -> None:
    hand = await table.seat("alice")
    first = await table.commit("alice", 2)
    table.world.wait(minutes=1)
    assert await table.commit("alice", 2) == first
    table.hands["alice"] = Hand(digest(b"key alice"), digest(b"another secret"), lottery="daily", name="alice")
    with pytest.raises(CommittedOtherwise):
        await table.commit("alice", 2)
    table.hands["alice"] = hand
    await close(table, 1)
    assert await table.commit("alice", 2) == first, "also when the draw is opened with it"


async def test_a_commitment_is_only_for_the_draw_the_lottery_and_the_dealer_that_it_names(table: Table) -> None:
    await table.seat("alice")
    bob = await table.seat("bob")
    alice = table.hands["alice"]
    with pytest.raises(CommitmentNotSigned):
        await table.commit("alice", 3, commitment=alice.commitment(2), signature=alice.signature(2))
    with pytest.raises(CommitmentNotSigned):
        await table.commit("alice", 2, commitment=bob.commitment(2), signature=bob.signature(2))
    with pytest.raises(CommitmentNotSigned):
        await table.commit("bob", 2, commitment=alice.commitment(2), signature=alice.signature(2))
    elsewhere = hand_of("alice", "weekly")
    with pytest.raises(CommitmentNotSigned):
        await table.commit("alice", 2, commitment=elsewhere.commitment(2), signature=elsewhere.signature(2))
    assert [one.state for one in await table.dealings(2)] == ["awaited", "awaited"]


async def test_an_opened_draw_takes_no_commitment(table: Table) -> None:
    await table.seat("alice")
    with pytest.raises(DrawOpened):
        await table.commit("alice", 1)


async def test_commitments_go_far_ahead_but_not_for_ever(table: Table) -> None:
    await table.seat("alice")
    newest = len(await table.world.draws())
    await table.commit("alice", newest + DRAWS_AHEAD)
    with pytest.raises(DrawTooFarAhead):
        await table.commit("alice", newest + DRAWS_AHEAD + 1)
    for number in (2, 3, 5):
        await table.commit("alice", number)
    shown = await table.shown()
    spans = [DrawSpan(first=2, last=3), DrawSpan(first=5, last=5)]
    assert (shown.coming, shown.dealers[0].committed[:2]) == (2, spans)


async def test_who_is_no_dealer_commits_to_nothing(table: Table) -> None:
    await table.seat("alice")
    await table.unseat("alice")
    with pytest.raises(NoSuchDealer):
        await table.commit("alice", 2)


# Secrets


async def test_a_secret_is_taken_after_the_close_only_and_only_the_right_one(table: Table) -> None:
    await table.seat("alice")
    await table.commit("alice", 2)
    with pytest.raises(DrawNotClosedYet):
        await table.reveal("alice", 2)
    await close(table, 1)
    with pytest.raises(DrawNotClosedYet):
        await table.reveal("alice", 2)
    with pytest.raises(NotDealt):
        await table.reveal("alice", 1)
    table.hands["bob"] = table.hands["alice"]
    with pytest.raises(NoSuchDealer):
        await table.reveal("bob", 2)
    await close(table, 2)
    for wrong in (table.hands["alice"].secret(3), bytes(32)):
        with pytest.raises(SecretDoesNotFit):
            await table.reveal("alice", 2, wrong)
    assert (await table.draw(2)).waiting_for == ["dealer alice"]
    first = await table.reveal("alice", 2)
    table.world.wait(minutes=1)
    assert await table.reveal("alice", 2) == first
    await table.world.reconcile()
    assert await table.reveal("alice", 2) == first, "also when the draw was held"


# Who deals


async def test_adding_and_removing_dealers_is_audited_once(table: Table) -> None:
    for _ in range(2):
        await table.seat("alice")
    for _ in range(2):
        await table.unseat("alice")
    await table.declare_beacon(60)
    await table.declare_beacon(60)
    lottery_id = (await table.world.draws())[0].lottery_id
    async with table.world.resources.sessions() as session:
        entries = await Audit(session=session).entries(limit=10, subject=Subject("lottery", lottery_id))
    assert [entry.action for entry in entries] == ["declare_beacon", "remove_dealer", "add_dealer"]
    assert entries[2].details == {"name": "alice", "public_key": table.hands["alice"].public.hex()}


async def test_a_name_stays_with_its_key_and_who_comes_back_is_the_last(table: Table) -> None:
    await table.seat("alice")
    table.world.wait(minutes=1)
    await table.seat("bob")
    await table.unseat("alice")
    table.world.wait(minutes=1)
    impostor = Table(table.world, hands={"alice": table.hands["bob"]})
    with pytest.raises(DealerExists):
        await impostor.seat("alice")
    await table.seat("alice")
    for name in ("alice", "bob"):
        await table.commit(name, 2)
    await close(table, 1)
    assert [one.dealer for one in await table.dealings(2)] == ["bob", "alice"]


async def test_a_lottery_has_room_for_so_many_dealers(table: Table) -> None:
    for n in range(DEALERS):
        await table.seat(f"dealer-{n}")
    with pytest.raises(TooManyDealers):
        await table.seat("one-more")
    await table.unseat("dealer-0")
    await table.seat("one-more")


async def test_one_cannot_remove_who_never_was_a_dealer(table: Table) -> None:
    with pytest.raises(NoSuchDealer):
        await table.unseat("alice")
