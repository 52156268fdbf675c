"""Workers killed while they give seeds to plays: no seed is used up by a play that is not stored, and none is twice."""

import asyncio
import signal

import msgspec
import pytest
from tests.conftest import Newcomer
from tests.fairdraw.checked import check
from tests.faults.struck_worker import Moment
from tests.faults.test_struck_workers import struck

from app.domain.game.games.dice import DiceMove, game
from app.domain.game.schemas.plays import PlayResult
from app.domain.game.services import submitting
from app.domain.game.services.epochs import Epochs
from app.domain.game.services.proofs import Proofs
from app.inbox.accept import Inbox
from app.resources import Resources, running
from app.workers.drains import open_drains, sweep

pytestmark = pytest.mark.anyio
PLAYS = 20


@pytest.mark.parametrize("moment", ["before its commit", "after its commit"])
async def test_a_worker_killed_around_its_commit_gives_each_play_one_seed(
    inbox: Inbox, newcomer: Newcomer, resources: Resources, moment: Moment
) -> None:
    alice = await newcomer("alice")
    async with resources.sessions.begin() as session:
        epoch = await Epochs(session=session).begin(alice, "dice", 1, resources.settings.seed_secret)
    move = DiceMove(side="over", chance=50, epoch=1, nonce="ab" * 32)
    futures = [await submitting.submit(inbox, alice, game, move, f"k{n}") for n in range(PLAYS)]

    async with struck(resources, moment, signal.SIGKILL, alice, "game") as worker:
        assert await worker.wait() == -signal.SIGKILL
    assert not any(future.done() for future in futures)
    async with running(sweep(open_drains(resources).values())), asyncio.timeout(10):
        results = [msgspec.json.decode(await future, type=PlayResult) for future in futures]

    async with resources.sessions() as session:
        file = msgspec.to_builtins(await Proofs(session).of_epoch(alice, "dice", 1))
    assert check(file, epoch.genesis), "a seed went to no play"
    assert [play["n"] for play in file["plays"]] == list(range(1, PLAYS + 1))
    assert [result.proof.n for result in results if result.proof] == list(range(1, PLAYS + 1))
