"""What the server hands out passes the verifier, which shares nothing with it but docs/fairdraw-format.md."""

import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.domain.lottery.table import BEFORE_ROUND_1000, MARGIN, ROUND_1000, Table

from app.domain.audit.services import OPERATOR
from app.domain.lottery.services.intervening import Intervention
from app.domain.lottery.services.log import Log, key_of
from app.domain.lottery.services.own import OwnBallots
from app.domain.lottery.services.proofs import transcript, whole_log
from app.domain.lottery.services.results import Results
from app.fairdraw import verifier

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


class Shelf:
    """Files as somebody downloads them, and what the verifier says about them."""

    def __init__(self, world: "World", directory: Path) -> None:
        self._world = world
        self._directory = directory
        self.key = key_of(world.resources.settings).verifier_key

    async def transcript(self, number: int, lottery: str = "daily") -> str:
        async with self._world.resources.sessions() as session:
            draw = await Results(session=session).held_draw(lottery, str(number))
        pieces = [piece async for piece in transcript(self._world.resources.sessions, draw)]
        return self.put(f"draw-{number}.json", b"".join(pieces))

    async def ballots(self) -> list[str]:
        resources, me = self._world.resources, self._world.ann.id
        async with resources.sessions() as session:
            own = OwnBallots(session=session)
            page = await own.page(me, self._world.now, lottery=None, day=None, before=None, limit=100)
            files = [await own.file(me, ballot.id, resources.settings) for ballot in page.ballots]
        return [self.put(f"ballot-{n}.json", msgspec.json.encode(file)) for n, file in enumerate(files)]

    async def log(self) -> str:
        return self.put("log.json", b"".join([piece async for piece in whole_log(self._world.resources.sessions)]))

    async def checkpoint(self) -> str:
        async with self._world.resources.sessions() as session:
            log = Log(session=session)
            size = await log.size()
            return self.put(f"checkpoint-{size}.txt", (await log.checkpoint(size)).encode())

    def verify(self, *arguments: str) -> tuple[int, str]:
        """As anybody runs it: the file alone, in a Python that knows nothing of ours."""
        ran = subprocess.run(  # noqa: S603  our own file
            [sys.executable, "-I", verifier.__file__, *arguments, "--key", self.key],
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.returncode, ran.stdout + ran.stderr

    def put(self, name: str, content: bytes) -> str:
        file = self._directory / name
        file.write_bytes(content)
        return str(file)


@pytest.fixture
def shelf(world: "World", tmp_path: Path) -> Shelf:
    return Shelf(world, tmp_path)


async def test_a_draw_and_all_ballots_for_it_verify(world: "World", shelf: Shelf) -> None:
    ben = await world.join("ben")
    for n in range(300):
        await world.submit(user=ben if n % 3 else None)
    await world.run("UPDATE draws SET prizes = 5")
    world.now = world.midnight
    await world.reconcile()
    ballots = await shelf.ballots()
    assert len(ballots) == 100
    code, said = shelf.verify(await shelf.transcript(1), *ballots)
    assert code == 0, said
    assert said.count("\n  prize ") == 5


async def test_the_ballot_of_a_draw_to_come_verifies_as_a_receipt(world: "World", shelf: Shelf) -> None:
    await world.submit()
    [ballot] = await shelf.ballots()
    code, said = shelf.verify(ballot)
    assert code == 0, said


async def test_a_week_with_everything_that_can_happen_verifies_from_genesis_to_the_end(
    world: "World", shelf: Shelf
) -> None:
    kept = []
    for day in range(6):
        if day:
            await world.submit(count=day)
        await world.reconcile()
        kept.append(await shelf.checkpoint())
        if day in {2, 4}:
            async with world.resources.sessions.begin() as session:
                intervention = Intervention(session, world.resources.settings, OPERATOR)
                if day == 2:
                    await intervention.void("daily", "3", "a rehearsal", world.now)
                else:
                    await intervention.rekey("daily", "the secret was seen", world.now)
        world.wait(days=1)
    world.wait(days=2)
    await world.reconcile()
    transcripts = [await shelf.transcript(number) for number in (1, 2, 4, 6)]
    code, said = shelf.verify("verify-all", await shelf.log(), *transcripts, *kept)
    assert code == 0, said


async def test_another_log_is_refused(world: "World", shelf: Shelf) -> None:
    """One and the same server, begun anew: what was kept of the first log is not in the second."""
    await world.reconcile()
    kept = await shelf.checkpoint()
    world.now = world.midnight
    await world.reconcile()
    assert shelf.verify("verify-all", await shelf.log(), kept)[0] == 0
    await world.run("TRUNCATE log_records, checkpoints, tree_nodes, seed_chains, draws, ballots, lotteries CASCADE")
    world.wait(days=3)
    await world.reconcile()
    world.wait(days=1)
    await world.reconcile()
    code, said = shelf.verify("verify-all", await shelf.log(), kept)
    assert (code, "REFUSED" in said) == (1, True), said


async def hold_draw_2(world: "World", *, dealers: tuple[str, ...], margin: int | None) -> None:
    """Of the minute lottery, of the minute that round 1000 decides where a beacon is declared."""
    world.set(minute_lottery=True)
    world.now = BEFORE_ROUND_1000 - timedelta(minutes=1)
    await world.reconcile()
    table = Table(world, "minute")
    await table.declare_beacon(margin)
    for dealer in dealers:
        await table.seat(dealer)
        await table.commit(dealer, 2)
    world.now = BEFORE_ROUND_1000
    await world.reconcile()
    await world.submit(lottery="minute", count=9)
    world.wait(minutes=1)
    await world.reconcile()
    for dealer in dealers:
        await table.reveal(dealer, 2)
    await table.keep_round(ROUND_1000)
    world.wait(minutes=1)
    await world.reconcile()
    assert (await table.draw(2)).state == "drawn"


@pytest.mark.parametrize(
    ("dealers", "margin", "level"),
    [(("alice", "bob"), None, 1), ((), MARGIN, 2), (("alice",), MARGIN, 2)],
    ids=["dealers", "beacon", "dealers and beacon"],
)
async def test_draws_of_other_levels_verify(
    world: "World", shelf: Shelf, dealers: tuple[str, ...], margin: int | None, level: int
) -> None:
    await hold_draw_2(world, dealers=dealers, margin=margin)
    transcript = await shelf.transcript(2, "minute")
    code, said = shelf.verify("verify-all", await shelf.log(), transcript, *await shelf.ballots())
    assert code == 0, said
    assert f"level {level}: " in said
    assert f"the secrets of {len(dealers)} dealers are what the open commits to" in said


async def test_a_transcript_with_another_secret_or_signature_is_refused(world: "World", shelf: Shelf) -> None:
    await hold_draw_2(world, dealers=("alice",), margin=MARGIN)
    told = await asyncio.to_thread(Path(await shelf.transcript(2, "minute")).read_bytes)
    for part in (msgspec.json.decode(told)["result"]["dealers"][0], ROUND_1000.signature.hex()):
        other = part[:-1] + ("0" if part[-1] != "0" else "1")
        code, said = shelf.verify(shelf.put("changed.json", told.replace(part.encode(), other.encode())))
        assert (code, "REFUSED" in said) == (1, True), said
