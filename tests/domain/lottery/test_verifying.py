"""What the server gives out passes the verifier, which was written without it: two readings of one page agree."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from app.domain.audit.services import OPERATOR
from app.domain.lottery.models import Draw
from app.domain.lottery.schemas import Consistency, SubmittedBallots
from app.domain.lottery.services.intervening import Intervention
from app.domain.lottery.services.log import Log, key_of
from app.domain.lottery.services.own import OwnBallots
from app.domain.lottery.services.proofs import transcript, whole_log
from app.fairdraw import verifier

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
Verify = Callable[..., str]


@pytest.fixture
def verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Verify:
    """What the verifier says of files that hold."""

    def run(world: "World", *files: bytes) -> str:
        paths = [tmp_path / str(number) for number in range(len(files))]
        for path, file in zip(paths, files, strict=True):
            path.write_bytes(file)
        key = key_of(world.resources.settings).verifier_key
        code = verifier.main([*map(str, paths), "--key", key], "verifier.py")
        said = capsys.readouterr()
        assert (code, said.err) == (0, "")
        return said.out

    return run


async def whole(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def log_of(world: "World") -> bytes:
    return await whole(whole_log(world.resources.sessions))


async def transcripts_of(world: "World") -> list[bytes]:
    drawn = select(Draw).where(Draw.drawn_at.is_not(None), Draw.close_id.is_not(None)).order_by(Draw.id)
    async with world.resources.sessions() as session:
        draws = list(await session.scalars(drawn))
    return [await whole(transcript(world.resources.sessions, draw)) for draw in draws]


async def ballot_of(world: "World", ballot_id: UUID) -> bytes:
    async with world.resources.sessions() as session:
        file = await OwnBallots(session=session).file(world.ann.id, ballot_id, world.resources.settings)
    return msgspec.json.encode(file)


async def consistency_of(world: "World", old: int, new: int) -> bytes:
    async with world.resources.sessions() as session:
        log = Log(session=session)
        path = [hashed.hex() for hashed in await log.consistency(old, new)]
        return msgspec.json.encode(Consistency(old=await log.checkpoint(old), new=await log.checkpoint(new), path=path))


def lose_the_secret(world: "World") -> None:
    other = world.resources.settings.model_copy(update={"draw_secret": SecretStr("ab" * 32)})
    other.__dict__.pop("seed_secret")  # The copy has what was derived from the one before.
    world.resources = replace(world.resources, settings=other)


async def days(world: "World", count: int) -> list[SubmittedBallots]:
    submitted = []
    for _ in range(count):
        await world.reconcile()
        submitted.append(await world.submit(count=3))
        submitted.append(await world.submit(world.today + DAY))
        world.wait(days=1)
    await world.reconcile()
    return submitted


async def test_draws_and_the_ballots_in_them(world: "World", verify: Verify) -> None:
    *submitted, _ = await days(world, 3)
    ballots = [await ballot_of(world, ballot.id) for one in submitted for ballot in one.ballots]
    files = await transcripts_of(world)
    said = verify(world, await log_of(world), *files, *ballots)
    assert len(files) == 3
    assert said.count("its open, close and result are in the log\n") == 3
    assert said.count("the ballot is in the transcript, and won prize 1\n") == 3
    assert said.count(f"it belongs to user {world.ann.id}\n") == len(ballots) == 11
    assert said.count("the close is in the log\n") == 11


async def test_the_receipts_that_are_given_at_once(world: "World", verify: Verify) -> None:
    submitted = await world.submit(count=2)
    verify(world, *(msgspec.json.encode(ballot.receipt) for ballot in submitted.ballots))
    before = await ballot_of(world, submitted.ballots[1].id)
    assert b'"inclusion":null' in before
    verify(world, before)


async def test_every_checkpoint_and_every_proof_between_two(world: "World", verify: Verify) -> None:
    await days(world, 2)
    async with world.resources.sessions() as session:
        size = await Log(session=session).size()
        notes = [(await Log(session=session).checkpoint(n)).encode() for n in range(1, size + 1)]
    proofs = [await consistency_of(world, old, new) for new in range(1, size + 1) for old in range(1, new + 1)]
    assert verify(world, await log_of(world), *notes).count("the log begins with these") == size
    assert verify(world, *proofs).count("the new log begins with the old one\n") == len(proofs)


async def test_several_lotteries_in_one_log(world: "World", verify: Verify) -> None:
    world.set(minute_lottery=True)
    for _ in range(3):
        await world.reconcile()
        await world.submit(lottery="minute", count=2)
        world.wait(minutes=1)
    await world.reconcile()
    said = verify(world, await log_of(world), *await transcripts_of(world))
    assert 'draw 1 of "minute": level 0, 2 ballots' in said


async def test_a_draw_that_is_void_and_one_after_days_of_standstill(world: "World", verify: Verify) -> None:
    await days(world, 1)
    async with world.resources.sessions.begin() as session:
        await Intervention(session, world.resources.settings, OPERATOR).void("daily", "2", "a rehearsal", world.now)
    world.wait(days=4)
    await world.reconcile()
    said = verify(world, await log_of(world), *await transcripts_of(world))
    assert 'draw 2 of "daily": void, "a rehearsal"\n' in said
    assert 'draw 5 of "daily": level 0' in said


async def test_a_new_chain_after_the_secret_was_lost(world: "World", verify: Verify) -> None:
    await days(world, 2)
    lose_the_secret(world)
    world.wait(days=1)
    await world.reconcile()
    async with world.resources.sessions.begin() as session:
        await Intervention(session, world.resources.settings, OPERATOR).rekey("daily", "a lost disk", world.now)
    await days(world, 2)
    said = verify(world, await log_of(world), *await transcripts_of(world))
    assert '"daily": a new chain from draw ' in said


async def test_a_chain_that_came_to_its_end(world: "World", verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.domain.lottery.services.chains.CHAIN_LENGTH", 2)
    await days(world, 6)
    assert '"daily": a new chain from draw 4 on' in verify(world, await log_of(world), *await transcripts_of(world))
