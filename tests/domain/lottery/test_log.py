"""The public log, and its proofs."""

import asyncio
from base64 import b64decode
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.domain.lottery.models import Checkpoint, LogRecord, Lottery
from app.domain.lottery.rules import NotInTheLog
from app.domain.lottery.services.log import Log, key_of
from app.fairdraw.tree import Frontier, leaf_hash, node_hash

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio


async def append(world: "World", number: int) -> str:
    async with world.resources.sessions.begin() as session:
        lottery_id = (await session.scalars(select(Lottery.id))).one()
        key = key_of(world.resources.settings)
        return await Log(session=session).append(key, "open", lottery_id, number, {"v": 1, "draw": number})


async def test_records_that_are_written_at_once_stand_one_after_the_other(world: "World") -> None:
    await world.reconcile()
    notes = await asyncio.gather(*(append(world, 100 + n) for n in range(20)))
    async with world.resources.sessions() as session:
        records = (await session.scalars(select(LogRecord).order_by(LogRecord.position))).all()
        kept = (await session.scalars(select(Checkpoint).order_by(Checkpoint.size))).all()
    assert [record.position for record in records] == list(range(22))
    assert set(notes) == {checkpoint.note for checkpoint in kept[2:]}
    frontier = Frontier()
    for record, checkpoint in zip(records, kept, strict=True):
        frontier.append(leaf_hash(record.body.encode()))
        _, size, root, *_ = checkpoint.note.split("\n")
        assert (int(size), b64decode(root)) == (checkpoint.size, frontier.root) == (frontier.size, frontier.root)


async def test_a_record_that_is_not_committed_was_never_there(world: "World") -> None:
    await world.reconcile()
    key = key_of(world.resources.settings)
    async with world.resources.sessions() as session:
        before = await Log(session=session).size()
        await Log(session=session).append(key, "open", 1, 50, {"v": 1})
        await session.rollback()
        assert await Log(session=session).size() == before
    await append(world, 50)


async def test_proofs_lead_to_the_signed_root(world: "World") -> None:
    await world.reconcile()
    for n in range(5):
        await append(world, 100 + n)
    async with world.resources.sessions() as session:
        log = Log(session=session)
        path = await log.inclusion(6, 7)
        records = (await session.scalars(select(LogRecord.body).order_by(LogRecord.position))).all()
    hashes = [leaf_hash(body.encode()) for body in records]
    left = node_hash(node_hash(hashes[0], hashes[1]), node_hash(hashes[2], hashes[3]))
    assert path == [node_hash(hashes[4], hashes[5]), left]


@pytest.mark.parametrize(("of", "size"), [(7, 7), (0, 8), (9, 10)])
async def test_there_is_no_proof_of_what_is_not_in_the_log(world: "World", of: int, size: int) -> None:
    await world.reconcile()
    async with world.resources.sessions() as session:
        log = Log(session=session)
        with pytest.raises(NotInTheLog):
            await log.inclusion(of, size)
        with pytest.raises(NotInTheLog):
            await log.consistency(of + 1, size)
        with pytest.raises(NotInTheLog):
            await log.checkpoint(size)
