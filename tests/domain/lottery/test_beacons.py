"""Draws that wait for a round of drand's quicknet: round 1000, whose signature is drand's own."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs
from tests.domain.lottery.table import BEFORE_ROUND_1000, MARGIN, ROUND_1000, Table

from app.domain.lottery.rules import DrawNotClosedYet
from app.domain.lottery.rules.dealing import BeaconSignatureWrong, RoundNotAwaited, TooManyBeaconChecks
from app.domain.lottery.services.beacons import CHECKS_WAITING, BeaconCheck, Beacons
from app.domain.lottery.services.log import Log
from app.domain.lottery.services.results import Results
from app.fairdraw.beacon import time_of
from app.fairdraw.draws import QUICKNET, BeaconRound, close_id, entropy, pick

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio

WRONG = BeaconRound(1000, bytes([ROUND_1000.signature[0] ^ 0x20]) + ROUND_1000.signature[1:])
"""Of the right round, on the curve, and not the network's."""


@pytest.fixture
async def table(world: "World") -> Table:
    """The draw of the minute lottery that is open, number 2, waits for round 1000."""
    world.set(minute_lottery=True)
    world.now = BEFORE_ROUND_1000 - timedelta(minutes=1)
    await world.reconcile()
    table = Table(world, "minute")
    await table.declare_beacon(MARGIN)
    world.now = BEFORE_ROUND_1000
    await world.reconcile()
    return table


async def hand_in(table: Table, given: BeaconRound) -> bool:
    async with table.world.resources.sessions() as session:
        draw = await Results(session=session).draw(table.lottery, "2")
        return await Beacons(session).is_news(draw, given)


async def test_a_draw_at_level_2_from_its_declaration_to_its_winner(table: Table) -> None:
    await table.world.submit(lottery="minute", count=20)
    opened = await table.draw(2)
    assert (opened.level, opened.beacon_round, opened.waiting_for) == (2, 1000, [])
    table.world.wait(minutes=1)
    await table.world.reconcile()
    assert (await table.draw(2)).waiting_for == ["beacon round 1000"]
    table.world.wait(minutes=3)
    assert [held.number for held in await table.world.reconcile()] == [], "the others declared rounds of their own"

    await BeaconCheck().check(*ROUND_1000)
    await table.keep_round(ROUND_1000)
    [held] = await table.world.reconcile()
    assert (held.number, held.level, held.waiting_for) == (2, 2, [])
    async with table.world.resources.sessions() as session:
        log, lottery_id = Log(session=session), (await table.world.draws("minute"))[1].lottery_id
        opening, closing, result = [await log.record(lottery_id, 2, kind) for kind in ("open", "close", "result")]
    declared = {"net": QUICKNET, "round": 1000, "genesis": 1692803367, "period": 3, "margin": MARGIN}
    assert opening["beacon"] == declared
    assert result["beacon"] == {"round": 1000, "signature": ROUND_1000.signature.hex()}
    drawn = entropy(close_id(closing), bytes.fromhex(result["seed"]), (), ROUND_1000)
    assert result["winners"] == pick(drawn, 2, 1, 20)


async def test_a_draw_may_have_dealers_and_a_beacon(table: Table) -> None:
    await table.seat("alice")
    await table.commit("alice", 3)
    table.world.wait(minutes=1)
    await table.world.reconcile()
    table.world.wait(minutes=1)
    await table.world.reconcile()
    third = await table.draw(3)
    assert (third.level, third.waiting_for) == (2, ["dealer alice", f"beacon round {third.beacon_round}"])
    await table.reveal("alice", 3)
    assert (await table.draw(3)).waiting_for == [f"beacon round {third.beacon_round}"]
    await table.keep_round(BeaconRound(third.beacon_round or 0, bytes(48)))
    table.world.wait(minutes=1)
    assert [held.number for held in await table.world.reconcile()] == [3]


async def test_a_draw_that_is_opened_late_waits_for_a_round_that_nobody_knows_yet(table: Table) -> None:
    """Its close is later still: a round of before would be known to whoever closes it."""
    table.world.wait(minutes=8)
    await table.world.reconcile()
    late = await table.draw(3)
    assert late.closes_at < table.world.now - timedelta(minutes=5)
    assert late.beacon_round
    assert time_of(late.beacon_round) > table.world.now + timedelta(seconds=MARGIN)


async def test_a_close_that_comes_after_its_round_is_logged(table: Table) -> None:
    with capture_logs() as logs:
        table.world.wait(minutes=4)
        await table.world.reconcile()
    assert [entry["event"] for entry in logs if "round was public" in entry["event"]]


async def test_a_round_is_taken_by_the_draw_that_waits_for_it_alone(table: Table) -> None:
    with pytest.raises(DrawNotClosedYet):
        await hand_in(table, ROUND_1000)
    table.world.wait(minutes=1)
    await table.world.reconcile()
    for other in (999, 1001):
        with pytest.raises(RoundNotAwaited):
            await hand_in(table, BeaconRound(other, ROUND_1000.signature))
    assert await hand_in(table, ROUND_1000)
    await table.keep_round(ROUND_1000)
    await table.keep_round(ROUND_1000)
    assert not await hand_in(table, ROUND_1000), "it is known, and not checked again"
    with pytest.raises(BeaconSignatureWrong):
        await hand_in(table, WRONG)


# Checks


async def test_a_signature_with_one_other_bit_is_refused() -> None:
    with pytest.raises(BeaconSignatureWrong):
        await BeaconCheck().check(*WRONG)


async def test_checks_do_not_pile_up() -> None:
    check = BeaconCheck()
    outcomes = await asyncio.gather(
        *(check.check(*ROUND_1000) for _ in range(CHECKS_WAITING + 2)), return_exceptions=True
    )
    assert [type(one) for one in outcomes if one] == [TooManyBeaconChecks] * 2
    await check.check(*ROUND_1000)


# Fetching


@asynccontextmanager
async def endpoint(*signatures: str) -> AsyncIterator[tuple[str, list[str]]]:
    """A stand-in for drand's relays that answers these one after the other; its address, and what it was asked."""
    asked, answers = list[str](), iter(signatures)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).split()[1].decode())
        body = json.dumps({"round": 1000, "randomness": "", "signature": next(answers)}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


async def test_a_worker_fetches_the_round_when_it_is_told_where(table: Table) -> None:
    await table.world.submit(lottery="minute")
    table.world.wait(minutes=1)
    async with endpoint(ROUND_1000.signature.hex()) as (url, asked):
        table.world.set(beacon_urls=["http://127.0.0.1:9", url])
        await table.world.reconcile()
        assert not asked, "it is not made yet"
        table.world.now = time_of(1000)
        with capture_logs() as logs:
            held = await table.world.reconcile()
        assert asked == [f"/{QUICKNET}/public/1000"]
    assert [(one.number, len(one.winners)) for one in held] == [(2, 1)]
    assert [entry["url"] for entry in logs if entry["log_level"] == "warning"] == ["http://127.0.0.1:9"]


async def test_what_an_endpoint_says_is_checked(table: Table) -> None:
    table.world.wait(minutes=1)
    await table.world.reconcile()
    table.world.now = time_of(1000)
    answers = (WRONG.signature.hex(), "no hex", ROUND_1000.signature.hex())
    async with endpoint(*answers) as (url, asked):
        table.world.set(beacon_urls=[url])
        for tries in (1, 2):
            assert await table.world.reconcile() == []
            assert len(asked) == tries
            assert (await table.draw(2)).waiting_for == ["beacon round 1000"]
        assert [one.number for one in await table.world.reconcile()] == [2]
