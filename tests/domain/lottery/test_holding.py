"""What is written into the log when, and what can no longer be changed then."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from app.db import Base
from app.domain.audit.services import OPERATOR, Audit, Subject
from app.domain.lottery.models import LogRecord
from app.domain.lottery.rules import CHAIN_LENGTH, DrawClosed, DrawHeld
from app.domain.lottery.services import chains
from app.domain.lottery.services.holding import Holding
from app.domain.lottery.services.intervening import Intervention
from app.fairdraw.chain import before

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
Logged = list[tuple[str, int, Any]]


async def logged(world: "World") -> Logged:
    """Kind, number and record of everything in the log, in its order."""
    async with world.resources.sessions() as session:
        records = await session.scalars(select(LogRecord).order_by(LogRecord.position))
        return [(record.kind, record.number, msgspec.json.decode(record.body)) for record in records]


def kinds(log: Logged) -> list[tuple[str, int]]:
    return [(kind, number) for kind, number, _ in log]


def lose_the_secret(world: "World") -> None:
    other = world.resources.settings.model_copy(update={"draw_secret": SecretStr("ab" * 32)})
    other.__dict__.pop("seed_secret")  # The copy has what was derived from the one before.
    world.resources = replace(world.resources, settings=other)


async def test_a_draw_is_opened_in_the_log_only_when_the_one_before_is_closed(world: "World") -> None:
    await world.reconcile()
    assert kinds(await logged(world)) == [("genesis", 1), ("open", 1)], "though eight draws take ballots"
    world.now = world.midnight
    await world.reconcile()
    assert kinds(await logged(world))[2:] == [("close", 1), ("result", 1), ("open", 2)]


async def test_each_seed_is_the_one_that_was_committed_to(world: "World") -> None:
    for _ in range(4):
        await world.reconcile()
        world.wait(days=1)
    log = await logged(world)
    opens = {number: record for kind, number, record in log if kind == "open"}
    results = {number: record for kind, number, record in log if kind == "result"}
    assert log[0][2]["seed_commit"] == opens[1]["seed_commit"]
    assert len(results) == 3
    for number, result in results.items():
        assert before(number, bytes.fromhex(result["seed"])).hex() == opens[number]["seed_commit"]
        assert opens[number + 1]["seed_commit"] == result["seed"]


async def test_no_seed_of_a_draw_that_takes_ballots_is_anywhere_in_the_database(world: "World") -> None:
    await world.reconcile()
    await world.submit(world.today + DAY)
    chain = chains.seeds(world.resources.settings.seed_secret, "daily", 1, 1 + CHAIN_LENGTH)
    async with world.resources.sessions() as session:
        for name in ("seed_chains", "draws", "log_records", "checkpoints", "lotteries"):
            rows = (await session.execute(select(Base.metadata.tables[name]))).all()
            for seed in (chain.seed(1), chain.seed(2)):
                assert not [row for row in rows if seed in row or seed.hex() in str(row)], name


async def test_after_the_freeze_no_ballot_gets_in_whatever_a_clock_says(world: "World") -> None:
    await world.submit()
    draw = await world.draw("2026-11-20")
    async with world.resources.sessions.begin() as session:
        await Holding(session, world.resources.settings).freeze(draw.id, world.midnight)
    with pytest.raises(DrawClosed):
        await world.submit(world.today)
    assert (await world.submit()).draw.number == 2, "without a date, it is for the next one that is open"


@pytest.mark.parametrize("ballots", [0, 20])
async def test_of_several_who_close_and_settle_at_once_one_does(world: "World", ballots: int) -> None:
    await world.reconcile()
    if ballots:
        await world.submit(count=ballots)
    draw, settings = await world.draw("2026-11-20"), world.resources.settings
    async with world.resources.sessions.begin() as session:
        await Holding(session, settings).freeze(draw.id, world.midnight)

    async def close() -> bool:
        async with world.resources.sessions.begin() as session:
            return await Holding(session, settings).close(draw.id) is not None

    async def settle() -> bool:
        async with world.resources.sessions.begin() as session:
            return await Holding(session, settings).settle(draw.id, world.midnight)

    assert sorted(await asyncio.gather(*(close() for _ in range(4)))) == [False] * 3 + [True]
    assert sorted(await asyncio.gather(*(settle() for _ in range(4)))) == [False] * 3 + [True]
    assert len(await world.winners(draw)) == min(ballots, 1)
    assert kinds(await logged(world)).count(("result", 1)) == 1


async def test_nobody_changes_or_removes_a_record(world: "World") -> None:
    await world.reconcile()
    for table in ("log_records", "checkpoints"):
        for statement in (
            f"DELETE FROM {table}",
            f"UPDATE {table} SET {'body' if table == 'log_records' else 'note'} = ''",
        ):
            with pytest.raises(DBAPIError, match="only ever added to"):
                await world.run(statement)


async def test_a_draw_has_no_second_result(world: "World") -> None:
    world.now = world.midnight
    await world.reconcile()
    world.wait(days=1)
    await world.reconcile()
    with pytest.raises(DBAPIError, match="uq_log_records_of_draw"):
        await world.run(
            "INSERT INTO log_records (position, kind, lottery_id, number, body) "
            "SELECT 999, kind, lottery_id, number, body FROM log_records WHERE kind = 'result'"
        )


# When something is wrong


async def test_with_another_secret_nothing_is_drawn_and_operators_hear_of_it(world: "World") -> None:
    await world.submit()
    await world.reconcile()
    lose_the_secret(world)
    world.now = world.midnight
    with capture_logs() as logs:
        assert await world.reconcile() == []
    assert {entry["log_level"] for entry in logs} == {"warning", "error"}
    assert [entry["number"] for entry in logs if entry.get("reason") == "secret_mismatch"] == [1]
    draw = await world.draw("2026-11-20")
    assert (draw.drawn_at, draw.close_id is None) == (None, False), "its ballots are frozen on time all the same"


async def test_a_new_chain_begins_in_the_open_when_the_secret_is_lost(world: "World") -> None:
    await world.submit()
    await world.reconcile()
    lose_the_secret(world)
    world.now = world.midnight + timedelta(hours=1)
    async with world.resources.sessions.begin() as session:
        first = await Intervention(session, world.resources.settings, OPERATOR).rekey("daily", "a lost disk", world.now)
    assert first == 2
    log = await logged(world)
    assert kinds(log)[2:] == [("void", 1), ("rekey", 2)]
    assert log[2][2]["reason"] == log[3][2]["reason"] == "a lost disk"
    world.wait(days=1)
    [held] = await world.reconcile()
    assert (held.number, held.state) == (2, "drawn")
    results = [record for kind, _, record in await logged(world) if kind == "result"]
    assert before(2, bytes.fromhex(results[0]["seed"])).hex() == log[3][2]["seed_commit"]


async def test_a_chain_that_comes_to_its_end_is_followed_by_the_next(
    world: "World", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.domain.lottery.services.chains.CHAIN_LENGTH", 2)
    for _ in range(6):
        await world.reconcile()
        world.wait(days=1)
    log = await logged(world)
    assert [number for kind, number, _ in log if kind == "rekey"] == [4]
    assert [number for kind, number, _ in log if kind == "result"] == [1, 2, 3, 4, 5]


async def test_a_void_draw_says_why_takes_no_ballots_and_holds_nothing_back(world: "World") -> None:
    await world.submit()
    await world.reconcile()
    async with world.resources.sessions.begin() as session:
        intervention = Intervention(session, world.resources.settings, OPERATOR)
        for _ in range(2):
            draw = await intervention.void("daily", "1", "a rehearsal", world.now)
    assert (draw.state, draw.winners, draw.voided_at) == ("void", [], world.now)
    with pytest.raises(DrawClosed):
        await world.submit(world.today)
    world.now = world.midnight + DAY
    assert [held.number for held in await world.reconcile()] == [2]
    log = await logged(world)
    assert kinds(log) == [
        ("genesis", 1),
        ("open", 1),
        ("void", 1),
        ("open", 2),
        ("close", 2),
        ("result", 2),
        ("open", 3),
    ]
    assert (log[2][2]["reason"], log[2][2]["close_id"]) == ("a rehearsal", None)
    async with world.resources.sessions() as session:
        [entry] = await Audit(session=session).entries(limit=5)
        assert (entry.action, entry.details, entry.subject_kind) == ("void_draw", {"reason": "a rehearsal"}, "draw")
        assert await Audit(session=session).has(OPERATOR, "void_draw", Subject("draw", entry.subject_id))


async def test_what_has_been_drawn_cannot_be_undone(world: "World") -> None:
    await world.submit()
    world.now = world.midnight
    await world.reconcile()
    async with world.resources.sessions.begin() as session:
        with pytest.raises(DrawHeld):
            await Intervention(session, world.resources.settings, OPERATOR).void("daily", "1", "regret", world.now)


async def test_draws_of_a_version_before_the_log_stay_as_they_are(world: "World") -> None:
    world.now = world.midnight + DAY
    await world.run(
        "INSERT INTO lotteries (name, cadence, zone, prizes, created_at) VALUES ('daily','daily','UTC',1,now())"
    )
    await world.run(
        "INSERT INTO draws (lottery_id, number, period, date, zone, prizes, opens_at, closes_at, drawn_at) "
        "SELECT id, 1, '2026-11-20', '2026-11-20', 'UTC', 1, now(), '2026-11-21', '2026-11-21' FROM lotteries"
    )
    await world.reconcile()
    log = await logged(world)
    assert kinds(log)[:2] == [("genesis", 2), ("open", 2)]
    assert log[1][2]["seed_commit"] != log[0][2]["seed_commit"]
    assert before(1, bytes.fromhex(log[1][2]["seed_commit"])).hex() == log[0][2]["seed_commit"]
