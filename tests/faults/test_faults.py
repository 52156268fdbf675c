"""A whole Parlour under load, hit by every fault: the guarantee holds, and it is back in ten seconds.

Two API processes, two workers' managers, a scheduler, and servers of their own. What an invariant says, and how a
violation of it is found, is in `checker`. `make chaos` strikes again and again.
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from tests.faults.checker import violations
from tests.faults.history import History
from tests.faults.nemesis import Fault, Nemesis
from tests.faults.rig import Rig

pytestmark = pytest.mark.anyio
Choose = Callable[[Nemesis], list[Fault]]


async def endure(rig: Rig, choose: Choose, directory: Path) -> None:
    seed = secrets.token_hex(4)
    history = History(directory / "history.jsonl")
    try:
        evidence = await rig.run(seed, choose(Nemesis(rig.stack, Random(seed))), history)  # noqa: S311  repeatable
    finally:
        history.close()
    assert not violations(evidence), f"seed {seed}; the history is in {directory}"
    assert evidence.messages, "nobody said anything"


async def test_all_workers_killed_store_everything_once(rig: Rig, tmp_path: Path) -> None:
    await endure(rig, lambda nemesis: [nemesis.kill_workers()], tmp_path)


async def test_a_wiped_redis_costs_nothing_that_was_acknowledged(rig: Rig, tmp_path: Path) -> None:
    await endure(rig, lambda nemesis: [nemesis.wipe_redis()], tmp_path)


@pytest.mark.slow
async def test_a_killed_redis_comes_back_and_all_with_it(rig: Rig, tmp_path: Path) -> None:
    await endure(rig, lambda nemesis: [nemesis.kill_redis()], tmp_path)


async def test_a_killed_postgres_comes_back_and_all_with_it(rig: Rig, tmp_path: Path) -> None:
    await endure(rig, lambda nemesis: [nemesis.kill_postgres(), nemesis.stop_postgres_at_once()], tmp_path)


@pytest.mark.slow
async def test_clients_of_a_killed_api_process_go_on_with_the_other_one(rig: Rig, tmp_path: Path) -> None:
    await endure(rig, lambda nemesis: [nemesis.kill_web()], tmp_path)


@pytest.mark.slow
async def test_a_frozen_worker_is_taken_over_by_its_twin(rig: Rig, tmp_path: Path) -> None:
    """Longer than the removal of a member may take, too: the visitor leaves with an open socket meanwhile."""
    await endure(rig, lambda nemesis: [nemesis.freeze_worker()], tmp_path)


@pytest.mark.slow
async def test_nobody_who_talks_or_plays_misses_the_scheduler(rig: Rig, tmp_path: Path) -> None:
    await endure(rig, lambda nemesis: [nemesis.kill_schedulers()], tmp_path)
